using System.Globalization;
using Coordination.Contracts;
using Coordination.Contracts.Plans;
using Coordination.Contracts.Requests;
using Coordination.Domain;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Journal;

namespace Coordination.Benchmarks.Filling;

/// <summary>
/// The plans of the size to plan for, and what is reported on them: 5,000 of 20 milestones and 20 of 2,000, of which each milestone is reported on as
/// often as the next; and cooperation requests that are over. What is open, late or waits is the same however long the journal is.
/// </summary>
public sealed class ScalePlans
{
    private const int Small = 5_000;
    private const int Large = 20;

    /// <summary>Reports in one append of a large plan.</summary>
    private const int Part = 200;

    /// <summary>Requests for every report of every milestone.</summary>
    private const int Requests = 200;

    private static readonly string[] What = ["shelter", "hotline", "curriculum", "referral", "database", "campaign", "inspection", "protocol", "fund", "translation"];
    private static readonly string[] Done = ["is drafted", "is agreed with the regions", "was tested in two districts", "waits for the budget", "was handed over to the agency"];

    private readonly List<Plan> _plans;
    private int _round;

    public ScalePlans() => _plans = [];

    private ScalePlans(IEnumerable<Plan> plans, int round) => (_plans, _round) = ([.. plans], round);

    public IReadOnlyList<Plan> All => _plans;
    public IEnumerable<Plan> SmallOnes => _plans.Where(plan => plan.Milestones.Count < 1_000);
    public IEnumerable<Plan> LargeOnes => _plans.Where(plan => plan.Milestones.Count >= 1_000);

    /// <summary>The same plans as they stand now, for another journal that goes on from here.</summary>
    public ScalePlans Copy() => new(_plans.Select(plan => plan.Copy()), _round);

    /// <summary>Opens the plans, the bodies' in turn.</summary>
    public async Task Draft(Filler filler, string[] bodies, int small = Small, int large = Large)
    {
        for (var index = 0; index < small + large; index++)
        {
            // Large ones among the others, so that they are nothing special in any list.
            var isLarge = large > 0 && index % ((small + large) / large) == 0 && _plans.Count(plan => plan.Milestones.Count > 1_000) < large;
            _plans.Add(await Draft(filler, $"nap-{index:D4}", bodies[index % bodies.Length], isLarge ? 300 : 5, isLarge ? 2_000 : 20, index));
        }
    }

    /// <summary>Reports on each milestone in turn, again and again, until the journal has so many entries.</summary>
    public async Task Report(Filler filler, long entries)
    {
        while (filler.Entries < entries)
        {
            foreach (var (index, plan) in _plans.Index())
            {
                for (var first = 0; first < plan.Milestones.Count && filler.Entries < entries; first += Part)
                    await Report(filler, plan, first, (int)Math.Min(Math.Min(Part, plan.Milestones.Count - first), entries - filler.Entries));
                if (index % (_plans.Count / Math.Min(Requests, _plans.Count)) == 0 && filler.Entries + 4 <= entries) await Request(filler, index);
            }

            _round++;
        }
    }

    private async Task Report(Filler filler, Plan plan, int first, int count)
    {
        var added = new List<NewEntry>(count);
        for (var index = first; index < first + count; index++)
        {
            var milestone = plan.Milestones[index];
            var report = new Report(
                NewId.Of('r', string.Create(CultureInfo.InvariantCulture, $"{plan.Id} {index} {_round}")), milestone.Id, plan.Body, plan.Body, MilestoneStatus.InProgress, (_round * 7 + index) % 99 + 1,
                string.Create(CultureInfo.InvariantCulture, $"The {What[(index + _round) % What.Length]} {Done[(index * 3 + _round) % Done.Length]}; the next look is in month {_round % 12 + 1}."), []);
            added.Add(Filler.Entry(new MilestoneReported(report), milestone.Topics, plan.Audience));
        }

        await filler.Add(plan.Stream, plan.Version, plan.Body, added);
        plan.Version += count;
    }

    private async Task Request(Filler filler, int index)
    {
        var (from, to) = (_plans[index].Body, _plans[(index + 1) % _plans.Count].Body);
        var id = NewId.Of('q', string.Create(CultureInfo.InvariantCulture, $"{index} {_round}"));
        await filler.Add<RequestState>($"request/{id}", 0, null, from, [
            new RequestOpened(
                from, [to], null, RequestKind.Information, $"How the {What[index % What.Length]} is paid for", "We prepare ours and would like to know what you would do again.", Pillar.VictimProtection,
                Mark.Parties, Urgency.Routine, null, null, [], null, null, true),
            new RequestAccepted(to, null, null),
            new RequestAnswered(to, "Half of it by the State, half by the fund; we would agree on the second half earlier."),
            new RequestConfirmed(null),
        ]);
    }

    private static async Task<Plan> Draft(Filler filler, string id, string body, int measures, int milestones, int number)
    {
        var stream = $"plan/{id}";
        var state = await filler.Add<PlanState>(stream, 0, null, body, [
            new PlanDrafted(
                body, null, string.Create(CultureInfo.InvariantCulture, $"National action plan {number} on {What[number % What.Length]} and {What[number / What.Length % What.Length]}"), null, null, PlanStatus.UnderImplementation,
                number % 10 == 9 ? Mark.Parties : Mark.Community, null, null, true),
            .. Enumerable.Range(0, measures).Select(measure => new MeasureAdded(
                $"s{measure}", (Pillar)(measure % 7), $"Measure {measure}: the {What[measure % What.Length]} is there for everyone", Participation.Of(body), null, null)),
        ]);
        var version = 1L + measures;
        foreach (var some in Enumerable.Range(0, milestones).Chunk(Part))
        {
            state = await filler.Add(stream, version, state, body, [.. some.Select(Added)]);
            version += some.Length;
        }

        var audience = FactJson.Write(state.Audience);
        return new(id, body, version, audience, [.. state.Milestones.Keys.Order(StringComparer.Ordinal).Select(milestone => new Milestone(milestone, filler.TopicsOf(id, state, milestone)))]);

        Fact<PlanState> Added(int milestone)
        {
            Due due = new DateOnly(2026, 1, 31).AddMonths((milestone * 11 + number) % 60);
            return new MilestoneAdded($"s{milestone % measures}", $"m{milestone}", $"Milestone {milestone}: the {What[(milestone + number) % What.Length]} {Done[milestone % Done.Length]}", due, due);
        }
    }

    /// <param name="Topics">Of a report on it.</param>
    public sealed record Milestone(string Id, string[] Topics);

    /// <summary>One of them, as it stands in the journal.</summary>
    public sealed class Plan(string id, string body, long version, byte[] audience, IReadOnlyList<Milestone> milestones)
    {
        public string Id => id;
        public string Stream { get; } = $"plan/{id}";
        public string Body => body;
        public long Version { get; set; } = version;
        public byte[] Audience => audience;
        public IReadOnlyList<Milestone> Milestones => milestones;
        public Plan Copy() => new(id, body, Version, audience, milestones);
    }
}
