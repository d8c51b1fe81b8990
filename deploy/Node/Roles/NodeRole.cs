using System.CommandLine;
using Coordination.Gateway;
using Coordination.Host;
using Coordination.Journal;
using Coordination.Node.Bus;
using Coordination.Node.Ops;

namespace Coordination.Node.Roles;

/// <summary>Silo and gateway in one process: unless told otherwise with the journal in a folder and messages in memory, nothing else to install.</summary>
public static class NodeRole
{
    public static Command Command() => CommandLine.Does(new Command("node", "silo and gateway in one process (what runs without a command)"), "node", Run);

    public static async Task<int> Run(Settings settings, CancellationToken cancellation)
    {
        if (Running.TakenUrl(settings) is { } taken) throw Running.Taken(taken);
        if (settings.Broker() is { } broker) await broker.Await(settings.Name, Patience.AtStart, cancellation);
        await using var store = await Stores.Open(settings, cancellation);
        var passwords = await Passwords.Prepare(settings, store.Records);
        await using var app = Build(settings, store, passwords);
        app.Lifetime.ApplicationStarted.Register(() => Welcome.Print(app, settings, passwords));
        return await Running.Run(app, settings);
    }

    /// <summary>Puts the process together. The journal stays the caller's, to be closed after the application.</summary>
    /// <param name="adjust">Last word on what is registered; for tests.</param>
    public static WebApplication Build(Settings settings, IStore store, Passwords passwords, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = Running.Builder(settings.ListensAt(), TimeSpan.FromSeconds(10));
        builder.AddTelemetry(settings);
        builder.AddCoordinationSilo(store, SiloRole.Options(settings, passwords));
        builder.AddCoordinationGateway(GatewayRole.Options(settings, Path.Combine(settings.Data, "keys")));
        builder.UseOrleans(silo => silo.UseOneSilo());
        builder.Services.AddBus(settings, bus =>
        {
            bus.AddSiloConsumers();
            bus.AddGatewayConsumers();
        });
        // Hosted services start in this order: views and silo and bus are up before the relay, the import and the viewers.
        builder.AddCoordinationRelay();
        builder.AddCoordinationHeartbeat();
        builder.Services.AddSiloHealth();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.MapCoordination();
        app.MapMeasures();
        app.MapOps(settings);
        return app;
    }
}
