using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Coordination.Host.Reminders;
using Coordination.Host.Views;
using Microsoft.Extensions.Options;

namespace Coordination.Host.Grains;

/// <summary>What every grain that decides needs.</summary>
public sealed record Deciding(IJournal Journal, World World, TimeProvider Time, IOptions<SiloOptions> Options, Clocks Clocks, ILoggerFactory Logs)
{
    /// <summary>
    /// Waits (bounded) until this silo's views have reached a position; false when they have not. They know all there is, too, when the
    /// journal ends before: it may have been restored from an older backup.
    /// </summary>
    public async ValueTask<bool> Knows(long position)
    {
        if (World.Position >= position) return true;
        await World.Reach(position, Options.Value.SeenWithin);
        return World.Position >= position || World.Position >= (await Journal.ReadHead()).Position;
    }
}

/// <summary>
/// Load, decide, append, evolve: the whole life of a grain that decides for one stream. Rules stand in Domain. One command
/// at a time; what it answers is on disk.
/// </summary>
/// <typeparam name="TState">The state that facts are folded into; null when the stream is empty.</typeparam>
public abstract partial class JournaledGrain<TState>(Deciding deciding) : Grain, IRemindable where TState : class
{
    private readonly ILogger _logger = deciding.Logs.CreateLogger("Coordination.Host.Grains");
    private long _snapshotVersion;
    private int _snapshotBytes;

    /// <summary>What a fact takes in the journal, about.</summary>
    private const int BytesOfFact = 500;

    /// <summary>What is on disk may be more than the state knows.</summary>
    private bool _behind;

    /// <summary>Kind of stream, such as <c>plan</c>; the grain's key is the rest of its name.</summary>
    protected abstract string Kind { get; }

    /// <summary>Of what snapshots hold: older and newer ones of another shape are passed over.</summary>
    private static readonly int Form = SnapshotForm.Of(typeof(Kept));

    protected virtual string Id => this.GetPrimaryKeyString();
    protected string Stream => $"{Kind}/{Id}";
    protected TState? State { get; private set; }
    protected long Version { get; private set; }
    protected IDirectory Directory => deciding.World;
    protected TimeProvider Time => deciding.Time;

    protected World Views => deciding.World;

    private long LastPosition { get; set; }

    /// <summary>What the sender of a command may have seen, where nothing else is said: all facts of the stream are for the same eyes.</summary>
    protected virtual Versions VersionsOf(TState state) => Versions.Of(LastPosition);

    /// <summary>Whether these facts need something that only one stream may have.</summary>
    protected virtual bool Takes(ImmutableArray<Fact> facts) => false;

    /// <summary>
    /// Takes for the stream what facts give it and only one may have, before they are written; a refusal when another has it. A
    /// command that fails afterwards gives back nothing, since its facts may still come: what was taken for nothing is free again by itself.
    /// </summary>
    protected virtual Task<Refusal?> Take(ImmutableArray<Fact> facts) => Task.FromResult<Refusal?>(null);

    /// <summary>Runs before facts are written; what must not be missing when they are there is arranged here.</summary>
    protected virtual Task Prepare(ImmutableArray<Fact> facts) => Task.CompletedTask;

    /// <summary>Positions whose texts are erased together with facts, exactly those that these name; null for none.</summary>
    protected virtual IReadOnlyList<long>? ErasedBy(ImmutableArray<Fact> facts) => null;

    /// <summary>Whether facts end what is known of the words of all earlier commands of the stream.</summary>
    protected virtual bool ForgetsCommands(ImmutableArray<Fact> facts) => false;

    /// <summary>
    /// Whether <see cref="Prepare"/> changes what cannot be changed back. Then a command that was carried out before is looked for first: an
    /// append that finds it would come too late.
    /// </summary>
    protected virtual bool PreparesForGood => false;

