using System.Globalization;
using Coordination.Contracts.Messages;
using Coordination.Domain.Requests;
using Coordination.Host.Reactors;
using Coordination.Host.Relay;
using Coordination.Tests.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.Registry;

namespace Coordination.Silo.Tests.Reactors;

/// <summary>Faults that can be planted in what the silos use.</summary>
internal enum Planted
{
    Nothing,

    /// <summary>The mark of the inboxes moves, and their rows come after it.</summary>
    InboxMarkFirst,

    /// <summary>The mark of a reactor moves, and its rows come after it.</summary>
    ReactorMarkFirst,

    /// <summary>What is taken is noted as sent before it is.</summary>
    NotedBeforeSent,

    /// <summary>The mark of the inboxes is moved from wherever it stands.</summary>
    InboxWithoutFence,

    /// <summary>The mark of a reactor is moved from wherever it stands.</summary>
    ReactorWithoutFence,

    /// <summary>What is sent again has another id.</summary>
    NewIdForARepeat,

    /// <summary>A command that is given again has another id.</summary>
    NewIdForACommand,

    /// <summary>A notice is put for each entry of a batch.</summary>
    NoticeForEachEntry,
}

/// <summary>
/// Two silos that both believe to lead: each relays, fills inboxes, reacts and sends, with the platform's own classes, on stores, a bus and a channel that
/// stop before and after each call. They are killed there and start again; stores refuse, the bus loses, doubles and shuffles. In the
/// end all is let run until it is quiet, and what arrived is compared with what had to.
/// </summary>
internal sealed class CrashingSilos
{
    private const int Silos = 2;
    private const string Reactor = "letters";
    private const string Notices = "notice";
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly World NoWorld = new(new(), TimeProvider.System);
    private static readonly ResiliencePipelineRegistry<string> Pipelines = Immediately();

    private readonly Random _random;
    private readonly Planted _planted;
    private readonly Steps _steps;
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryInboxes _inboxes;
    private readonly MemoryOutbox _outbox;
    private readonly List<(Entry Entry, Changed Change)> _journal = [];
    private readonly List<Changes> _bus = [];
    private readonly List<(string Id, string Channel, long Position, string Recipient)> _received = [];

    /// <summary>What a receiver did not take once. An operator has it retried, after what it no longer kept waiting.</summary>
    private readonly HashSet<string> _refused = [];

    private readonly List<(string Id, long Position)> _commanded = [];
    private readonly List<Exception> _failed = [];
    private ViewMark _note = ViewMark.None;
    private bool _isQuiet;
    private int _kills;

    private CrashingSilos(int seed, Planted planted)
    {
        (_random, _planted) = (new(seed), planted);
        _steps = new(_random);
        _inboxes = new() { IsFenced = planted is not Planted.InboxWithoutFence };
        _outbox = new() { IsFenced = planted is not Planted.ReactorWithoutFence };
    }

    /// <summary>What is to be told of a run.</summary>
    /// <param name="Faults">What arrived twice, under two names, too late or never; empty when all is well.</param>
    public sealed record Account(IReadOnlyList<string> Faults, int Kills, int Repeats, IReadOnlySet<string> Points, IReadOnlySet<string> KilledAt, int Trace);

    public static Account Run(int seed, Planted planted = Planted.Nothing) => new CrashingSilos(seed, planted).Run();

    private Account Run()
    {
        var most = _random.Next(4, 16);
        var kills = _random.Next(1, 10);
        for (var silo = 0; silo < Silos; silo++) Begin(silo);
        for (var step = 0; _journal.Count < most || step < 60 * most; step++)
        {
            if (_journal.Count < most && _random.Next(12) == 0) Write();
            Disturb();
            Step(_ => _kills < kills && _random.Next(40) == 0);
        }

        _isQuiet = true;
        var faults = new List<string>();
        for (var step = 0; !IsDone(); step++)
        {
            Step(static _ => false);
            // Somebody may be away for as long as they hold what they took.
            if (step % 200 == 199)
            {
                _time.Advance(TimeSpan.FromMinutes(6));
                _outbox.Retry(null, null, _time.GetUtcNow());
            }

            if (step < 40_000) continue;
            faults.Add("It does not come to an end.");
            break;
        }

        faults.AddRange(Faults());
        return new(faults, _kills, _received.Count - _received.DistinctBy(one => one.Id).Count(), _steps.Points, _steps.Kills, _steps.Trace.ToHashCode());
    }

