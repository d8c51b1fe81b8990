using Coordination.Gateway;
using Coordination.Host;
using Coordination.Journal;
using MassTransit;

namespace Coordination.Node;

/// <summary>Silo and gateway in one process: the journal in a folder, messages in memory, nothing else to install.</summary>
public static class EmbeddedNode
{
    /// <summary>Puts the process together. The journal stays the caller's, to be closed after the application.</summary>
    /// <param name="adjust">Last word on what is registered; for tests.</param>
    public static WebApplication Build(Settings settings, IStore store, Passwords passwords, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.WebHost.UseUrls(settings.Urls);
        Quieten(builder.Logging);
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
        // Hosted services start in this order: views and silo and bus are up before the relay, the import and the viewers.
        builder.AddCoordinationRelay();
        builder.AddCoordinationHeartbeat();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.MapCoordination();
        return app;
    }

    /// <summary>What remains in the log is what an operator can do something about.</summary>
    private static void Quieten(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("MassTransit", LogLevel.Warning)
        .AddFilter("Polly", LogLevel.Warning)
        .AddFilter("Orleans", LogLevel.Warning)
        // Tells of the collector's mode, which is chosen on purpose.
        .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
        // Takes a slow first second for a deadlock.
        .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
        // Tells that keys lie unencrypted in the data folder, which only its owner can read.
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
        // Tells with each session that it is kept from caches even more strictly than the rest.
        .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
}
