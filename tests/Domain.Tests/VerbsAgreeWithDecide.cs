using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Erasures;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Plans;
using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Erasures;
using CsCheck;

namespace Coordination.Domain.Tests;

using static World;

/// <summary>
/// Goes over the verbs of every noun, in each kind of state and in the states that random commands lead to from there, for everyone in every role. A verb that is
/// listed as allowed is done when a well-formed command asks for it; a verb that is not listed changes nothing. The noun's own tests say which verbs ought to be
/// allowed: what is wrong in a guard is wrong on both sides here.
/// </summary>
[Trait("Full", "scale")]
public sealed class VerbsAgreeWithDecide
{
    /// <summary>From each kind of state.</summary>
    private static readonly int Walks = TestSize.Of(12, 120);

    /// <summary>What decides at random which noun it is, where each step goes, and how many hours pass before it: mostly few.</summary>
    private static readonly Gen<(int Noun, (int Pick, int Hours)[] Steps)> AnyWalk = Gen.Select(
        Gen.Int[0, int.MaxValue - 1], Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[0, 200].Select(hours => hours < 160 ? hours % 12 : hours)).Array[8]);

    /// <summary>A verb on a thing or one of its parts, and commands that ask for it; those that are well-formed would be done.</summary>
    /// <param name="IsDoneWithoutFacts">It can be that it is not refused and no fact follows.</param>
    private sealed record Attempt(string Verb, bool IsAllowed, IEnumerable<object> Commands, bool IsDoneWithoutFacts = false)
    {
        public Attempt(string verb, Decision? guard, params object[] commands) : this(verb, guard is null, commands) { }
    }

    /// <param name="Starts">One state of each kind.</param>
    /// <param name="Attempts">Everything that could be done with it in a state.</param>
    private sealed record Noun<TState>(
        TState[] Starts, World World, IEnumerable<Actor> Actors, Func<TState, Fact, TState> Evolve, Decider<TState, object> Decide,
        Func<TState, Situation, IEnumerable<Attempt>> Attempts);

    private static readonly DateTimeOffset Now = Given<PlanState?, PlanCommand>.Now;

    private readonly ConcurrentDictionary<Type, bool> _commands = new();
    private readonly ConcurrentDictionary<(string Verb, bool IsAllowed), bool> _verbs = new();

    [Fact]
    public void Of_a_body() => Sample<BodyState?, BodyCommand>(Body);

    [Fact]
    public void Of_an_account() => Sample<AccountState?, AccountCommand>(Account);

    [Fact]
    public void Of_a_plan() => Sample<PlanState?, PlanCommand>(Plan);

    [Fact]
    public void Of_a_request() => Sample<RequestState?, RequestCommand>(Request);

    [Fact]
    public void Of_a_group() => Sample<GroupState?, GroupCommand>(Group);

    [Fact]
    public void Of_subscriptions() => Sample<SubscriptionsState, SubscriptionCommand>(Subscriptions);

    [Fact]
    public void Of_texts_that_are_erased()
    {
        var entries = new Dictionary<long, Erasable> { [1] = new(1, """{"mark":"public"}""", [Arden], true, []) };
        foreach (var actor in By.Everyone(new()))
        {
            var decision = ErasureRules.Decide(new([1], "Named a victim."), entries, actor);
            Assert.Equal((ErasureRules.MayErase(actor), ErasureRules.MayErase(actor) is null), (decision.Refusal, decision.Facts is [_]));
        }
    }

    /// <summary>The largest there are, which no walk reaches.</summary>
    [Fact]
    public void Of_a_plan_with_as_much_as_there_may_be()
    {
        Fact[] measures = [.. Enumerable.Range(0, PlanRules.MostMeasures - 2).Select(index => new MeasureAdded($"s{index}", Pillar.Training, "Training", Participation.Of(Arden), null, null))];
        Fact[] milestones = [.. Enumerable.Range(0, PlanRules.MostMilestones - 2).Select(index => new MilestoneAdded("shelters", $"m{index}", "Posters", Plans.PlanScenario.Due, Plans.PlanScenario.Due))];
        Fact[] reports = [.. Enumerable.Range(0, PlanRules.MostOpenReports).Select(index => new ReportSubmitted(Plans.PlanScenario.Report($"r{index}")))];
        Actor[] involved = [By.Coordinator(Arden), By.Contributor(Arden), By.Coordinator(ArdenPolice), By.Contributor(Belmar), By.Platform];
        foreach (var facts in new[] { measures, reports })
            Check(Plan(0) with { Actors = involved }, Plans.PlanScenario.Plan(then: facts).State, Now, "c");
        var full = Plans.PlanScenario.Plan(then: milestones);
        foreach (var actor in By.Everyone(full.World))
        {
            Assert.DoesNotContain("add-milestone", PlanRules.Verbs.Allowed(full.State!, new(actor, default, full.World)));
            Assert.NotNull(full.When(new AddMilestone("shelters", null, "Posters", Plans.PlanScenario.Due), actor).Decision.Refusal);
        }
    }

    /// <summary>Each is tried above, where all that belong to it are asked for as well.</summary>
    [Fact]
    public void Every_noun_that_takes_commands_is_gone_over() => Assert.Equal(
        new[] { typeof(AccountCommand), typeof(BodyCommand), typeof(GroupCommand), typeof(PlanCommand), typeof(RequestCommand), typeof(SubscriptionCommand) },
        Contracts().Where(type => type.IsAbstract && type.Name.EndsWith("Command", StringComparison.Ordinal)).OrderBy(type => type.Name, StringComparer.Ordinal));

    /// <summary>Without those that need Orleans, which is not here; commands do not.</summary>
    private static IEnumerable<Type> Contracts()
    {
        try
        {
            return typeof(PlanCommand).Assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException some)
        {
            return some.Types.OfType<Type>();
        }
    }

    private void Sample<TState, TCommand>(Func<int, Noun<TState>> make)
    {
        for (var start = 0; start < make(0).Starts.Length; start++)
        {
            var from = start;
            AnyWalk.Sample(walk => Walk(make(walk.Noun), from, walk.Steps), iter: Walks);
        }

        Assert.Equal(
            Contracts().Where(type => type.IsSubclassOf(typeof(TCommand))).Select(type => type.Name).Order(StringComparer.Ordinal),
            _commands.Keys.Where(type => type.IsSubclassOf(typeof(TCommand))).Select(type => type.Name).Order(StringComparer.Ordinal));
        // A verb that was never allowed, or always, has shown nothing.
        Assert.All(_verbs.Keys, seen => Assert.True(_verbs.ContainsKey((seen.Verb, !seen.IsAllowed)), $"{seen.Verb} was always allowed: {seen.IsAllowed}."));
    }

    /// <summary>Each step by one of the commands that are done, until there is none.</summary>
    private void Walk<TState>(Noun<TState> noun, int start, (int Pick, int Hours)[] steps)
    {
        var (state, now, position) = (noun.Starts[start], Now, 100L);
        foreach (var (pick, hours) in steps)
        {
            var moves = Check(noun, state, now += TimeSpan.FromHours(hours), $"c{position}").ToLookup(move => move.Verb, move => move.Facts).OrderBy(move => move.Key, StringComparer.Ordinal).ToList();
            if (moves.Count == 0) return;
            var ways = moves[pick % moves.Count].ToList();
            foreach (var fact in ways[pick / moves.Count % ways.Count]) state = noun.Evolve(state, fact with { EntryPosition = ++position });
        }
    }

    /// <summary>Everyone tries everything. Answers what would be done.</summary>
    private List<(string Verb, ImmutableArray<Fact> Facts)> Check<TState>(Noun<TState> noun, TState state, DateTimeOffset now, string command)
    {
        var done = new List<(string, ImmutableArray<Fact>)>();
        foreach (var actor in noun.Actors)
        {
            var situation = new Situation(actor, now, noun.World, command);
            foreach (var attempt in noun.Attempts(state, situation))
            {
                var decisions = attempt.Commands.Select(it => (Command: it, Decision: noun.Decide(state, it, situation))).ToList();
                var facts = decisions.Where(it => !it.Decision.Facts.IsEmpty).ToList();
                if (attempt.IsAllowed != facts.Count > 0 && !(attempt.IsAllowed && attempt.IsDoneWithoutFacts && decisions.Exists(it => it.Decision.Refusal is null)))
                {
                    Assert.Fail($"{attempt.Verb} is {(attempt.IsAllowed ? "" : "not ")}allowed to {actor}, and {state} answers "
                        + string.Join("; ", decisions.Select(it => $"{it.Command}: {it.Decision.Refusal?.Code ?? string.Join(", ", it.Decision.Facts)}")));
                }

                _verbs.TryAdd((attempt.Verb, attempt.IsAllowed), true);
                foreach (var it in decisions) _commands.TryAdd(it.Command.GetType(), true);
                done.AddRange(facts.Select(it => (attempt.Verb, it.Decision.Facts)));
            }
        }

        return done;
    }

    /// <summary>Each verb of a closed set, with commands that ask for it.</summary>
    private static IEnumerable<Attempt> Of<TThing>(Verbs<TThing> verbs, TThing thing, Situation situation, Func<string, IEnumerable<object>> commands, string part = "")
    {
        var allowed = verbs.Allowed(thing, situation);
        Assert.Equal(verbs.Names.Where(allowed.Contains), allowed);
        return verbs.Names.Select(name => new Attempt(part + name, allowed.Contains(name), commands(name), name == "grant-role"));
    }

    private static ArgumentOutOfRangeException Unknown(string verb) => new(nameof(verb), verb, "A verb for which no command is known here.");

    private static World WithCoordinators(int noun, string account) =>
        new() { Coordinators = { [Arden] = (noun % 4) switch { 0 => [], 1 => [account], 2 => ["another"], _ => [account, "another"] } } };

    /// <summary>In some worlds a body has as much open as it may.</summary>
    private static World Full(int noun, World world)
    {
        if (noun % 5 == 0) world.Open[Arden] = OpenThings.Most;
        return world;
    }

    private static Noun<BodyState?> Body(int noun)
    {
        var id = (noun % 7) switch { 0 => Actor.AdministratorAccount, 1 => "g-arden", _ => Arden };
        var world = WithCoordinators(noun, "another");
        return new(
            [null, new(Arden, "Council of Arden", null, null, [])], world, By.Everyone(world), (state, fact) => Fact.Evolve(Arden, state, fact),
            (BodyState? state, object command, in Situation situation) => command is GrantRole grant
                // One that has no role yet, or one that is given another invitation.
                ? AccountRules.Decide("a-7f3kq2xw", grant.Role is null ? new AccountState.Open([new(Arden, Role.Observer)]) : null, grant, situation, new(ByName: true, MayOpen: true, IsTaken: true))
                : BodyRules.Decide(id, state, (BodyCommand)command, situation),
            Attempts);

        IEnumerable<Attempt> Attempts(BodyState? state, Situation situation)
        {
            yield return new("admit", BodyRules.MayAdmit((id, state), situation), new AdmitBody(id, BodyKind.NationalBody, "Council of Arden"));
            if (state is null) yield break;
            yield return new(
                "record", BodyRules.MayRecord(state, situation), new RecordFact(new(situation.Command, "mechanism", null, null, "Meets monthly.", new("A/67/170", [20]))),
                new RecordAgreement(new(situation.Command, "Accord", "regional", null, [Arden], false, new("A/67/170", [21]))));
            foreach (var attempt in Of(BodyRules.Verbs, state, situation, verb => verb switch
            {
                "change-profile" => [new ChangeProfile(situation.Command, null, null, null, null), new ChangeProfile(null, null, "Act 7", null, null)],
                "grant-role" => [.. Enum.GetValues<Role>().Select(role => new GrantRole(Arden, "anna.k", role)), new GrantRole(Arden, "anna.k", null)],
                _ => throw Unknown(verb),
            }))
                yield return attempt;
        }
    }

    private static Noun<AccountState?> Account(int noun)
    {
        var id = noun % 9 == 0 ? AccountId.Administrator : "a-7f3kq2xw";
        bool Is(int bit) => (noun >> bit) % 4 != 0;
        var beside = new AccountRules.Beside(ByName: Is(4), MayOpen: Is(6), IsTaken: Is(8), MayObject: Is(10), IsKept: (noun >> 12) % 8 == 0);
        var world = Full(noun, WithCoordinators(noun, id));
        ImmutableArray<BodyRole> role = [new(Arden, (Role)(noun % 3))];
        var asked = new PendingReset(Arden, By.Coordinator(Arden).Account, Now + AccountRules.ResetLasts);
        Actor[] itself = [.. new[] { Role.Coordinator, Role.Contributor, Role.Observer }.Select(role => new Actor(id, Arden, role)), new(id, Belmar, Role.Coordinator), Actor.Nobody(id)];
        return new(
            [
                null, new AccountState.Open([]), new AccountState.Open(role), new AccountState.Open(role, asked), new AccountState.Open(role, asked.Agreed("administrator", Now)),
                new AccountState.Erased(),
            ],
            world, By.Everyone(world).Concat(itself), (state, fact) => Fact.Evolve("a", state, fact),
            (AccountState? state, object command, in Situation situation) => AccountRules.Decide(id, state, (AccountCommand)command, situation, beside), Attempts);

        IEnumerable<Attempt> Attempts(AccountState? state, Situation situation)
        {
            var at = new AccountRules.Case(id, state, beside);
            foreach (var body in new[] { Arden, Belmar, "nowhere" })
            {
                var there = at with { Body = body };
                yield return new(
                    "grant", AccountRules.MayGrant(there, situation) is null, Enum.GetValues<Role>().Select(role => new GrantRole(body, "anna.k", role)), state?.RoleIn(body) is not null);
                yield return new("revoke", AccountRules.MayRevoke(there, situation), new RevokeRole(body));
                yield return new("ask", AccountRules.MayAsk(there, situation), new AskReset(body));
            }

            yield return new("accept", AccountRules.MayAccept(at, situation), new AcceptInvitation(null));
            yield return new("name", AccountRules.MayName(at, situation), new NameAccount("Anna K."));
            yield return new("agree", AccountRules.MayAgree(at, situation), new AgreeToReset());
            yield return new("drop", AccountRules.MayDrop(at, situation), new DropReset());
            yield return new("make-link", AccountRules.MayMakeLink(at, situation) is null, [new MakeResetLink()], IsDoneWithoutFacts: true);
            yield return new("erase", AccountRules.MayErase(at, situation), new EraseAccount());
        }
    }

    private static Noun<PlanState?> Plan(int noun)
    {
        var world = Full(noun + 1, new());
        Fact[] reports = noun % 3 == 0 ? []
            : [new ReportDrafted(Plans.PlanScenario.Report("r1")), new ReportSubmitted(Plans.PlanScenario.Report("r2")), new ReportReturned(Plans.PlanScenario.Report("r3"), "Which month?")];
        return new(
            [
                null, Plans.PlanScenario.Given(Plans.PlanScenario.Drafted()).State,
                .. Enum.GetValues<PlanStatus>().Select(status => Plans.PlanScenario.Plan((Mark)(noun % 3), status, reports).State),
            ],
            world, By.Everyone(world), (state, fact) => Fact.Evolve("p", state, fact),
            (PlanState? state, object command, in Situation situation) => PlanRules.Decide("p", state, (PlanCommand)command, situation), Attempts);

        IEnumerable<Attempt> Attempts(PlanState? state, Situation situation)
        {
            yield return new(
                "draft", PlanRules.MayDraft((Arden, state), situation),
                [.. from mark in new[] { Mark.Parties, Mark.Community, Mark.Public } from status in Enum.GetValues<PlanStatus>() select new DraftPlan(null, Arden, "Plan", null, null, status, mark)]);
            if (state is null) yield break;
            var (plan, reports) = (state, state.Reports.Values.Select(open => open.Report.Id).Append("r-nowhere").ToArray());
            var day = Plans.PlanScenario.Due;
            var attempts = Of(PlanRules.Verbs, state, situation, verb => verb switch
            {
                "change-status" => Enum.GetValues<PlanStatus>().Select(status => new ChangePlanStatus(status)),
                "add-measure" => [new AddMeasure(null, Pillar.Training, "Training"), new AddMeasure(null, Pillar.Awareness, "Hotline", ArdenPolice, [Belmar])],
                "add-milestone" => plan.Measures.Keys.Append("nowhere").Select(measure => new AddMilestone(measure, null, "Posters", day)),
                "reschedule" => plan.Milestones.Keys.Append("nowhere").SelectMany(milestone => new[] { new RescheduleMilestone(milestone, day, "Tender."), new(milestone, day.AddDays(1), "Tender.") }),
                "approve" => reports.Select(report => new ApproveReport(report)),
                _ => throw Unknown(verb),
            });
            attempts = plan.Milestones.Values.Aggregate(attempts, (all, milestone) => all.Concat(Of(PlanRules.VerbsOfMilestone, (plan, milestone), situation, verb => verb switch
            {
                "report" => [.. Enum.GetValues<MilestoneStatus>().Select(status => new ReportProgress(milestone.Id, status)), new ReportProgress(milestone.Id, MilestoneStatus.InProgress, Draft: true)],
                "reschedule" => [new RescheduleMilestone(milestone.Id, day, "Tender."), new RescheduleMilestone(milestone.Id, day.AddDays(1), "Tender.")],
                _ => throw Unknown(verb),
            }, "milestone: ")));
            attempts = plan.Reports.Values.Aggregate(attempts, (all, open) => all.Concat(Of(PlanRules.VerbsOfReport, (plan, open), situation, verb => verb switch
            {
                "approve" => [new ApproveReport(open.Report.Id)],
                "return" => [new ReturnReport(open.Report.Id, "Which month?")],
                "submit" => [new SubmitReport(open.Report.Id), new SubmitReport(open.Report.Id, MilestoneStatus.InProgress, 55)],
                _ => throw Unknown(verb),
            }, "report: ")));
            foreach (var attempt in attempts) yield return attempt;
        }
    }

    private static Noun<RequestState?> Request(int noun)
    {
        var world = Full(noun, new());
        return new(
            [
                null, Requests.RequestScenario.Given(Requests.RequestScenario.Opened(region: "South America") with { ExpiresAt = Now }).State,
                .. Requests.RequestScenario.States.Values.Select(facts => Requests.RequestScenario.Given(facts).State),
            ],
            world, By.Everyone(world), (state, fact) => Fact.Evolve("q", state, fact),
            (RequestState? state, object command, in Situation situation) => RequestRules.Decide("q", state, (RequestCommand)command, situation), Attempts);

        IEnumerable<Attempt> Attempts(RequestState? state, Situation situation)
        {
            var day = DateOnly.FromDateTime(situation.Now.UtcDateTime).AddDays(1 + noun % 20);
            string[] others = [.. new[] { Belmar, Corvan, Arden, Agency }.Where(body => body != situation.Actor.Body).Take(1 + noun % 3)];
            OpenRequest[] requests =
            [
                .. Enum.GetValues<Mark>().Select(mark => new OpenRequest(others, null, RequestKind.Training, "A course", Mark: mark, NeededBy: day)),
                new(null, "Latin America and the Caribbean", RequestKind.Training, "A course", Mark: noun % 2 == 0 ? Mark.Parties : Mark.Community, NeededBy: day),
            ];
            yield return new("open", RequestRules.MayOpen(state, situation) is null, requests);
            if (state is null) yield break;
            foreach (var attempt in Of(RequestRules.Verbs, state, situation, verb => [verb switch
            {
                "propose-date" => new ProposeDate(state.Proposal?.Date == day ? day.AddDays(1) : day),
                _ => Requests.RequestScenario.Command(verb),
            }]))
                yield return attempt;
        }
    }

    private static Noun<GroupState?> Group(int noun)
    {
        var world = Full(noun, new());
        var actors = By.Everyone(world).ToList();
        // Enough of them that in no walk everybody has been invited.
        for (var index = 0; index < 6; index++) world.Add($"body-{index}", BodyKind.Partner, null, "UTC");
        return new(
            [
                null, .. new[]
                {
                    Groups.GroupScenario.Formed, Groups.GroupScenario.Formed with { Members = [Arden] }, Groups.GroupScenario.Formed with { Chairs = [] },
                    Groups.GroupScenario.Formed with { Chairs = [], Members = [] },
                }.Select(formed => Groups.GroupScenario.Given(formed).State),
            ],
            world, actors, (state, fact) => Fact.Evolve(Network, state, fact),
            (GroupState? state, object command, in Situation situation) => GroupRules.Decide(Network, state, (GroupCommand)command, situation), Attempts);

        IEnumerable<Attempt> Attempts(GroupState? state, Situation situation)
        {
            yield return new("form", GroupRules.MayForm(state, situation), new FormGroup(null, "Network"), new FormGroup(null, "Network", [Arden, Belmar]), new FormGroup(null, "Network", [Corvan]));
            if (state is null) yield break;
            var (actor, day) = (situation.Actor, DateOnly.FromDateTime(situation.Now.UtcDateTime));
            var own = actor.Coordinates(actor.Body) ? actor.Body : null;
            foreach (var attempt in Of(GroupRules.Verbs, state, situation, verb => verb switch
            {
                "join" => [new JoinGroup()],
                "decline" => own is not null && state.Invited.ContainsKey(own) ? [new RemoveMember(own)] : [],
                "leave" => own is not null && !state.Invited.ContainsKey(own) ? [new RemoveMember(own)] : [],
                "share" => [new ShareUpdate("Hello")],
                "add-member" => world.Bodies.Keys.Where(body => !state.Members.Contains(body) && !state.Invited.ContainsKey(body)).TakeLast(2).Append(Belmar).Append(Corvan)
                    .Select(body => new InviteMember(body)),
                "remove-member" => state.Members.Union(state.Invited.Keys).Add(Lagoon).Where(body => body != own).Append(null).Select(body => new RemoveMember(body)),
                "appoint-chair" => state.Members.Add(Lagoon).SelectMany(body => new[] { new AppointChair(body, day), new AppointChair(body, day, day.AddDays(9)) }),
                _ => throw Unknown(verb),
            }))
                yield return attempt;
        }
    }

    private static Noun<SubscriptionsState> Subscriptions(int noun)
    {
        var world = new World();
        var id = noun % 7 == 0 ? "nowhere" : Arden;
        return new(
            [SubscriptionsState.Empty(Arden)], world, By.Everyone(world), (state, fact) => Fact.Evolve(Arden, state, fact)!,
            (SubscriptionsState state, object command, in Situation situation) => SubscriptionRules.Decide(id, state, (SubscriptionCommand)command, situation), Attempts);

        IEnumerable<Attempt> Attempts(SubscriptionsState state, Situation situation)
        {
            // As many as there are Latin letters differ from one another.
            var states = new[] { string.Create(CultureInfo.InvariantCulture, $"XA{(char)('A' + state.Subscriptions.Count + state.Ended.Count)}") };
            yield return new("subscribe", SubscriptionRules.MayChange(id, situation), new Subscribe(SubscriptionSubject.Requests, null, states));
            foreach (var made in state.Subscriptions.Keys) yield return new("unsubscribe", SubscriptionRules.MayChange(id, situation), new Unsubscribe(made));
            yield return new("read", SubscriptionRules.MayRead(id, situation), new ReadInbox(state.ReadUpTo + 1));
        }
    }
}
