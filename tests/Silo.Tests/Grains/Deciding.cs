using Coordination.Domain.Plans;

namespace Coordination.Silo.Tests.Grains;

[Collection(nameof(SharedSilo))]
public sealed class Deciding(SharedSilo shared) : IDisposable
{
    private readonly RunningSilo _silo = shared.Silo;

    public void Dispose() => _silo.Disk.Fails = _ => false;

    [Trait("On", "both")]
    [Fact]
    public async Task A_command_is_decided_written_and_answered()
    {
        var body = await _silo.Admit();
        var plan = Giving.NewId("plan");

        var drafted = await _silo.Plan(plan).Give(body, new DraftPlan(plan, body, "A plan"));
        var added = await _silo.Plan(plan).Give(body, new AddMeasure(null, Pillar.Training, "Train border guards"));

        Assert.Equal((plan, drafted.Position, false), (drafted.Id, drafted.Version, drafted.Repeated));
        Assert.Matches("^s-[a-z2-9]{8}$", added.Id);
        Assert.Equal(added.Position, added.Version);
        Assert.True(added.Position > drafted.Position);
        var entry = Assert.Single(await _silo.Disk.Journal.ReadAt([added.Position], Waiting.Cancellation));
        Assert.Equal(($"plan/{plan}", 2, "plan.measure-added", body, body), (entry.Stream, entry.Version, entry.Fact, entry.Actor, entry.Body));
        Assert.Equal([$"plan/{plan}", $"body/{body}", "pillar/training"], entry.Topics);
    }

    [Fact]
    public async Task A_repeated_command_gets_the_first_answer_also_when_the_rule_would_now_refuse()
    {
        var body = await _silo.Admit();
        var plan = Giving.NewId("plan");
        var header = Giving.By(body);
        var command = new DraftPlan(plan, body, "A plan");
        var first = await _silo.Plan(plan).Execute(header, command).Done();
        await _silo.Plan(plan).Give(body, new AddMeasure("m", Pillar.Training, "A measure"));

        var again = await _silo.Plan(plan).Execute(header, command).Done();

        Assert.Equal(first with { Repeated = true }, again);
        Assert.Equal("plan.already-exists", (await _silo.Plan(plan).Execute(Giving.By(body), command).Refused()).Code);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_repeated_command_gets_the_first_answer_after_deactivation_and_more_changes()
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        var header = Giving.By(body, seen: await _silo.EndOf($"plan/{plan}"));
        var command = new ReportProgress("one", MilestoneStatus.InProgress, 10);
        var first = await _silo.Plan(plan).Execute(header, command).Done();
        await _silo.Plan(plan).Give(body, new ReportProgress("one", MilestoneStatus.InProgress, 20));
        await _silo.Plan(plan).Deactivate();

        var again = await _silo.Plan(plan).Execute(header, command).Done();

        Assert.StartsWith("r-", first.Id, StringComparison.Ordinal);
        Assert.Equal(first with { Repeated = true }, again);
        Assert.Equal(6, await _silo.PlaceOf(await _silo.Plan(plan).Give(body, new ReportProgress("one", MilestoneStatus.InProgress, 30))));
    }

    [Theory]
    [InlineData("other words", true)]
    [InlineData("this", false)]
    public async Task The_same_key_for_something_else_is_refused(string said, bool samePlan)
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        var other = await _silo.Draft(body);
        var header = Giving.By(body);
        await _silo.Plan(plan).Execute(header, new AddMeasure("n", Pillar.Training, "Another")).Done();

        var refusal = await _silo.Plan(samePlan ? plan : other).Execute(header with { Fingerprint = said }, new AddMeasure("n", Pillar.Awareness, "Another")).Refused();