    /// <summary>What comes of a clock for which the state waited (<see cref="IWoken"/>).</summary>
    protected virtual Decision Decide(TState state, Rang rang, in Situation situation) => Decision.Nothing;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Load(cancellationToken);
        }
        catch (Exception exception) when (exception is JournalUnavailableException or UnknownFactException)
        {
            // An activation that fails would tell the sender nothing; the command loads again and is refused with a reason.
            FallBehind(exception);
        }
    }

    /// <summary>
    /// A clock rings, or its substitute does (<see cref="ClockWatch"/>). The rule is asked only when the state waits for it and its moment
    /// has come. However often it rings for one wake, it gives one command.
    /// </summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        try
        {
            var rung = await deciding.Clocks.Find(this.GetGrainId(), reminderName);
            // Another activation may have written; whoever rings does not come again.
            if (_behind || await HasMovedOn()) await Load(CancellationToken.None);
            if (State.Wake(reminderName) is { } wake && wake.At <= Time.GetUtcNow())
            {
                var rang = new Rang(reminderName);
                var header = new CommandHeader(
                    Actor.Platform.Account, CommandHeader.CommandOf(Actor.Platform.Account, string.Create(CultureInfo.InvariantCulture, $"{Stream}:{wake.Name}:{wake.At.UtcTicks}:{wake.Since}")),
                    reminderName, Via: $"clock:{reminderName}", Cause: wake.Since);
                var outcome = await Execute(header, (state, situation) => state is null ? Decision.Nothing : Decide(state, rang, situation));
                // It rings again by itself.
                if (outcome is Refused) return;
            }

            await deciding.Clocks.Settle(this.GetGrainId(), rung, reminderName, State);
        }
        catch (Exception exception) when (exception is JournalUnavailableException or UnknownFactException)
        {
            FallBehind(exception);
            // The next activation may be on a silo of the newer version.
            if (exception is UnknownFactException) DeactivateOnIdle();
        }
    }

    /// <param name="header">Who gives the command, and what they have seen.</param>
    /// <param name="decide">The rule.</param>
    /// <param name="about">What the command is about; the whole of it (<see cref="VersionsOf"/>) when null.</param>
    protected async Task<Outcome> Execute(CommandHeader header, Func<TState?, Situation, Decision> decide, Func<TState, Versions>? about = null)
    {
        try
        {
            if (_behind) await Load(CancellationToken.None);
            // Twice at most but for a cluster that is split: then another activation may write in between.
            for (var attempt = 0; attempt < 5; attempt++)
            {
                if (await Attempt(header, decide, about ?? VersionsOf, isFirst: attempt == 0) is { } outcome) return outcome;
                await Load(CancellationToken.None);
            }

            return new Refused(Refusal.Conflict("journal.contended", "Others keep changing this at the same moment. Try again."));
        }
        catch (JournalUnavailableException exception)
        {
            FallBehind(exception);
            return exception.BrokenAt is null ? Unavailable : Broken;
        }
        catch (UnknownFactException exception)
        {
            FallBehind(exception);
            // The next activation may be on a silo of the newer version.
            DeactivateOnIdle();
            return OlderVersion;
        }
    }

    /// <returns>The outcome, or null when it was decided on something old and must be decided again.</returns>
    private async Task<Outcome?> Attempt(CommandHeader header, Func<TState?, Situation, Decision> decide, Func<TState, Versions> about, bool isFirst)
    {
        // A right that was withdrawn where this command comes from is not exercised here, because views are slow.
        if (!await deciding.Knows(header.Rights)) return ViewsAreBehind;
        var seen = deciding.World.Position;
        var now = deciding.Time.GetUtcNow();
        var actor = deciding.World.Who(header.Account, header.Body);
        var decision = decide(State, new(actor, now, deciding.World, header.Command));
        var refusal = decision.Refusal;
        var versions = State is null ? default : about(State);
        // A thing that is hidden from the caller has no version for them: not-found comes first.
        if (refusal?.Reason is not (RefusalReason.NotFound or RefusalReason.Forbidden) && header.ExpectedVersion is { } expected && !versions.Include(expected))
            refusal = new(RefusalReason.Stale, "version.stale", $"This has changed since version {expected}. Read it again and repeat what is still wanted.", [], versions.Changed);

        if (refusal is null && !decision.Facts.IsDefaultOrEmpty && Takes(decision.Facts))
        {
            // What was said before takes nothing, for whatever it was.
            if (await deciding.Journal.FindCommand(DigestOf(header)) is { } said) return Repeat(header, said);
            refusal = await Take(decision.Facts);
        }

        if (refusal is not null || decision.Facts.IsDefaultOrEmpty)
        {
            if (await deciding.Journal.FindCommand(DigestOf(header)) is { } before) return Repeat(header, before);
            if (isFirst && await BehindAt(seen) is { } missing)
            {
                await ViewsAt(missing);
                // Decided again with what they know by then. While that is too little, nobody is refused for it.
                return deciding.World.Position >= missing ? null : ViewsAreBehind;
            }

            if (await HasMovedOn()) return null;
            // Nothing happened, so the answer names no entry: the last one of the stream may be hidden from the sender.
            return refusal is not null ? new Refused(refusal) : new Done(Id, versions.Changed, Math.Max(seen, LastPosition), false);
        }

        if (PreparesForGood && await deciding.Journal.FindCommand(DigestOf(header)) is { } known) return Repeat(header, known);
        await Prepare(decision.Facts);
        var state = State;
        var entries = new NewEntry[decision.Facts.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            var fact = (Fact<TState>)decision.Facts[index];
            state = fact.Evolve(Id, state) ?? throw new InvalidOperationException($"{fact.GetType().Name} leaves no state.");
            entries[index] = fact.ToEntry(Id, state, Directory, header.Language);
        }

        // Before the facts are written: a clock without a fact does nothing, a fact without a clock is never followed up.
        await deciding.Clocks.Set(this.GetGrainId(), State, state);
        var answer = ((Fact<TState>)decision.Facts[^1]).Answer() ?? Id;
        var outcome = await deciding.Journal.Append(new(Stream, Version, DigestOf(header), FingerprintOf(header), now, actor.Account, actor.Body, entries, answer,
            header.Via, header.Cause, header.Batch, Erases: ErasedBy(decision.Facts), ForgetsCommands: ForgetsCommands(decision.Facts)));
        switch (outcome)
        {
            case AppendOutcome.Appended done:
                // Folded once more: now it is known where they stand, which later facts may name.
                for (var index = 0; index < entries.Length; index++)
                    State = Fact.Evolve(Id, State, decision.Facts[index] with { EntryPosition = done.Position - entries.Length + index + 1 });
                (Version, LastPosition) = (done.Version, done.Position);
                KeepSnapshot();
                return Answer(answer, LastPosition);
            case AppendOutcome.Repeated repeated:
                _behind = true;
                return Repeat(header, repeated.Receipt);
            default:
                return null;
        }
    }

    private protected static readonly Refused OlderVersion = new(new(
        RefusalReason.Unavailable, "platform.older-version",
        "The platform is being updated, and the part that was asked is still of the older version. Nothing was changed; send the same command again.", []));

    private static readonly Refused Unavailable = new(new(
        RefusalReason.Unavailable, "journal.unavailable", "The journal cannot be written at the moment. Nothing was changed; send the same command again.", []));

    private static readonly Refused Broken = new(new(
        RefusalReason.Unavailable, "journal.broken",
        "Something that the platform keeps is not what was written. Nothing is changed any more until its operators have looked; everything can still be read. Tell them: /health/ready and the log say what was found.", []));

    private static readonly Refused ViewsAreBehind = new(new(
        RefusalReason.Unavailable, "views.behind", "This is not known to the whole platform yet. Nothing was changed; send the same command again.", []));

    /// <summary>
    /// Only a refusal waits for views: what it did not find may have been made a moment ago. Where the journal ends, or null when
    /// they knew everything at <paramref name="seen"/>, where they stood before it was decided.
    /// </summary>
    private async Task<long?> BehindAt(long seen)
    {
        // Asked of the journal itself: another silo may have written it.
        var position = (await deciding.Journal.ReadHead()).Position;
        return seen >= position ? null : position;
    }

    /// <summary>Waits (bounded) until this silo's views have reached <paramref name="position"/>.</summary>
    protected Task ViewsAt(long position) => deciding.World.Reach(position, deciding.Options.Value.SeenWithin);

    /// <summary>Another activation may have written; an append would notice by itself, a refusal has to ask.</summary>
    private async Task<bool> HasMovedOn()
    {
        await foreach (var _ in deciding.Journal.ReadStream(Stream, Version)) return true;
        return false;
    }

    private Outcome Repeat(CommandHeader header, Receipt receipt)
    {
        if (!receipt.Says(FingerprintOf(header)) || receipt.Stream != Stream)
        {
            return new Refused(new(
                RefusalReason.KeyReused, "idempotency.key-reused", "This Idempotency-Key was used for something else. Use a new one for each command.", []));
        }

        return Answer(receipt.Answer ?? Id, receipt.Position, repeated: true);
    }

    /// <summary>What was made or changed has the position of its last entry for a version, for a repeat too.</summary>
    private static Done Answer(string id, long position, bool repeated = false) => new(id, position, position, repeated);

    /// <summary>How the journal names the command: SHA-256 of account, a zero byte, and key.</summary>
    private static byte[] DigestOf(CommandHeader header) => SHA256.HashData(Encoding.UTF8.GetBytes(header.Command));

    private static byte[] FingerprintOf(CommandHeader header) => Encoding.UTF8.GetBytes(header.Fingerprint);

    private async Task Load(CancellationToken cancellation)
    {
        var (state, version, position) = ((TState?)null, 0L, 0L);
        var snapshot = await deciding.Journal.ReadSnapshot(Stream, cancellation);
        if (snapshot is not null && Read(snapshot) is { } kept) (state, version, position) = (kept.State, snapshot.Version, kept.Position);

        var (snapshotVersion, snapshotBytes) = (version, version == 0 ? 0 : snapshot!.Data.Length);
        await foreach (var entry in deciding.Journal.ReadStream(Stream, version, cancellation))
        {
            state = Fact.Evolve(Id, state, entry.ToFact());
            (version, position) = (entry.Version, entry.Position);
        }

        // All at once at the end: a journal that fails half-way leaves the state as it was.
        (State, Version, LastPosition, _snapshotVersion, _snapshotBytes, _behind) = (state, version, position, snapshotVersion, snapshotBytes, false);
        KeepSnapshot();
    }

    /// <summary>What is on disk could not be read, or not all of it: it is loaded again before anything is decided.</summary>
    private void FallBehind(Exception exception)
    {
        if (exception is UnknownFactException) LogNewer(_logger, Stream, exception);
        else LogUnavailable(_logger, Stream, exception);
        _behind = true;
    }

    /// <summary>The state a snapshot holds, or null when it is of another form or cannot be read.</summary>
    private Kept? Read(Snapshot snapshot)
    {
        if (snapshot.Form != Form) return null;
        try
        {
            return JsonSerializer.Deserialize<Kept>(snapshot.Data, FactJson.Options) is { State: not null } kept ? kept : null;
        }
        catch (JsonException exception)
        {
            LogUnreadable(_logger, Stream, exception);
            return null;
        }
    }

    /// <summary>
    /// Not awaited, and not on the grain's own turn: a snapshot that is not kept costs the next activation some time and nothing else. A state that is
    /// large is kept more rarely, so that no more is written of it than of the facts that it stands for.
    /// </summary>
    private void KeepSnapshot()
    {
        if (State is null || Version - _snapshotVersion < Math.Max(deciding.Options.Value.SnapshotEvery, _snapshotBytes / BytesOfFact)) return;
        _snapshotVersion = Version;
        var (kept, version) = (new Kept(State, LastPosition), Version);
        _ = Task.Run(Save);

        async Task Save()
        {
            try
            {
                var data = JsonSerializer.SerializeToUtf8Bytes(kept, FactJson.Options);
                _snapshotBytes = data.Length;
                await deciding.Journal.SaveSnapshot(Stream, new(version, Form, data));
            }
            catch (Exception exception) when (exception is JournalUnavailableException or ObjectDisposedException)
            {
                LogNotKept(_logger, Stream, exception);
            }
        }
    }

    private sealed record Kept(TState State, long Position);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Stream}: the journal is unavailable, commands are refused")]
    private static partial void LogUnavailable(ILogger logger, string stream, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Stream}: a newer version of the platform has written to it, commands are refused here")]
    private static partial void LogNewer(ILogger logger, string stream, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Stream}: the snapshot cannot be read; the facts are folded from the beginning")]
    private static partial void LogUnreadable(ILogger logger, string stream, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Stream}: the snapshot was not kept")]
    private static partial void LogNotKept(ILogger logger, string stream, Exception exception);
}
