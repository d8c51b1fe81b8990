using Coordination.Gateway.Http;
using Coordination.Host.Relay;
using Coordination.Host.Trust;
using Coordination.Host.Views;
using Coordination.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coordination.Node.Ops;

/// <summary>Whether a silo does its work: each check looks at what has come out of it, and believes nobody's own word.</summary>
internal static class SiloHealth
{
    public static void AddSiloHealth(this IServiceCollection services)
    {
        services.AddSingleton<RelayCheck>();
        services.AddHealthChecks()
            .AddCheck<JournalCheck>("journal", tags: [HealthAnswer.Tag], timeout: HealthAnswer.Within)
            .AddCheck<ClusterCheck>("cluster", tags: [HealthAnswer.Tag], timeout: HealthAnswer.Within)
            .AddCheck<ViewsCheck>("views", tags: [HealthAnswer.Tag], timeout: HealthAnswer.Within)
            .AddCheck<RelayCheck>("broker", tags: [HealthAnswer.Tag], timeout: HealthAnswer.Within);
    }

    private static HealthCheckResult Is(bool ready, string text) => ready ? HealthCheckResult.Healthy(text) : HealthCheckResult.Unhealthy(text);

    /// <summary>It answers, and what is kept is what was written, as far as anyone has found.</summary>
    private sealed class JournalCheck(IJournal journal, JournalTrust trust) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var head = await journal.ReadHead(cancellationToken).WaitAsync(cancellationToken);
            return await trust.Ask(cancellationToken).WaitAsync(cancellationToken) is { } found
                ? Is(false, $"{found} Nothing is written to the journal any more; it can be read.")
                : Is(true, $"The journal ends at position {head.Position}, and was verified up to {trust.Checked}.");
        }
    }

    private sealed class ClusterCheck(ISiloStatusOracle members) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Is(
            members.CurrentStatus == SiloStatus.Active,
            $"This silo is {members.CurrentStatus}; {members.GetApproximateSiloStatuses(onlyActive: true).Count} are active."));
    }

    private sealed class ViewsCheck(IJournal journal, World world) : IHealthCheck
    {
        /// <summary>Entries that a busy platform writes in a fraction of a second.</summary>
        private const long Lag = 10_000;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (world.Stopped is { } reason) return Is(false, reason);
            if (world.Views.Where(static view => view.Fault is not null).Select(static view => $"The view '{view.Name}' stopped at position {view.Position}.").ToList() is { Count: > 0 } stopped)
                return Is(false, string.Join(' ', stopped));
            var (head, position) = ((await journal.ReadHead(cancellationToken).WaitAsync(cancellationToken)).Position, world.Position);
            return Is(head - position <= Lag, $"Views stand at {position} of {head}.");
        }
    }

    /// <summary>
    /// Messages go out: the place that the relay notes, wherever it runs, moves while there is something to say. The bus would
    /// call itself well while it waits for a broker that is away.
    /// </summary>
    private sealed class RelayCheck(IJournal journal, IViewStore views, Relay relay, Leadership leadership, TimeProvider time) : IHealthCheck
    {
        private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(15);
        private readonly Lock _lock = new();
        private long _noted = -1;
        private long _wanted;
        private long _since;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var head = (await journal.ReadHead(cancellationToken).WaitAsync(cancellationToken)).Position;
            var noted = leadership.IsHeld ? relay.Published : (await views.Marks(cancellationToken).WaitAsync(cancellationToken)).GetValueOrDefault(Relay.Mark, ViewMark.None).Position;
            var waits = relay.Waiting is { } waiting && leadership.IsHeld ? waiting : StandsStill(noted, head);
            var text = $"Messages are out up to {noted} of {head}{(leadership.IsHeld ? ", sent by this silo" : "")}.";
            return waits < Stuck ? Is(true, text) : Is(false, $"{text} The next one has waited for {waits.TotalSeconds:0} s.");
        }

        /// <summary>How long, as far as seen from here, the place has not moved though there was more to say.</summary>
        private TimeSpan StandsStill(long noted, long head)
        {
            lock (_lock)
            {
                if (noted != _noted || noted >= _wanted) (_noted, _wanted, _since) = (noted, head, time.GetTimestamp());
                return noted >= _wanted ? TimeSpan.Zero : time.GetElapsedTime(_since);
            }
        }
    }
}