    private void Step(Func<string, bool> kill)
    {
        if (_steps.Next(kill) is { } over)
        {
            _kills++;
            Begin(over.Number);
        }
    }

    /// <summary>A silo starts, and knows nothing but what stands outside of it.</summary>
    private void Begin(int silo)
    {
        var life = new Life(silo);
        var (inboxes, outbox, journal, changes) = (new Inboxes(this, life), new Outbox(this, life), new Log(this, life), new Following(this));
        var reactor = new InboxReactor(journal, inboxes, changes, new(inboxes, _time), new Lifetime(), Pipelines, NullLogger<InboxReactor>.Instance);
        var course = new ReactorCourse(new Letters(this, life), journal, outbox, changes, NoWorld, null!, _time, Pipelines.GetPipeline("journal"), NullLogger<ReactorCourse>.Instance);
        var senders = Array.ConvertAll((string[])["mail", Notices], name => new Sender(new Channel(this, life, name), outbox, _time, ResiliencePipeline.Empty, NullLogger<Sender>.Instance));
        var announcing = new Announcing(new Notes(this, life), inboxes, new Doorbell(this, life), ResiliencePipeline.Empty);
        var hasBegun = false;

        Loop("relay", async () =>
        {
            if (!hasBegun) await announcing.Begin(default);
            hasBegun = true;
            var next = _journal.Skip((int)announcing.Published).Take(3).Select(one => one.Change).ToArray();
            if (next.Length > 0) await announcing.Publish(next, default);
            // Somebody else has noted: then it begins anew, as one does who leads again.
            if (_random.Next(4) == 0) hasBegun = await announcing.Note(default);
        });
        Loop("inboxes", async () =>
        {
            if (_bus.Count == 0 || _random.Next(8) == 0)
            {
                await reactor.FillUpTo(_isQuiet || _random.Next(4) == 0 ? _journal.Count : _random.Next(_journal.Count + 1), default);
                return;
            }

            // Taken from the queue, and put back when it is not handled to the end.
            var message = _bus[0];
            _bus.RemoveAt(0);
            try
            {
                await reactor.Take(message, default);
            }
            catch
            {
                _bus.Insert(0, message);
                throw;
            }
        });
        Loop("reactor", () => course.GoTo(_journal.Count, default));
        foreach (var sender in senders) Loop($"sender of {sender.Channel}", () => sender.Round(default));

        async void Loop(string name, Func<Task> round)
        {
            try
            {
                while (true)
                {
                    await _steps.Wait(life, $"idle {name}");
                    try
                    {
                        await round();
                    }
                    catch (JournalUnavailableException)
                    {
                        // Tried again with the next round.
                    }
                }
            }
            catch (KilledException)
            {
                // Another life goes on.
            }
            catch (Exception exception)
            {
                _failed.Add(exception);
            }
        }
    }

    /// <summary>Something happens: to one body or several, alone or with others in one go.</summary>
    private void Write()
    {
        var position = _journal.Count + 1;
        var (name, form) = FactJson.NameOf(new RequestConfirmed(null));
        var batch = _random.Next(3) == 0 ? $"batch {_random.Next(2)}" : null;
        var entry = new Entry(
            position, [], $"request/r-{_random.Next(3)}", position, name, form, _time.GetUtcNow(), "a", null, [], "{}"u8.ToArray(), FactJson.Write(new RequestConfirmed(null)).Data,
            null, null, null, "web", batch, []);
        var recipients = Enumerable.Range(0, 3).Where(_ => _random.Next(2) == 0).Select(body => new Recipient($"body-{body}", InboxReason.Request)).ToArray();
        _journal.Add((entry, new()
        {
            Position = position,
            At = entry.At,
            Actor = entry.Actor,
            Topics = [],
            Mark = Mark.Public,
            Recipients = recipients,
            Stream = entry.Stream,
            Batch = batch,
        }));
    }

