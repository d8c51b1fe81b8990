using System.CommandLine;
using System.Net;
using Coordination.Gateway.Http;
using Coordination.Host;
using Coordination.Host.Clustering;
using Coordination.Journal.Postgres;
using Coordination.Node.Bus;
using Coordination.Node.Ops;
using Npgsql;
using Orleans.Serialization;

namespace Coordination.Node.Roles;

/// <summary>One of several silos: decides and remembers, speaks to gateways and other silos, shows operators its health and nothing else.</summary>
public static class SiloRole
{
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(20);

    public static Command Command() => CommandLine.Does(new Command("silo", "a silo of a cluster: needs Postgres, RabbitMq, Ops"), "silo", Run);

    public static async Task<int> Run(Settings settings, CancellationToken cancellation)
    {
        var place = new ClusterPlace(settings.Cluster, settings.Postgres!, settings.Name);
        var broker = settings.Broker()!;
        await broker.Await(settings.Name, Patience.AtStart, cancellation);
        await using var store = await Stores.OpenPostgres(settings, place.Postgres, cancellation);
        await using var members = await Members.Open(place, cancellation);
        var passwords = await Passwords.Prepare(settings, store.Records);
        await using var app = Build(settings, place, settings.Ops!, store, members, passwords);
        return await Running.Run(app, settings);
    }

    /// <summary>What a silo is told, in whatever process it runs.</summary>
    public static Action<SiloOptions> Options(Settings settings, Passwords passwords) => options =>
    {
        options.Data = settings.Data;
        options.Demonstration = settings.Demonstration;
        options.SharedDemonstration = settings.SharedDemonstration;
        options.DemonstrationPasswordHash = passwords.DemonstrationHash;
        options.OpenThings = settings.OpenThings;
        options.HeadsTo = settings.HeadsTo;
        options.SecurityLogKept = TimeSpan.FromDays(settings.SecurityLogDays);
        options.SecurityLogPlacesKept = TimeSpan.FromDays(settings.SecurityLogAddressDays);
        options.Input = Path.Combine(AppContext.BaseDirectory, "input");
    };

    /// <summary>Puts the process together. Store and connections stay the caller's, to be closed after the application.</summary>
    /// <param name="ops">Where operators reach it.</param>
    /// <param name="adjust">Last word on what is registered; for tests.</param>
    public static WebApplication Build(
        Settings settings, ClusterPlace place, string ops, PostgresStore store, NpgsqlDataSource members, Passwords passwords, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = Running.Builder([ops], ToEnd);
        builder.AddTelemetry(settings);
        builder.AddCoordinationSilo(store, Options(settings, passwords));
        builder.UseOrleans(silo =>
        {
            if (settings.Hosting == "kubernetes") silo.UseKubernetesCluster(members);
            else silo.UseCluster(place, members, new(IPAddress.Parse(settings.Address), FreePort.Choose(settings.SiloPort), FreePort.Choose(settings.ClientPort)));
        });
        // Without it whoever asks learns of a database that is away only that its exception cannot be told.
        builder.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedNamespacePrefixes.Add(nameof(Coordination)));
        builder.Services.AddHostedService(services => new Fenced(store, services));
        builder.Services.AddHostedService<CutOff>();
        builder.Services.AddBus(settings, bus => bus.AddSiloConsumers());
        builder.AddCoordinationRelay();
        builder.Services.AddSiloHealth();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseHostNames(settings.OwnNames());
        app.MapMeasures();
        HealthAnswer.Map(app, static _ => true); // operators alone reach it
        app.MapOps(settings);
        return app;
    }
}
