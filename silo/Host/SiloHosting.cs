using System.ComponentModel.DataAnnotations;
using Coordination.Host.Grains;
using Coordination.Host.Import;
using Coordination.Host.Relay;
using Coordination.Host.Reminders;
using Coordination.Host.Views;
using Coordination.Journal.Sqlite;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Coordination.Host;

/// <summary>What makes a process a silo.</summary>
public static class SiloHosting
{
    /// <summary>
    /// Adds what a silo consists of. The journal is opened before and given in <paramref name="store"/>, so that a folder that
    /// cannot be used is told of before anything else starts.
    /// </summary>
    public static IHostApplicationBuilder AddCoordinationSilo(this IHostApplicationBuilder builder, SqliteStore store, Action<SiloOptions> configure)
    {
        var services = builder.Services;
        services.AddOptions<SiloOptions>().Configure(configure)
            .Validate(options => Validator.TryValidateObject(options, new(options), null, validateAllProperties: true), "The silo's options are out of bounds.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(store.Journal);
        services.AddSingleton(store.Records);
        services.AddSingleton(store.Inboxes);
        services.AddSingleton(provider => new World(provider.GetRequiredService<IOptions<SiloOptions>>().Value.Demonstration, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Teller>();
        services.AddSingleton<Courier>();
        services.AddSingleton<JournalWalk>();
        services.AddSingleton<PlanPages>();
        services.AddSingleton<BodyPages>();
        services.AddSingleton<RequestPages>();
        services.AddSingleton<Deciding>();
        services.AddSingleton<InboxProgress>();
        services.AddSingleton<Follower>();
        services.AddHostedService(provider => provider.GetRequiredService<Follower>());
        return builder;
    }

    /// <summary>What runs only when the silo and the bus are up: to be added after both.</summary>
    public static IHostApplicationBuilder AddCoordinationRelay(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHostedService<Relay.Relay>();
        builder.Services.AddHostedService<Importer>();
        builder.Services.AddHostedService<InboxFlush>();
        return builder;
    }

    /// <summary>The silo's consumers on the bus.</summary>
    public static void AddSiloConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<InboxConsumer, InboxConsumerDefinition>();

    /// <summary>A single silo that listens to nobody but this machine.</summary>
    public static ISiloBuilder UseOneSilo(this ISiloBuilder silo, int siloPort, int gatewayPort)
    {
        silo.Services.AddSingleton<IReminderTable, ReminderTable>();
        return silo.UseLocalhostClustering(siloPort, gatewayPort).AddReminders().AddActivityPropagation();
    }

    /// <summary>Notes at a clean stop how far inboxes have come, so that the next start delivers nothing again.</summary>
    private sealed class InboxFlush(InboxProgress progress) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => progress.Flush();
    }
}
