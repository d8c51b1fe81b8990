using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;

namespace Coordination.Silo.Tests.Accounts;

/// <summary>An account has roles in any number of bodies and acts for one of them at a time.</summary>
[Collection(nameof(SharedSilo))]
public sealed class RolesInBodies(SharedSilo shared) : IDisposable
{
    private readonly RunningSilo _silo = shared.Silo;

    public void Dispose() => _silo.Disk.Fails = _ => false;

    [Trait("On", "both")]
    [Fact]
    public async Task It_is_what_it_is_in_the_body_that_it_acts_for()
    {
        var (one, other, third) = (await _silo.Admit(), await _silo.Admit(), await _silo.Admit());
        var account = Giving.NewId("person");
        await _silo.GiveRole(one, account, Role.Coordinator);
        await _silo.GiveRole(other, account, Role.Observer);
        var standing = _silo.Grains.GetGrain<IStandingGrain>(account);

        var view = (await standing.WhoIs(new(account, Body: other)))!;
        Assert.Equal((Role.Observer, other), (view.Role, view.Body!.Id));
        Assert.Equal([(one, Role.Coordinator), (other, Role.Observer)], view.Bodies.Select(body => (body.Id, body.Role)));
        // Without a body it is the first one.
        Assert.Equal((Role.Coordinator, one), await standing.WhoIs(new(account)) is { } first ? (first.Role, first.Body!.Id) : default);
        foreach (var nowhere in (string[])[third, "no-such-body"])
        {
            Assert.Null(await standing.WhoIs(new(account, Body: nowhere)));
            Assert.Equal(Standing.Elsewhere, await standing.Of(new(account, Body: nowhere)));
        }

        var plan = Giving.NewId("plan");
        Assert.Equal("plan.coordinator-only", (await _silo.Plan(plan).Execute(Giving.By(account) with { Body = other }, new DraftPlan(plan, null, "A plan")).Refused()).Code);
        var drafted = await _silo.Plan(plan).Execute(Giving.By(account) with { Body = one }, new DraftPlan(plan, null, "A plan")).Done();
        var entry = Assert.Single(await _silo.Disk.Journal.ReadAt([drafted.Position], Waiting.Cancellation));
        Assert.Equal((account, one), (entry.Actor, entry.Body));
    }

    [Fact]
    public async Task What_is_hidden_from_the_body_that_it_acts_for_is_hidden_from_it()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var account = Giving.NewId("person");
        await _silo.GiveRole(one, account, Role.Observer);
        await _silo.GiveRole(other, account, Role.Coordinator);
        var plan = await _silo.Draft(one, mark: Mark.Parties);
        await _silo.Settle();

