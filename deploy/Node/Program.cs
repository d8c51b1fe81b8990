using Coordination.Gateway;
using Coordination.Host;
using Coordination.Journal;
using Coordination.Journal.Sqlite;
using Coordination.Node;
using MassTransit;
using Microsoft.AspNetCore.Identity;

var settings = Settings.Read(args);
if (settings is null) return 64;

SqliteStore store;
try
{
    store = await SqliteStore.Open(new() { Folder = settings.Data });
}
catch (JournalUnavailableException exception)
{
    await Console.Error.WriteLineAsync($"{settings.Data}: {exception.Message}");
    return 73;
}

await using (store)
{
    var passwords = await Passwords.Prepare(settings, store.Records);
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
    builder.WebHost.UseUrls(settings.Urls);
    builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("MassTransit", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);
    builder.AddCoordinationSilo(store, options =>
    {
        options.Data = settings.Data;
        options.Demonstration = settings.Demonstration;
        options.DemonstrationPasswordHash = passwords.DemonstrationHash;
        options.Input = Path.Combine(AppContext.BaseDirectory, "input");
    });
    builder.AddCoordinationGateway(options =>
    {
        options.Dashboard = Path.Combine(AppContext.BaseDirectory, "dashboard");
        options.Keys = Path.Combine(settings.Data, "keys");
    });
    builder.UseOrleans(silo => silo.UseOneSilo(settings.SiloPort, settings.ClusterPort));
    builder.Services.AddMassTransit(bus =>
    {
        bus.DisableUsageTelemetry();
        bus.AddSiloConsumers();
        bus.AddGatewayConsumers();
        bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
    });
    builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
    builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
    builder.AddCoordinationRelay();
    builder.AddCoordinationHeartbeat();

    var app = builder.Build();
    app.MapCoordination();
    app.Lifetime.ApplicationStarted.Register(() => Welcome.Print(app, settings, passwords));
    await app.RunAsync();
}

return 0;
