using System.CommandLine;
using Coordination.Gateway;
using Coordination.Gateway.Http;
using Coordination.Host.Clustering;
using Coordination.Node.Bus;
using Npgsql;
using Orleans.Serialization;

namespace Coordination.Node.Roles;

/// <summary>One of several gateways: HTTP and SignalR for people and systems. Keeps nothing; what it knows it asks the silos.</summary>
public static class GatewayRole
{
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(20);

    public static Command Command() => CommandLine.Does(new Command("gateway", "a gateway of a cluster: needs Postgres (to find the silos), RabbitMq"), "gateway", Run);

    public static async Task<int> Run(Settings settings, CancellationToken cancellation)
    {
        if (Running.TakenUrl(settings) is { } taken) throw Running.Taken(taken);
        var place = new ClusterPlace(settings.Cluster, settings.Postgres!, settings.Name);
        await using var members = await Members.Open(place, cancellation);
        var broker = settings.Broker()!;
        await broker.Await(settings.Name, Patience.AtStart, cancellation);
        await using var app = Build(settings, place, members);
        return await Running.Run(app, settings);
    }

    /// <summary>What a gateway is told, in whatever process it runs.</summary>
    /// <param name="settings">Where it is to be reached.</param>
    /// <param name="keys">Folder of the keys for cookies; null where they stand with the silos.</param>
    public static Action<GatewayOptions> Options(Settings settings, string? keys) => options =>
    {
        options.Proxy = settings.BelievedProxy();
        options.Hosts = [.. settings.OwnNames()];
        options.Bounds = settings.Alone();
        options.OpsPort = settings.Ops is { } ops && BindingAddress.Parse(ops).Port is > 0 and var port ? port : null;
        options.Dashboard = Path.Combine(AppContext.BaseDirectory, "dashboard");
        options.Keys = keys;
    };

    /// <summary>Puts the process together. The connections stay the caller's, to be closed after the application.</summary>
    /// <param name="adjust">Last word on what is registered; for tests.</param>
    public static WebApplication Build(Settings settings, ClusterPlace place, NpgsqlDataSource members, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = Running.Builder(settings.ListensAt(), ToEnd);
        builder.AddTelemetry(settings);
        builder.AddCoordinationGateway(Options(settings, keys: null) + (options => options.OpsPortAlone = true));
        builder.UseOrleansClient(client =>
        {
            client.UseCluster(place, members);
            var patience = new Patience($"A silo of the cluster '{settings.Cluster}'", Patience.AtStart);
            client.UseConnectionRetryFilter(async (exception, stopping) =>
            {
                await patience.OrGiveUp(exception.Message);
                await Task.Delay(Patience.Pause, TimeProvider.System, stopping);
                return true;
            });
        });
        builder.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedNamespacePrefixes.Add(nameof(Coordination)));
        builder.Services.AddBus(settings, bus => bus.AddGatewayConsumers());
        builder.AddCoordinationHeartbeat();
        builder.Services.AddSingleton<Leaving>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Leaving>());
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.Use(app.Services.GetRequiredService<Leaving>().Tell);
        app.MapCoordination();
        app.MapMeasures();
        return app;
    }
}