        Assert.Equal((RefusalReason.KeyReused, "idempotency.key-reused"), (refusal.Reason, refusal.Code));
    }

    [Fact]
    public async Task A_version_that_is_no_longer_the_latest_is_stale_and_told_the_latest()
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        var latest = await _silo.EndOf($"plan/{plan}");

        var refusal = await _silo.Plan(plan).Execute(Giving.By(body, seen: latest - 1), new RescheduleMilestone("one", new(2031, 6, 1), "Later")).Refused();

        Assert.Equal((RefusalReason.Stale, latest), (refusal.Reason, refusal.Version));
        await _silo.Plan(plan).Execute(Giving.By(body, seen: latest), new RescheduleMilestone("one", new(2031, 6, 1), "Later")).Done();
    }

    [Fact]
    public async Task What_is_hidden_has_no_version_to_be_stale()
    {
        var (body, stranger) = (await _silo.Admit(), await _silo.Admit());
        var plan = await _silo.Draft(body, mark: Mark.Parties);

        var refusal = await _silo.Plan(plan).Execute(Giving.By(stranger, seen: 1), new ChangePlanStatus(PlanStatus.Adopted)).Refused();

        var nothing = await _silo.Plan(Giving.NewId("plan")).Execute(Giving.By(stranger, seen: 1), new ChangePlanStatus(PlanStatus.Adopted)).Refused();
        Assert.Equal((RefusalReason.NotFound, null), (refusal.Reason, refusal.Version));
        Assert.Equivalent(nothing, refusal, strict: true);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Another_activation_that_wrote_first_is_read_before_deciding_again()
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        await _silo.WriteBehind($"plan/{plan}", 3, body, Audience.Community, new MeasureAdded("n", Pillar.Awareness, "Behind", Participation.Of(body), null, null));

        var refusal = await _silo.Plan(plan).Execute(Giving.By(body), new AddMeasure("n", Pillar.Training, "Also n")).Refused();
        var done = await _silo.Plan(plan).Give(body, new AddMeasure("o", Pillar.Training, "Another"));

        Assert.Equal("plan.measure-already-exists", refusal.Code);
        Assert.Equal(5, await _silo.PlaceOf(done));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_refusal_is_not_given_on_a_state_that_another_activation_has_moved_on()
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        var behind = await _silo.WriteBehind($"plan/{plan}", 3, body, Audience.Community, new MeasureAdded("n", Pillar.Awareness, "Behind", Participation.Of(body), null, null));

        var done = await _silo.Plan(plan).Execute(Giving.By(body, seen: behind.Position), new AddMilestone("n", "two", "In it", new(2031, 1, 1))).Done();

        Assert.Equal(5, await _silo.PlaceOf(done));
    }

    [Fact]
    public async Task What_was_made_a_moment_ago_can_be_named_at_once()
    {
        for (var time = 0; time < 20; time++)
        {
            var (one, other) = (await _silo.Admit(), await _silo.Admit());
            var request = Giving.NewId("request");
            await _silo.Request(request).Give(one, new OpenRequest([other], null, RequestKind.Information, "Asked at once"));
            await _silo.Request(request).Give(other, new AcceptRequest());
        }
    }

    [Fact]
    public async Task While_the_journal_is_away_commands_are_refused_and_afterwards_go_through()
    {
        var body = await _silo.Admit();
        var other = await _silo.Admit();
        var plan = await _silo.Draft(body);
        var request = Giving.NewId("request");
        await _silo.Settle();
        var before = _silo.Disk.Journal.Position;
        var header = Giving.By(body);
        var open = new OpenRequest([other], null, RequestKind.Information, "With a clock", NeededBy: new(2031, 1, 1));

        _silo.Disk.Fails = access => access is not "ReadFrom";
        var awake = await _silo.Plan(plan).Execute(header, new AddMeasure("n", Pillar.Training, "Another")).Refused();
        var asleep = await _silo.Request(request).Execute(header, open).Refused();
        var refused = await _silo.Plan(plan).Execute(Giving.By(body), new AddMilestone("no-such", "two", "Nowhere", new(2031, 1, 1))).Refused();
        _silo.Disk.Fails = _ => false;

        Assert.All([awake, asleep, refused], refusal => Assert.Equal((RefusalReason.Unavailable, "journal.unavailable"), (refusal.Reason, refusal.Code)));
        Assert.Equal(before, _silo.Disk.Journal.Position);
        var done = await _silo.Plan(plan).Execute(header, new AddMeasure("n", Pillar.Training, "Another")).Done();
        Assert.Equal((4, false), (await _silo.PlaceOf(done), done.Repeated));
        await _silo.Request(request).Execute(Giving.By(body), open).Done();
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_clock_that_cannot_be_set_refuses_the_request()
    {
        var (body, other) = (await _silo.Admit(), await _silo.Admit());
        var request = Giving.NewId("request");
        var open = new OpenRequest([other], null, RequestKind.Information, "With a clock", NeededBy: new(2031, 1, 1));

        // Clocks stand among the records; in a cluster they have a table of their own.
        _silo.Disk.Fails = access => access is "Write";
        if (ClusterServers.Wanted) _silo.Folder.Tamper("ALTER TABLE orleans.reminders RENAME TO away");
        var refusal = await _silo.Request(request).Execute(Giving.By(body), open).Refused();
        if (ClusterServers.Wanted) _silo.Folder.Tamper("ALTER TABLE orleans.away RENAME TO reminders");
        _silo.Disk.Fails = _ => false;

        Assert.Equal(RefusalReason.Unavailable, refusal.Reason);
        Assert.Equal(1, await _silo.PlaceOf(await _silo.Request(request).Give(body, open)));
    }

    [Fact]
    public async Task A_load_that_fails_half_way_does_not_make_the_grain_forget()
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        await _silo.WriteBehind($"plan/{plan}", 3, body, Audience.Community, new MeasureAdded("n", Pillar.Awareness, "Behind", Participation.Of(body), null, null));
        _silo.Disk.Fails = access => access is "ReadStream";
        var refusal = await _silo.Plan(plan).Execute(Giving.By(body), new AddMeasure("o", Pillar.Training, "Another")).Refused();
        _silo.Disk.Fails = _ => false;

        Assert.Equal(RefusalReason.Unavailable, refusal.Reason);
        Assert.Equal(5, await _silo.PlaceOf(await _silo.Plan(plan).Give(body, new AddMilestone("m", "two", "Still known", new(2031, 1, 1)))));
    }

    [Fact]
    public async Task A_commit_of_unknown_outcome_is_found_by_whoever_asks_next()
    {
        var body = await _silo.Admit();
        var plan = await _silo.Draft(body);
        // What is left when the disk goes away during the commit and the entry is there after all.
        _silo.Disk.Fails = access => access is "Append";
        await _silo.Plan(plan).Execute(Giving.By(body), new AddMeasure("n", Pillar.Training, "Another")).Refused();
        _silo.Disk.Fails = _ => false;
        await _silo.WriteBehind($"plan/{plan}", 3, body, Audience.Community, new MeasureAdded("n", Pillar.Training, "Another", Participation.Of(body), null, null));

        Assert.Equal(5, await _silo.PlaceOf(await _silo.Plan(plan).Give(body, new AddMilestone("n", "two", "In it", new(2031, 1, 1)))));
    }
}
