using Coordination.Host.Accounts;
using Coordination.Host.Clustering;
using Coordination.Host.Grains;
using Coordination.Host.Import;
using Coordination.Host.Reactors;
using Coordination.Host.Relay;
using Coordination.Host.Reminders;
using Coordination.Host.Security;
using Coordination.Host.Sentences;
using Coordination.Host.Trust;
using Coordination.Host.Views;
using MassTransit;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Coordination.Host;

/// <summary>What makes a process a silo.</summary>
public static class SiloHosting
{
    /// <summary>
    /// Adds what a silo consists of. The journal is opened before and given in <paramref name="store"/>, so that one that
    /// cannot be used is told of before anything else starts.
    /// </summary>
    public static IHostApplicationBuilder AddCoordinationSilo(this IHostApplicationBuilder builder, IStore store, Action<SiloOptions> configure)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<SiloOptions, SiloOptionsValidator>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        // Where other silos' grains are. The default of a million takes 19 MB before there is one.
        services.Configure<Orleans.Configuration.GrainDirectoryOptions>(options => options.CacheSize = 50_000);
        services.AddSingleton(store.Journal);
        services.AddSingleton(store.Records);
        services.AddSingleton(store.Inboxes);
        services.AddSingleton(store.Outbox);
        services.AddSingleton(store.Events);
        services.AddSingleton(store.Views);
        services.AddSingleton(store.Leases);
        services.AddSingleton(store.Secret);
        services.AddSingleton(store.Trust);
        services.AddSingleton<JournalTrust>();
        services.AddSingleton<HeadSigner>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Heads>(provider, store));
        // Before everything else: nothing is appended until it has looked.
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<StartCheck>(provider, store));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ChainWatch>(provider, store));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HeadSender>(provider, store));
        services.AddSingleton<Names>();
        services.AddSingleton<AccountRecords>();
        services.AddSingleton<Claims>();
        services.AddPlatformViews();
        services.AddSingleton(provider => new World(provider.GetRequiredService<Names>(), provider.GetRequiredService<TimeProvider>(), provider.GetServices<ViewKind>())
        {
            MostOpen = OpenThings.Most.Times(provider.GetRequiredService<IOptions<SiloOptions>>().Value.OpenThings),
            IsSearched = true,
        });
        services.AddSingleton<IThings>(provider => provider.GetRequiredService<World>());
        services.AddSingleton<ReadYourWrites>();
        services.AddSingleton(_ => Catalogues.Embedded);
        services.AddSingleton<Translator>();
        services.AddSingleton<FactReader>();
        services.AddSingleton<FeedEntryFormatter>();
        services.AddSingleton<Histories>();
        services.AddSingleton<ReportPages>();
        services.AddSingleton<FeedReader>();
        services.AddSingleton<ViewSeals>();
        services.AddSingleton<SealedViews>();
        services.AddSingleton<ViewFilling>();
        services.AddSingleton<FeedIndex>();
        services.AddSingleton<MessageBuilder>();
        services.AddSingleton<JournalWalk>();
        services.AddSingleton<PlanPages>();
        services.AddSingleton<PlanLists>();
        services.AddSingleton<Search.SearchPages>();
        services.AddSingleton<LeftOpenPages>();
        services.AddSingleton<BodyPages>();
        services.AddSingleton<RequestPages>();
        services.AddSingleton<Clocks>();
        services.AddSingleton<Deciding>();
        services.AddSingleton<Witnesses>();
        services.AddSingleton<Folding>();
        services.AddSingleton<Messages>();
        services.AddSingleton<IChanges>(provider => provider.GetRequiredService<Messages>());
        services.AddSingleton<IDoorbell, BusDoorbell>();
        services.AddPipelines();
        services.AddSingleton<InboxProgress>();
        services.AddSingleton<InboxReactor>();
        services.AddHosted<Follower>();
        return builder;
    }

    /// <summary>What runs only when the silo and the bus are up: to be added after both.</summary>
    public static IHostApplicationBuilder AddCoordinationRelay(this IHostApplicationBuilder builder)
    {
        // What was checked is kept when nothing is written any more but while the silo may; who leads is given back before that, and after everything else.
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ChainWatch>());
        builder.Services.AddHosted<Leadership>().AddHosted<Relay.Relay>().AddHosted<InboxWatch>().AddHosted<Reactors.Reactors>().AddHosted<OutboxWatch>().AddHosted<Keeping>().AddHosted<ViewKeeper>().AddHosted<ClockWatch>().AddHosted<SecurityLogKeeper>().AddHosted<ClaimsAtStart>().AddHosted<Importer>().AddHosted<TrustWatch>().AddHosted<Gauges>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<HeadSender>());
        return builder;
    }

    /// <summary>Adds what must follow from facts.</summary>
    public static IServiceCollection AddReactor<T>(this IServiceCollection services) where T : class, IReactor => services.AddSingleton<IReactor, T>();

    /// <summary>Adds a way out of the platform.</summary>
    public static IServiceCollection AddChannel<T>(this IServiceCollection services) where T : class, IChannel => services.AddSingleton<IChannel, T>();

    /// <summary>The silo's consumers on the bus.</summary>
    public static void AddSiloConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<InboxConsumer, InboxConsumerDefinition>();

    /// <summary>A single silo, which only the process that it is in reaches: whoever could speak to it would be the platform itself.</summary>
    public static ISiloBuilder UseOneSilo(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IReminderTable, ReminderTable>();
        // Its port is a part of its name, and nobody listens there.
        silo.UseLocalhostClustering(siloPort: 1, gatewayPort: 0).AddReminders().AddActivityPropagation();
        foreach (var listening in silo.Services.Where(service => service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory)).ToList())
        {
            silo.Services.Remove(listening);
            silo.Services.AddKeyedSingleton<IConnectionListenerFactory>(listening.ServiceKey, (_, _) => new NoListener());
        }

        return silo;
    }

    /// <summary>A service that runs and that others ask.</summary>
    private static IServiceCollection AddHosted<T>(this IServiceCollection services) where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
