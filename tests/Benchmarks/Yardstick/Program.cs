using Coordination.Yardstick;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

// What a team would write in a week, by the book: the platform is measured against it.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
builder.Services.AddAuthorization();
builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
builder.Services.AddSignalR();
var postgres = builder.Configuration["Postgres"];
if (postgres is not null)
    builder.Services.AddDbContextPool<PlansContext>(options => options.UseNpgsql(postgres));

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapSessions();
if (postgres is not null) app.MapReports();
app.MapBroadcast();
app.MapMemory();
app.MapGet("/health/live", () => "Healthy");
await app.RunAsync();
