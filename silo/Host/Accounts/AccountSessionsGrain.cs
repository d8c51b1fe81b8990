using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Host.Views;

namespace Coordination.Host.Accounts;

/// <summary>
/// The sessions of one account: in memory, so that they are answered while the database is away, and in a record, so that a restart ends
/// none. When a session was last used is written every minute; that one began or ended, at once. It stays for longer than a session that is
/// not used.
/// </summary>
[CollectionAgeLimit(Hours = 13)]
public sealed partial class AccountSessionsGrain(
    IRecords records, AccountRecords accounts, World world, Views.ReadYourWrites reads, TimeProvider time, ILogger<AccountSessionsGrain> logger) : Grain, IAccountSessionsGrain
{
    public const string Kind = "sessions";

    /// <summary>Nobody has more devices; what a program leaves behind that signs in for each request does not grow.</summary>
    private const int Most = 50;

    /// <summary>Of an account that visitors share.</summary>
    private const int MostVisitors = 500;

    /// <summary>What a crash may forget of when a session was last used: less than the shortest time that a body can say.</summary>
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);

    private List<Session> _sessions = [];

    /// <summary>When the last of those that others ended, or that went unused, would have ended for good.</summary>
    private DateTimeOffset _wouldHaveLasted;

    private long _version;

    /// <summary>Counts what has changed here, and how much of it is written.</summary>
    private (long Changed, long Written) _noted;

    /// <summary>What has ended and was told to nobody yet, because nobody answered.</summary>
    private readonly List<EndedSession> _untold = [];

    private bool _isStale;
    private IGrainTimer? _again;

    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await records.Read(Kind, Id, cancellationToken) is { } record)
        {
            var kept = Kept.Read(record.Data);
            (_sessions, _wouldHaveLasted, _version) = (kept.Sessions, kept.WouldHaveLasted, record.Version);
        }

        this.RegisterGrainTimer(static (grain, _) => grain.CatchUp(), this, NoteEvery, NoteEvery);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => CatchUp();

    public async Task<Session> Begin(Session session)
    {
        Pass();
        _sessions.RemoveAll(one => one.Id == session.Id);
        if (_sessions.Count >= Most && _sessions.Count >= (await accounts.IsKept(Id) ? MostVisitors : Most)) MakeRoom();
        _sessions.Add(session);
        try
        {
            await Write();
        }
        catch
        {
            // Its person was told that it did not begin.
            _sessions.RemoveAll(one => one.Id == session.Id);
            throw;
        }

        return AsItIs(session);
    }

    public Task<Session?> Use(string id, string? network)
    {
        if (Find(id) is not { } index) return Task.FromResult<Session?>(null);
        if (network is not null)
        {
            _sessions[index] = _sessions[index] with { Used = time.GetUtcNow(), Network = network };
            _noted.Changed++;
        }

        return Task.FromResult<Session?>(AsItIs(_sessions[index]));
    }

    public async Task<Session?> ActFor(string id, string? body)
    {
        if (Find(id) is not { } index) return null;
        var session = _sessions[index];
        if (session.Body == body) return AsItIs(session);
        _untold.Add(new(id, session.Turn));
        session = _sessions[index] = session with { Body = body, Turn = session.Turn + 1 };
        await Settle();
        return AsItIs(session);
    }

    public async Task<Session?> Replace(string id, string by, string token)
    {
        if ((Find(by) ?? Find(id)) is not { } index) return null;
        var session = _sessions[index];
        if (session.Id != by)
        {
            // Told to nobody from here: the gateway does, once the browser has its new cookie.
            session = _sessions[index] = session with { Id = by, Token = token };
        }

        await Settle();
        return AsItIs(session);
    }

    public async Task<Session?> Confirm(string id)
    {
        if (Find(id) is not { } index) return null;
        var now = time.GetUtcNow();
        var session = _sessions[index] = _sessions[index] with { Used = now, Confirmed = now };
        await Settle();
        return AsItIs(session);
    }

    public async Task<OpenSession[]?> List(Asker asker, string current)
    {
        await KnowRightsOf(asker);
        GoUnlessNeeded();
        var now = time.GetUtcNow();
        return await Sees(asker, current) is { } sees
            ? [.. _sessions.Where(session => sees(session) && AsItIs(session).Ends > now).OrderByDescending(session => session.Used).Select(Open)]
            : null;

        OpenSession Open(Session session) => new(
            session.Id, session.Browser, session.System, session.Network, session.Body is { } body ? new(body, world.NameOf(body)) : null, session.Began, session.Used);
    }

    public Task<bool> MayObject()
    {
        GoUnlessNeeded();
        var now = time.GetUtcNow();
        return Task.FromResult(_wouldHaveLasted > now || _sessions.Exists(session => session.EndsForGood > now));
    }

    public async Task<bool> End(Asker asker, string id, string current)
    {
        await KnowRightsOf(asker);
        GoUnlessNeeded();
        var isOwn = asker.Account == Id;
        // Signing out looks at nothing that may be away.
        var sees = isOwn && id == current ? static _ => true : await Sees(asker, current);
        if (sees is null) return false;
        await EndThose(session => session.Id == id && sees(session), byItsPerson: isOwn);
        return true;
    }

    public Task EndAll(string? but) => EndThose(session => session.Id != but, byItsPerson: true);

    public Task EndFor(string body) => EndThose(session => session.Body == body, byItsPerson: false);

    /// <summary>Whoever asks for sessions of accounts that there are not fills no memory with them.</summary>
    private void GoUnlessNeeded()
    {
        if (_version == 0 && _sessions.Count == 0) DeactivateOnIdle();
    }

    /// <summary>One's own are told without looking at rights, which may be away.</summary>
    private Task KnowRightsOf(Asker asker) => asker.Account == Id ? Task.CompletedTask : reads.For(asker);

    /// <summary>Which of these sessions an asker may see and end; null when it may not know that there are any.</summary>
    private async ValueTask<Predicate<Session>?> Sees(Asker asker, string current)
    {
        // Those of an account that visitors share are as many persons.
        if (asker.Account == Id) return await accounts.IsKept(Id) ? session => session.Id == current : static _ => true;
        var actor = world.Who(asker);
        if (actor.Administers) return static _ => true;
        if (actor.Body is not { } body || !actor.Coordinates(body) || !world.RolesIn(body).ContainsKey(Id)) return null;
        return await accounts.IsKept(Id) ? static _ => false : session => session.Body == body;
    }

    private Task EndThose(Predicate<Session> which, bool byItsPerson)
    {
        Pass();
        Remove(which, byItsPerson);
        // What has nothing to end leaves no record, as after that of an account was erased.
        return _noted.Changed == _noted.Written && _untold.Count == 0 ? Task.CompletedTask : Settle();
    }

    /// <summary>Where a session stands that is alive.</summary>
    private int? Find(string id)
    {
        var index = _sessions.FindIndex(session => session.Id == id);
        return index >= 0 && AsItIs(_sessions[index]).Ends > time.GetUtcNow() ? index : null;
    }

    /// <summary>With what its body says at this moment.</summary>
    private Session AsItIs(Session session) =>
        session.Body is { } body && world.BodyItem(body)?.State.IdleMinutes is { } minutes ? session with { Idle = TimeSpan.FromMinutes(minutes) } : session;

    /// <summary>Ends the one that was not used for longest, of the network that has most of them: what one leaves behind ends nobody else's.</summary>
    private void MakeRoom()
    {
        var oldest = _sessions.GroupBy(session => session.Network).MaxBy(ofOne => ofOne.Count())!.MinBy(session => session.Used)!.Id;
        Remove(session => session.Id == oldest, byItsPerson: false);
    }

    /// <summary>Forgets the sessions whose time is over.</summary>
    private void Pass()
    {
        var now = time.GetUtcNow();
        Remove(session => AsItIs(session).Ends <= now, byItsPerson: false);
    }

    private void Remove(Predicate<Session> which, bool byItsPerson)
    {
        var ended = _sessions.FindAll(which);
        if (ended.Count == 0) return;
        var last = ended.Max(session => session.EndsForGood);
        if (!byItsPerson && last > _wouldHaveLasted) _wouldHaveLasted = last;
        _untold.AddRange(ended.Select(session => new EndedSession(session.Id, null)));
        _sessions.RemoveAll(ended.Contains);
        _noted.Changed++;
    }

    /// <summary>Tells and writes what has changed. What is dead is dead at once: where it cannot be told or written now, that is made up for soon.</summary>
    private async Task Settle()
    {
        _noted.Changed++;
        try
        {
            await Write();
        }
        catch (Exception exception) when (!_isStale && (exception is JournalUnavailableException or OrleansException or TimeoutException))
        {
            LogNotNoted(logger, Id, exception);
            _again?.Dispose();
            _again = this.RegisterGrainTimer(static (grain, _) => grain.CatchUp(), this, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task Write()
    {
        // Told before it is written: viewers are gone also while the disk cannot be written.
        if (_untold.ToArray() is { Length: > 0 } ended)
        {
            await GrainFactory.GetGrain<IEndedSessionsGrain>(0).Note(ended);
            _untold.RemoveRange(0, ended.Length);
        }

        if (_sessions.Count == 0 && _version == 0) return;
        var changed = _noted.Changed;
        if (await records.Write(Kind, Id, JsonSerializer.SerializeToUtf8Bytes(new Kept(_sessions, _wouldHaveLasted)), _version) is { } version)
        {
            (_version, _noted.Written) = (version, changed);
            return;
        }

        // Another activation has written, as in a cluster that was cut in two, or the record was erased. What is here counts no more.
        _isStale = true;
        DeactivateOnIdle();
        throw new JournalUnavailableException("The sessions of this account have been changed elsewhere at the same moment. Try again.");
    }

    private async Task CatchUp()
    {
        // An operator's tool ends them in the record, and cannot say so here.
        if (Id == AccountId.Administrator && !_isStale && await IsErased())
        {
            _isStale = true;
            Remove(static _ => true, byItsPerson: false);
            await GrainFactory.GetGrain<IEndedSessionsGrain>(0).Note([.. _untold]);
            DeactivateOnIdle();
            return;
        }

        if (_isStale || (_noted.Changed == _noted.Written && _untold.Count == 0)) return;
        try
        {
            await Write();
        }
        catch (Exception exception) when (exception is JournalUnavailableException or OrleansException or TimeoutException)
        {
            LogNotNoted(logger, Id, exception);
        }
    }

    private async Task<bool> IsErased()
    {
        try
        {
            return _version > 0 && (await records.Read(Kind, Id))?.Version != _version;
        }
        catch (JournalUnavailableException)
        {
            return false;
        }
    }

    private sealed record Kept(List<Session> Sessions, DateTimeOffset WouldHaveLasted)
    {
        /// <summary>What another version has written is read as nothing: its people sign in again.</summary>
        public static Kept Read(ReadOnlySpan<byte> data)
        {
            try
            {
                return JsonSerializer.Deserialize<Kept>(data) is { Sessions: not null } kept ? kept : new([], default);
            }
            catch (JsonException)
            {
                return new([], default);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "What changed in the sessions of {Account} could not be written; trying again")]
    private static partial void LogNotNoted(ILogger logger, string account, Exception exception);
}