        var plans = _silo.Grains.GetGrain<IPlanViewsGrain>(0);
        Assert.NotNull(await plans.Get(new(account, Body: one), plan));
        Assert.Null(await plans.Get(new(account, Body: other), plan));
        Assert.False(await _silo.Grains.GetGrain<IVisibilityGrain>(0).MaySee(new(account, Body: other), new("plan", plan)));
        var refusal = await _silo.Plan(plan).Execute(Giving.By(account) with { Body = other }, new ChangePlanStatus(PlanStatus.Adopted)).Refused();
        Assert.Equivalent(await _silo.Plan(Giving.NewId("plan")).Execute(Giving.By(account) with { Body = other }, new ChangePlanStatus(PlanStatus.Adopted)).Refused(), refusal, strict: true);
        Assert.Empty((await _silo.Inbox(one).Read(new(account, Body: other), new())).Items);
    }

    [Fact]
    public async Task A_role_that_is_taken_leaves_the_others_and_an_account_without_any_is_nobody()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var account = Giving.NewId("person");
        await _silo.GiveRole(one, account, Role.Contributor);
        await _silo.GiveRole(other, account, Role.Observer);
        var standing = _silo.Grains.GetGrain<IStandingGrain>(account);

        await _silo.TakeRole(one, account);
        Assert.Equal((Standing.Elsewhere, Standing.Here), (await standing.Of(new(account, Body: one)), await standing.Of(new(account, Body: other))));
        await _silo.TakeRole(other, account);
        Assert.Equal((Standing.None, Standing.None), (await standing.Of(new(account, Body: one)), await standing.Of(new(account))));
        Assert.Null(await standing.WhoIs(new(account)));
        // It is still there, and taken in again it is the same account.
        Assert.Equal("hash", (await _silo.Account(account).Find())!.PasswordHash);
        await _silo.GiveRole(other, account, Role.Contributor);
        Assert.Equal(Standing.Here, await standing.Of(new(account)));
    }

    [Fact]
    public async Task What_a_body_does_to_an_account_tells_nothing_of_its_other_bodies()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var (here, both) = (Giving.NewId("person"), Giving.NewId("person"));
        await _silo.GiveRole(other, both, Role.Contributor);
        await _silo.GiveRole(other, both, Role.Observer);
        var version = (await _silo.GiveRole(one, here, Role.Observer)).Version;

        var (known, unknown) = (await _silo.GiveRole(one, both, Role.Observer), await _silo.GiveRole(one, Giving.NewId("person"), Role.Observer));
        Assert.Equal((one, version), (known.Id, known.Version));
        Assert.Equal((one, version), (unknown.Id, unknown.Version));
        // Nothing is done, and the answer names no position at which something was done elsewhere.
        await _silo.TakeRole(one, both);
        await _silo.Draft(other);
        var at = _silo.World.Position;
        foreach (var account in (string[])[both, Giving.NewId("person")])
        {
            var nothing = await _silo.TakeRole(one, account);
            Assert.Equal((one, version), (nothing.Id, nothing.Version));
            Assert.True(nothing.Position >= at);
        }

        await _silo.Settle();
        var feed = await _silo.Grains.GetGrain<IFeedGrain>(0).After(new(one), 0, [$"body/{one}", $"body/{other}"], 500);
        Assert.DoesNotContain(feed.Items, entry => entry.Type.StartsWith("account.", StringComparison.Ordinal) && entry.Subject.Id == other);
        Assert.Contains(feed.Items, entry => entry is { Type: "account.role-taken", ActorName: not null } && entry.Subject == new Subject("body", one) && entry.Data["accountName"] == both);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Views_that_are_behind_do_not_say_that_an_account_is_nobody()
    {
        await using var silo = await RunningSilo.Start(configure: options => options.SeenWithin = TimeSpan.FromMilliseconds(300));
        var (body, name) = (await silo.Admit(), Giving.NewId("person"));
        var standing = silo.Grains.GetGrain<IStandingGrain>(name);
        await silo.Settle();
        Assert.Null(await standing.WhoIs(new(name)));
        Assert.Equal(Standing.None, await standing.Of(new(name)));

        silo.Disk.Fails = access => access == "ReadFrom";
        await silo.GiveRole(body, name, Role.Contributor);
        await Assert.ThrowsAsync<ViewsBehindException>(() => standing.WhoIs(new(name)));
        await Assert.ThrowsAsync<ViewsBehindException>(() => standing.Of(new(name)));
        // Whoever is somebody by what is known is not kept waiting.
        Assert.Equal(Standing.Here, await silo.Grains.GetGrain<IStandingGrain>(body).Of(new(body)));

        silo.Disk.Fails = _ => false;
        await silo.Settle();
        Assert.Equal((Role.Contributor, body), await standing.WhoIs(new(name)) is { } view ? (view.Role, view.Body!.Id) : default);
        Assert.Equal(Standing.Here, await standing.Of(new(name)));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_right_that_the_asker_knows_to_be_withdrawn_is_not_exercised_where_views_are_behind()
    {
        await using var silo = await RunningSilo.Start(configure: options => options.SeenWithin = TimeSpan.FromMilliseconds(300));
        var (body, account) = (await silo.Admit(), Giving.NewId("person"));
        await silo.GiveRole(body, account, Role.Coordinator);
        await silo.Settle();
        var plan = await silo.Draft(body);
        await silo.Settle();

        silo.Disk.Fails = access => access == "ReadFrom";
        var taken = await silo.TakeRole(body, account);
        Assert.Equal(body, silo.World.Who(account).Body);
        var standing = silo.Grains.GetGrain<IStandingGrain>(account);
        await Assert.ThrowsAsync<ViewsBehindException>(() => standing.Of(new(account, taken.Position)));
        var command = Giving.By(account) with { Rights = taken.Position };
        var behind = await silo.Plan(plan).Execute(command, new AddMeasure("late", Pillar.Training, "Too late")).Refused();
        Assert.Equal((RefusalReason.Unavailable, "views.behind"), (behind.Reason, behind.Code));

        silo.Disk.Fails = _ => false;
        await silo.Settle();
        Assert.Equal("plan.coordinator-only", (await silo.Plan(plan).Execute(command, new AddMeasure("late", Pillar.Training, "Too late")).Refused()).Code);
        Assert.Equal(Standing.None, await standing.Of(new(account, taken.Position)));
        // A position that the journal does not have, as after an older backup was restored, keeps nobody out.
        Assert.Equal(Standing.Here, await silo.Grains.GetGrain<IStandingGrain>(body).Of(new(body, long.MaxValue)));
    }

    [Fact]
    public async Task An_administrator_has_no_body()
    {
        var standing = _silo.Grains.GetGrain<IStandingGrain>(Actor.AdministratorAccount);
        var view = (await standing.WhoIs(new(Actor.AdministratorAccount)))!;
        Assert.Equal((Role.Administrator, null, 0), (view.Role, view.Body, view.Bodies.Length));
        Assert.Equal(Standing.Elsewhere, await standing.Of(new(Actor.AdministratorAccount, Body: await _silo.Admit())));
    }
}
