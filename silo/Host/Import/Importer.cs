using System.Collections.Concurrent;
using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polly;
using Outcome = Coordination.Contracts.Outcome;

namespace Coordination.Host.Import;

/// <summary>
/// Loads the real input and the exercise on first start, through the same commands that people give. Every command has an
/// id of its own, so a load that was cut off goes on at the next start, or on another silo, and nothing is loaded twice.
/// </summary>
public sealed partial class Importer(
    IGrainFactory grains, IRecords records, ITrust trust, World world, Follower follower, Leadership leadership, TimeProvider time, IOptions<SiloOptions> options, ILogger<Importer> logger)
    : IHostedService
{
    private const string Kind = "import";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await follower.CaughtUp.WaitAsync(cancellationToken);
        if (!options.Value.Demonstration || options.Value.Input is not { } folder) return;
        try
        {
            // Of several silos one loads; the others start when it has. While nothing is written nobody loads.
            while (await records.Read(Kind, "demonstration", cancellationToken) is null && await trust.Broken(cancellationToken) is null)
            {
                if (leadership.IsHeld) await Load(folder, cancellationToken);
                else await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }
        }
        catch (JournalUnavailableException exception) when (exception.BrokenAt is not null)
        {
            LogNotLoaded(logger, exception);
        }
    }

    private async Task Load(string folder, CancellationToken cancellationToken)
    {
        var commands = new ImportCommands(grains, world, options.Value.ImportPatience, cancellationToken) { Source = "a67170" };
        await new ReportImport(commands).Run(Path.Combine(folder, "a67170"));
        commands.Source = "exercise";
        await new ExerciseImport(commands, time).Run(Path.Combine(folder, "exercise.json"));
        await records.Write(Kind, "demonstration", "{}"u8.ToArray(), null, cancellationToken);
        LogLoaded(logger, commands.Given);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static T Read<T>(string path) =>
        JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), FactJson.Options) ?? throw new JsonException($"{path} is empty.");

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether the demonstration was loaded cannot be read, since something does not fit. The silo starts without it")]
    private static partial void LogNotLoaded(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded the report A/67/170 and the exercise with {Commands} commands")]
    private static partial void LogLoaded(ILogger logger, int commands);
}

/// <summary>Gives commands one after the other or side by side, and stops at the first refusal.</summary>
internal sealed class ImportCommands(IGrainFactory grains, World world, TimeSpan patience, CancellationToken cancellation)
{
    private static readonly TimeSpan ForViews = TimeSpan.FromMinutes(2);

    /// <summary>By body, the account that acts for it.</summary>
    private readonly ConcurrentDictionary<string, string> _accounts = new(StringComparer.Ordinal);
    private long _position;
    private int _given;

    public IGrainFactory Grains => grains;

    /// <summary>What is loaded, by which the journal names it.</summary>
    public string Source { get; set; } = "";

    /// <summary>Both are in English.</summary>
    private const string Language = "en";

    public int Given => _given;

    /// <summary>Position of the last command that was carried out.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <param name="by">The body whose account gives it; the platform when null.</param>
    /// <param name="key">Its id, the same at every start.</param>
    public async Task<Done> Give(string key, Func<CommandHeader, Task<Outcome>> execute, string? by = null)
    {
        var account = by is null ? Actor.Platform.Account : _accounts[by];
        // Under the same id whoever it is given for: the accounts of an import that was cut off are the same ones. What is given for a body is as if one
        // of its people had given it, each by itself; what the platform gives is one thing for whoever reads of it.
        var outcome = await Insist(() => execute(new(
            account, CommandHeader.CommandOf(Actor.Platform.Account, $"import:{key}"), $"import:{key}", Body: by, Via: $"import:{Source}", Language: Language, Batch: by is null ? Source : null)));
        if (outcome is not Done done) throw new InvalidOperationException($"The import stopped at {key}: {outcome}.");
        Interlocked.Increment(ref _given);
        InterlockedMax(ref _position, done.Position);
        return done;
    }

    /// <summary>
    /// Opens an account that coordinates a body and signs in under the body's id. It is one like any other; its password is the one that
    /// the setting gives to all that are made here, until it has its own.
    /// </summary>
    public async Task OpenAccount(string body, string name)
    {
        var command = new GrantRole(body, body, Role.Coordinator, name);
        await Give($"account/{body}", async header =>
        {
            var granted = await grains.GetGrain<ISignInNameGrain>(body).Grant(header, command, null);
            if (granted.Account is { } account) _accounts[body] = account;
            return granted.Outcome;
        });
    }

    /// <summary>Silos come and go while a cluster starts. A command that was carried out and whose answer was lost is answered again.</summary>
    private async Task<Outcome> Insist(Func<Task<Outcome>> execute)
    {
        var began = TimeProvider.System.GetTimestamp();
        return await new ResiliencePipelineBuilder<Outcome>().AddRetry(new()
        {
            ShouldHandle = tried => new(
                tried.Outcome is { Exception: TimeoutException or Orleans.Runtime.OrleansException } or { Result: Refused { Refusal.Reason: RefusalReason.Unavailable } }
                && TimeProvider.System.GetElapsedTime(began) < patience),
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(250),
        }).Build().ExecuteAsync(async _ => await execute(), cancellation);
    }

    /// <summary>Waits until the views know everything given so far, because the rules look other things up there.</summary>
    public async Task Settle()
    {
        var position = Volatile.Read(ref _position);
        await world.Reach(position, ForViews, cancellation);
        if (world.Position < position) throw new TimeoutException($"The views stand at {world.Position} and should have reached {position} within {ForViews.TotalSeconds} s.");
    }

    public static Task Side<T>(IEnumerable<T> items, Func<T, Task> give) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (item, _) => await give(item));

    private static void InterlockedMax(ref long target, long value)
    {
        for (var current = Volatile.Read(ref target); value > current;)
        {
            var seen = Interlocked.CompareExchange(ref target, value, current);
            if (seen == current) return;
            current = seen;
        }
    }
}
