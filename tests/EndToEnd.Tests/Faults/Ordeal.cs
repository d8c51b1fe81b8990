using System.Diagnostics;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>
/// A platform under load and watched, on which a test then inflicts something. At its end everything that was acknowledged
/// is there once, the chain holds, views are those of a fresh rebuild, and every viewer saw what it may see, in order, once.
/// </summary>
public sealed class Ordeal : IAsyncDisposable
{
    public const int FirstPlans = 18;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan ToBegin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToBeQuiet = TimeSpan.FromSeconds(60);

    private readonly IPlatform _platform;
    private readonly Sessions _sessions;
    private readonly List<Viewer> _viewers = [];
    private readonly List<LoadedPlan> _plans = [];
    private long _start;

    private Ordeal(string run, IPlatform platform, Sessions sessions)
    {
        (Run, _platform, _sessions) = (run, platform, sessions);
        Load = new(sessions.Callers, run, Pace);
    }

    /// <summary>Begins the ids of everything that this one makes.</summary>
    public string Run { get; }

    public Load Load { get; }

    public IReadOnlyList<Viewer> Viewers => _viewers;

    public IReadOnlyList<LoadedPlan> Plans => _plans;

    /// <summary>Makes plans, starts viewers and load, and waits until every plan is being written to.</summary>
    /// <param name="run">Letters, digits and dashes.</param>
    /// <param name="enough">Whether the plans are well spread; while they are not, more are made. Called with the plans so far.</param>
    public static async Task<Ordeal> Begin(string run, IPlatform platform, Sessions sessions, Func<IReadOnlyList<LoadedPlan>, Task<bool>>? enough = null)
    {
        // The same platform may have lived through one of this name before.
        var ordeal = new Ordeal($"{run}-{await platform.Head(Waiting.Cancellation)}", platform, sessions);
        try
        {
            await ordeal.Prepare(enough);
            return ordeal;
        }
        catch
        {
            await ordeal.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends the load, waits until all is quiet and checks everything. The platform must be whole again. Answers what is to be
    /// told of it; <paramref name="from"/> is the moment of the fault, <paramref name="victims"/> the streams that it struck.
    /// </summary>
    public async Task<Account> End(long from, IReadOnlyCollection<string> victims)
    {
        await Load.End();
        Assert.True(Load.Wrong.Count == 0, $"{Load.Wrong.Count} writes were refused that should not have been, or given up, such as:\n{string.Join('\n', Load.Wrong.Take(5))}");
        var acknowledged = Load.Acknowledged;
        var kept = await _platform.Read(_start, Waiting.Cancellation);
        var failures = new List<string>();
        failures.AddRange(Checks.Kept(_start, acknowledged, kept));

        var head = kept.Entries.Count == 0 ? _start : kept.Entries[^1].Position;
        await Waiting.Until("every viewer has taken in as much as it may see", ToBeQuiet, async () => await Behind(kept, head));
        foreach (var viewer in _viewers)
        {
            var fed = (await Waiting.Patiently(() => viewer.Caller.Feed(_start, Waiting.Cancellation, viewer.TopicQuery))).Select(Seen.Of).ToList();
            failures.AddRange(Checks.Fed(viewer.Sight, fed, kept, acknowledged));
            failures.AddRange(Checks.Watched(viewer.Sight, fed));
        }

        var verified = await Waiting.Patiently(() => _sessions.Callers[Writers.Planners[0]].Get("journal/verify", Waiting.Cancellation));
        if (!verified.GetProperty("ok").GetBoolean() || verified.GetProperty("entries").GetInt64() != head) failures.Add($"The chain does not hold up to {head}: {verified}");
        failures.AddRange(await _platform.Inspect(head, Waiting.Cancellation));
        Assert.True(failures.Count == 0, $"{failures.Count} promises are broken:\n{string.Join('\n', failures.Take(20))}");

        var during = acknowledged.Where(one => one.Done >= from).ToList();
        foreach (var one in during.OrderByDescending(one => one.Done - one.Sent).Take(8))
            Waiting.Say($"Slow: {one.Write.Stream} of {one.Write.Account}{(victims.Contains(one.Write.Stream) ? ", struck" : "")}, sent {Stopwatch.GetElapsedTime(from, one.Sent).TotalSeconds:0.0} s after, took {Stopwatch.GetElapsedTime(one.Sent, one.Done).TotalSeconds:0.0} s");
        return new(
            acknowledged.Count, kept.Entries.Count, Load.Refusals.Values.Sum(), acknowledged.Count(one => one.Replayed),
            Longest(during.Where(one => victims.Contains(one.Write.Stream))), Longest(during.Where(one => !victims.Contains(one.Write.Stream))),
            during.Where(one => one.Refused is not null && !victims.Contains(one.Write.Stream)).Select(one => Stopwatch.GetElapsedTime(one.Refused!.Value, one.Done)).DefaultIfEmpty().Max(),
            _viewers.Count, _viewers.Sum(viewer => viewer.Sight.Taken.Length), _viewers.Sum(viewer => viewer.Lines - 1), Load.Told());
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        foreach (var viewer in _viewers) await viewer.DisposeAsync();
    }

    private static TimeSpan Longest(IEnumerable<Acknowledged> writes) =>
        writes.Select(one => Stopwatch.GetElapsedTime(one.Sent, one.Done)).DefaultIfEmpty().Max();

    private async Task Prepare(Func<IReadOnlyList<LoadedPlan>, Task<bool>>? enough)
    {
        const int Most = 72;
        await Make(FirstPlans);
        while (enough is not null && !await enough(_plans))
        {
            if (_plans.Count >= Most) Assert.Fail($"{_plans.Count} plans are not spread over the silos: the fault would prove nothing.");
            await Make(6);
        }

        _start = await _platform.Head(Waiting.Cancellation);
        foreach (var (name, body, topics) in Watchers()) _viewers.Add(new(name, body, _sessions.Callers[body], _platform.Address, _start, topics));
        foreach (var viewer in _viewers) await viewer.Following.WaitAsync(ToBegin, Waiting.Cancellation);
        Load.Report(_plans);
        Load.Converse(_start);
        await Load.ContinueOnEach([.. _plans.Select(plan => plan.Stream), $"group/{Writers.Group}", "request", "inbox/valdoria"], ToBegin);
    }

    /// <summary>People with different rights, who follow all or something.</summary>
    private IEnumerable<(string Name, string Body, string[] Topics)> Watchers()
    {
        var closed = _plans.First(plan => plan is { Mark: "parties", Account: "canada" });
        yield return ("a party", "valdoria", ["all"]);
        yield return ("an outsider", "sweden", ["all"]);
        yield return ("a member of the group", "meridian-secretariat", [$"group/{Writers.Group}"]);
        yield return ("a national rapporteur", "finland-national-rapporteur", ["all"]);
        yield return ("the body of a plan", "canada", [closed.Topic, "body/argentina"]);
        yield return ("an outsider who follows a State", "sweden-national-rapporteur", ["state/FIN"]);
        yield return ("an outsider who follows a closed plan", "argentina", [closed.Topic, _plans[0].Topic]);
    }

    private async Task Make(int count)
    {
        var plans = Enumerable.Range(_plans.Count, count).Select(async number =>
        {
            var (name, account, mark) = Writers.Plan(Run, number);
            var id = (await Once("plans", new { id = name, title = $"Plan {number} of {Run}", mark }, "draft")).Id;
            await Once($"plans/{id}/measures", new { id = "s1", pillar = "training", title = "Courses for inspectors" }, "measure");
            await Once($"plans/{id}/measures/s1/milestones", new { id = LoadedPlan.Milestone, title = "The first course is held", due = "2099-06-30" }, "milestone");
            return new LoadedPlan(id, account, mark);

            Task<Receipt> Once(string path, object body, string what) =>
                Waiting.Patiently(() => _sessions.Callers[account].Write(path, body, Waiting.Cancellation, $"{name}-{what}"));
        });
        _plans.AddRange(await Task.WhenAll(plans));
    }

    private Task<string?> Behind(KeptJournal kept, long head)
    {
        var behind = _viewers.Select(viewer => (viewer, missing: Checks.Due(viewer.Sight, kept).Count() - viewer.Sight.Taken.Length)).Where(pair => pair.missing > 0)
            .Select(pair => $"{pair.viewer.Name} {pair.missing} of those up to {head}");
        var told = string.Join(", ", behind);
        return Task.FromResult(told.Length == 0 ? null : told);
    }
}

/// <summary>What is told of a fault that was survived.</summary>
/// <param name="Refused">Answers that told a client to try again.</param>
/// <param name="Replayed">Acknowledgements of what had been carried out before its client knew.</param>
/// <param name="LongestStruck">Longest time from sending to acknowledgement of a write to what the fault struck, all repetitions included.</param>
/// <param name="LongestOther">The same for all others.</param>
/// <param name="RefusedOther">Longest time from the first refusal of one of the others to its acknowledgement.</param>
/// <param name="LinesLost">How often viewers had to connect again.</param>
public sealed record Account(
    int Acknowledged, int Entries, int Refused, int Replayed, TimeSpan LongestStruck, TimeSpan LongestOther, TimeSpan RefusedOther, int Viewers, int Seen, int LinesLost, string Refusals);