    /// <summary>Time passes, and the bus is what a bus may be.</summary>
    private void Disturb()
    {
        switch (_random.Next(60))
        {
            case 0: _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 400))); break;
            case 1 when _bus.Count > 0: _bus.RemoveAt(_random.Next(_bus.Count)); break;
            case 2 when _bus.Count > 0: _bus.Insert(_random.Next(_bus.Count + 1), _bus[_random.Next(_bus.Count)]); break;
            case 3 when _bus.Count > 1: (_bus[0], _bus[^1]) = (_bus[^1], _bus[0]); break;
            case 4: _outbox.Retry(null, null, _time.GetUtcNow()); break;
            // An operator has them filled anew.
            case 5: _inboxes.Clear(); break;
        }
    }

    private bool IsDone() => _failed.Count > 0 || (
        _inboxes.Delivered == _journal.Count && _outbox.Mark(Reactor, 0).Result == _journal.Count && _outbox.All.All(row => row.State is OutgoingState.Sent)
        && _commanded.Select(one => one.Position).Distinct().Count() >= Commands().Count());

    /// <summary>What had to arrive and what did.</summary>
    private IEnumerable<string> Faults()
    {
        foreach (var exception in _failed) yield return $"Something failed: {exception}";
        var all = _inboxes.All(long.MaxValue).ToBlockingEnumerable().ToList();
        foreach (var body in Enumerable.Range(0, 3).Select(body => $"body-{body}"))
        {
            var due = _journal.Where(one => one.Change.Recipients.Any(recipient => recipient.Body == body)).Select(one => (one.Entry.Position, one.Entry.Stream, one.Entry.Batch)).ToList();
            var kept = all.Where(one => one.Body == body).Select(one => (one.Delivery.Position, one.Delivery.Thread, one.Delivery.Batch)).ToList();
            if (!due.SequenceEqual(kept)) yield return $"The inbox of {body} should hold {string.Join(' ', due)} and holds {string.Join(' ', kept)}.";
            foreach (var channel in _received.Where(one => one.Recipient == body && !_refused.Contains(one.Id)).DistinctBy(one => one.Id).GroupBy(one => one.Channel, one => one.Position))
                if (!channel.SequenceEqual(channel.Order())) yield return $"{body} got {string.Join(' ', channel)} by {channel.Key}.";
        }

        var sent = _journal.SelectMany(one => one.Change.Recipients, (one, recipient) => (Channel: "mail", one.Entry.Position, recipient.Body)).ToHashSet();
        // Of a batch the first that concerns a body.
        sent.UnionWith(_journal.SelectMany(one => one.Change.Recipients, (one, recipient) => (one.Entry, recipient.Body))
            .DistinctBy(one => (one.Body, one.Entry.Batch, one.Entry.Batch is null ? one.Entry.Position : 0)).Select(one => (Notices, one.Entry.Position, one.Body)));
        var once = _received.DistinctBy(one => one.Id).Select(one => (one.Channel, one.Position, one.Recipient)).ToList();
        if (!sent.SetEquals(once)) yield return $"{string.Join(' ', sent.Except(once))} never arrived, {string.Join(' ', once.Except(sent))} should not have.";
        if (once.Count > once.Distinct().Count()) yield return "A delivery arrived under two ids.";
        if (_outbox.All.GroupBy(row => row.Id).Any(rows => rows.Count() > 1)) yield return "A delivery was put twice.";
        var commands = _commanded.DistinctBy(one => one.Id).Select(one => one.Position).ToList();
        if (!commands.Order().SequenceEqual(Commands())) yield return $"The commands of {string.Join(' ', Commands())} were carried out for {string.Join(' ', commands.Order())}.";
    }

    /// <summary>Entries from which a command follows.</summary>
    private IEnumerable<long> Commands() => _journal.Select(one => one.Entry.Position).Where(position => position % 3 == 0);

    /// <summary>Stops before something that is done at once, and after it. A store may refuse then, or its answer may be lost.</summary>
    private async Task<T> At<T>(Life life, string call, Func<T> action, bool refuses = true)
    {
        await _steps.Wait(life, $"before {call}");
        if (refuses && !_isQuiet && _random.Next(60) == 0) throw new JournalUnavailableException("Told to refuse.");
        var answer = action();
        await _steps.Wait(life, $"after {call}");
        if (refuses && !_isQuiet && _random.Next(60) == 0) throw new JournalUnavailableException("The answer is lost.");
        return answer;
    }

    /// <summary>The platform's pipelines without their pauses.</summary>
    private static ResiliencePipelineRegistry<string> Immediately()
    {
        var registry = new ResiliencePipelineRegistry<string>();
        registry.TryAddBuilder("journal", (pipeline, _) => pipeline.AddRetry(new()
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.Zero,
            ShouldHandle = new PredicateBuilder().Handle<JournalUnavailableException>().Handle<OvertakenException>(),
        }));
        return registry;
    }

    /// <summary>Tells each recipient of each entry, and gives a command for every third.</summary>
    private sealed class Letters(CrashingSilos all, Life life) : IReactor
    {
        public string Name => Reactor;

        public IEnumerable<Reaction> React(Happening happening, World world)
        {
            foreach (var recipient in happening.Change.Recipients)
            {
                yield return new Reaction.Deliver("mail", recipient.Body, []);
                yield return new Reaction.Deliver(Notices, recipient.Body, [], OncePerBatch: true);
            }

            if (happening.Entry.Position % 3 == 0) yield return new Reaction.Give((_, header) => Give(header, happening.Entry.Position));
        }

        private Task<Contracts.Outcome> Give(CommandHeader header, long position) => all.At<Contracts.Outcome>(life, "command", () =>
        {
            var id = all._planted is Planted.NewIdForACommand ? $"{header.Command} {all._commanded.Count}" : header.Command;
            all._commanded.Add((id, position));
            return new Done("", position, position, false);
        });
    }

    private sealed class Channel(CrashingSilos all, Life life, string name) : IChannel
    {
        public string Name => name;

        public Task<Sent> Send(Outgoing outgoing, CancellationToken cancellation) => all.At<Sent>(
            life, "send",
            () =>
            {
                if (!all._isQuiet && all._random.Next(12) == 0) return new Sent.Later("Busy.");
                if (!all._isQuiet && all._random.Next(40) == 0)
                {
                    all._refused.Add(outgoing.Id);
                    return new Sent.Never("Unknown.");
                }

                all._received.Add((all._planted is Planted.NewIdForARepeat ? $"{outgoing.Id} {outgoing.Attempts}" : outgoing.Id, name, outgoing.Position, outgoing.Recipient));
                return new Sent.Arrived();
            },
            refuses: false);
    }

    private sealed class Doorbell(CrashingSilos all, Life life) : IDoorbell
    {
        public Task Ring(Changes changes, CancellationToken cancellation) => all.At(life, "publish", () =>
        {
            all._bus.Add(changes);
            return true;
        });
    }

    private sealed class Following(CrashingSilos all) : IChanges
    {
        public long Position => all._journal.Count;

        /// <summary>Up to the end; whoever wants more comes again.</summary>
        public async IAsyncEnumerable<Changed[]> After(long position, int limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            while (all._journal.Skip((int)position).Take(Math.Min(limit, all._random.Next(1, 4))).Select(one => one.Change).ToArray() is { Length: > 0 } part)
            {
                yield return part;
                position = part[^1].Position;
            }
        }
    }

    private sealed class Inboxes(CrashingSilos all, Life life) : IInboxes
    {
        public async ValueTask<long> DeliveredUpTo(CancellationToken cancellation) => await all.At(life, "inbox mark", () => all._inboxes.Delivered);

        public async Task<bool> Deliver(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries, CancellationToken cancellation)
        {
            if (all._planted is not Planted.InboxMarkFirst) return await all.At(life, "inbox rows", () => all._inboxes.Deliver(after, upTo, deliveries, cancellation).Result);
            if (!await all.At(life, "inbox mark alone", () => all._inboxes.Deliver(after, upTo, [], cancellation).Result)) return false;
            return await all.At(life, "inbox rows alone", () =>
            {
                all._inboxes.Add(deliveries);
                return true;
            });
        }

        public Task Clear(CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<Delivery>> Read(string body, long? beforePosition, int limit, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<Delivery>> ReadBatch(string body, string batch, CancellationToken cancellation) => throw new NotSupportedException();
        public IAsyncEnumerable<(string Body, Delivery Delivery)> All(long position, CancellationToken cancellation) => throw new NotSupportedException();
        public ValueTask<long> KeptAfter(CancellationToken cancellation) => throw new NotSupportedException();
        public Task<int> Forget(long upTo, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Outbox(CrashingSilos all, Life life) : IOutbox
    {
        // From the first entry on, for all of them to be told of.
        public Task<long> Mark(string reactor, long begin, CancellationToken cancellation) => all.At(life, "reactor mark", () => all._outbox.Mark(reactor, 0, cancellation).Result);

        public async Task<bool> Put(string reactor, long after, long upTo, IReadOnlyCollection<NewOutgoing> outgoing, DateTimeOffset now, CancellationToken cancellation)
        {
            if (all._planted is Planted.NoticeForEachEntry) outgoing = [.. outgoing.Select(one => one with { Batch = null })];
            if (all._planted is not Planted.ReactorMarkFirst) return await all.At(life, "put", () => all._outbox.Put(reactor, after, upTo, outgoing, now, cancellation).Result);
            if (!await all.At(life, "put mark alone", () => all._outbox.Put(reactor, after, upTo, [], now, cancellation).Result)) return false;
            return await all.At(life, "put rows alone", () =>
            {
                all._outbox.Add(reactor, outgoing, now);
                return true;
            });
        }

        public async Task<IReadOnlyList<Outgoing>> Take(string channel, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellation)
        {
            var taken = await all.At(life, "take", () => all._outbox.Take(channel, now, until, limit, cancellation).Result);
            if (all._planted is Planted.NotedBeforeSent) await all._outbox.Note([.. taken.Select(row => new Sending.Done(row))], now, cancellation);
            return taken;
        }

        public Task Note(IReadOnlyCollection<Sending> sendings, DateTimeOffset now, CancellationToken cancellation) => all.At(life, "note", () => all._outbox.Note(sendings, now, cancellation).IsCompleted);

        public Task<IReadOnlyList<Outgoing>> List(string? channel, OutgoingState state, long after, int limit, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<int> Retry(string? channel, long? number, DateTimeOffset now, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<int> Drop(string? channel, long? number, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<Backlog>> Backlogs(CancellationToken cancellation) => throw new NotSupportedException();
        public Task<int> Forget(DateTimeOffset sentBefore, DateTimeOffset givenUpBefore, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Notes(CrashingSilos all, Life life) : IViewStore
    {
        public Task<IReadOnlyDictionary<ViewKey, ViewMark>> Marks(CancellationToken cancellation) =>
            all.At(life, "relay mark", () => (IReadOnlyDictionary<ViewKey, ViewMark>)new Dictionary<ViewKey, ViewMark> { [Host.Relay.Relay.Mark] = all._note });

        public Task<bool> Save(IReadOnlyList<ViewChange> changes, CancellationToken cancellation) => all.At(life, "relay note", () =>
        {
            var change = changes.Single();
            if (change.From != all._note) return false;
            all._note = new(0, change.Position, change.Digest);
            return true;
        });

        public Task<IReadOnlyDictionary<ViewKey, StoredView>> Read(IReadOnlyCollection<ViewKey> views, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<StoredView> Page(ViewKey view, IReadOnlyCollection<ViewRange> ranges, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<StoredView> Find(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<ViewItem>> After(ViewKey view, string id, int limit, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyDictionary<string, byte[]>> Digests(ViewKey view, IReadOnlyCollection<string> ids, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<bool> Drop(ViewKey view, long? generation, CancellationToken cancellation) => throw new NotSupportedException();
        public Task Forget(ViewKey view, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<int> Tidy(int limit, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Log(CrashingSilos all, Life life) : IJournal
    {
        public long Position => all._journal.Count;

        public Task<Head> ReadHead(CancellationToken cancellation) => all.At(life, "head", () => new Head(all._journal.Count, []));

        public Task<IReadOnlyList<Entry>> ReadFrom(long afterPosition, int limit, CancellationToken cancellation) =>
            all.At(life, "entries", () => (IReadOnlyList<Entry>)[.. all._journal.Skip((int)afterPosition).Take(limit).Select(one => one.Entry)]);

        public ValueTask<AppendOutcome> Append(Append append, CancellationToken cancellation) => throw new NotSupportedException();
        public ValueTask<Receipt?> FindCommand(byte[] command, CancellationToken cancellation) => throw new NotSupportedException();
        public IAsyncEnumerable<Entry> ReadStream(string stream, long afterVersion, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<Entry>> Follow(long afterPosition, int limit, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<Entry>> ReadAt(IReadOnlyCollection<long> positions, CancellationToken cancellation) => throw new NotSupportedException();
        public Task WaitBeyond(long position, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Snapshot?> ReadSnapshot(string stream, CancellationToken cancellation) => throw new NotSupportedException();
        public Task SaveSnapshot(string stream, Snapshot snapshot, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Verification> Verify(IProgress<long>? progress, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;
        public void StopApplication() => throw new NotSupportedException();
    }
}
