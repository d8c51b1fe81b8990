using Coordination.Host.Reactors;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Retry;

namespace Coordination.Host;

/// <summary>
/// How often and how long is tried what may fail, by name. Polly logs and counts each attempt under that name (meter <c>Polly</c>), so none of it
/// is told a second time where it is used.
/// </summary>
public static class Pipelines
{
    /// <summary>What reads or writes the journal and can wait: tried again each second for as long as it is away.</summary>
    public const string Journal = "journal";

    /// <summary>A message on its way to the broker: given up after five seconds and sent again a second later, for ever. Some transports wait in silence.</summary>
    public const string Bus = "bus";

    /// <summary>One attempt of a sender: three tries of half a minute, some seconds apart. Longer pauses are the outbox's.</summary>
    public const string Channel = "channel";

    /// <summary>A reactor that failed, on its own: tried again after a second, and later each minute.</summary>
    public const string Reactor = "reactor";

    /// <summary>Signed heads on their way outside: each attempt for half a minute, again and again, in the end each minute. Nothing else waits for them.</summary>
    public const string Heads = "heads";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddPipelines(this IServiceCollection services) => services
        .AddResiliencePipeline(Journal, pipeline => pipeline.AddRetry(new()
        {
            Name = Journal,
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = new PredicateBuilder().Handle<JournalUnavailableException>().Handle<OvertakenException>(),
            // Whoever was overtaken asks where things stand by now, and goes on from there.
            DelayGenerator = static attempt => ValueTask.FromResult<TimeSpan?>(attempt.Outcome.Exception is OvertakenException ? TimeSpan.Zero : Pause),
        }))
        .AddResiliencePipeline(Bus, pipeline => pipeline
            .AddRetry(Forever(Bus, DelayBackoffType.Constant))
            .AddTimeout(TimeSpan.FromSeconds(5)))
        .AddResiliencePipeline(Channel, pipeline => pipeline
            .AddRetry(new() { Name = Channel, MaxRetryAttempts = 2, Delay = Pause, BackoffType = DelayBackoffType.Exponential, UseJitter = true })
            .AddTimeout(TimeSpan.FromSeconds(30)))
        .AddResiliencePipeline(Heads, pipeline => pipeline
            .AddRetry(Forever(Heads, DelayBackoffType.Exponential))
            .AddTimeout(TimeSpan.FromSeconds(30)))
        .AddResiliencePipeline(Reactor, pipeline => pipeline.AddRetry(Forever(Reactor, DelayBackoffType.Exponential)));

    private static RetryStrategyOptions Forever(string name, DelayBackoffType backoff) => new()
    {
        Name = name,
        MaxRetryAttempts = int.MaxValue,
        Delay = Pause,
        MaxDelay = TimeSpan.FromMinutes(1),
        BackoffType = backoff,
        // A cancellation that nobody here asked for is a fault like any other: a transport that waits for its connection ends so.
        ShouldHandle = static attempt => new(attempt.Outcome.Exception is not null && !attempt.Context.CancellationToken.IsCancellationRequested),
    };

    /// <summary>Does something that answers through a pipeline.</summary>
    internal static Task<T> Through<T>(this ResiliencePipeline pipeline, Func<Task<T>> action, CancellationToken cancellation) =>
        pipeline.ExecuteAsync(static async (action, _) => await action(), action, cancellation).AsTask();

    /// <summary>Does something through a pipeline that ends attempts which take too long.</summary>
    internal static Task Through(this ResiliencePipeline pipeline, Func<CancellationToken, Task> action, CancellationToken cancellation) =>
        pipeline.ExecuteAsync(static async (action, ending) => await action(ending), action, cancellation).AsTask();

    /// <summary>Does something through a pipeline.</summary>
    internal static Task Through(this ResiliencePipeline pipeline, Func<Task> action, CancellationToken cancellation) =>
        pipeline.ExecuteAsync(static async (action, _) => await action(), action, cancellation).AsTask();
}
