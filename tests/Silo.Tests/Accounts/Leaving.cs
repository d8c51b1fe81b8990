using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;

namespace Coordination.Silo.Tests.Accounts;

/// <summary>What becomes of a body when accounts leave it, and of an account when it is erased.</summary>
[Collection(nameof(SharedSilo))]
public sealed class Leaving(SharedSilo shared) : IDisposable
{
    private static readonly Asker Administrator = new(Actor.AdministratorAccount);
    private readonly RunningSilo _silo = shared.Silo;

    private IBodyViewsGrain Bodies => _silo.Grains.GetGrain<IBodyViewsGrain>(0);

    public void Dispose() => _silo.Disk.Fails = _ => false;

    [Fact]
    public async Task The_last_coordinator_is_kept_by_the_body_and_not_by_an_administrator()
    {
        var (body, second) = (await _silo.Admit(), Giving.NewId("person"));
        await _silo.GiveRole(body, second, Role.Contributor);
        Assert.Equal("body.last-coordinator", (await _silo.Account(body).Execute(Giving.By(body), new RevokeRole(body)).Refused()).Code);
        Assert.Equal("body.last-coordinator", Assert.IsType<Refused>(await _silo.TryGiveRole(body, body, Role.Observer)).Refusal.Code);

        await _silo.GiveRole(body, second, Role.Coordinator);
        await _silo.TakeRole(body, body);
        Assert.Equal("body.last-coordinator", (await _silo.Account(second).Execute(Giving.By(second), new RevokeRole(body)).Refused()).Code);
        await _silo.TakeRole(body, second, Actor.AdministratorAccount);
        await _silo.Settle();
        Assert.Empty(_silo.World.CoordinatorsOf(body));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Two_coordinators_that_leave_at_the_same_moment_do_not_do_so_unseen()
    {
        await using var silo = await RunningSilo.Start(configure: options => options.SeenWithin = TimeSpan.FromMilliseconds(300));
        var (body, second, member) = (await silo.Admit("body"), Giving.NewId("person"), Giving.NewId("person"));
        await silo.GiveRole(body, second, Role.Coordinator);
        await silo.GiveRole(body, member, Role.Observer);
        await silo.Admit("another");
        await silo.Settle();
        var bodies = silo.Grains.GetGrain<IBodyViewsGrain>(0);
        Assert.Empty((await bodies.List(Administrator, new(WithoutCoordinator: true), new()))!.Items);

        // Neither learns of the other in time.
        silo.Disk.Fails = access => access == "ReadFrom";
        await silo.TakeRole(body, body, body);
        var last = await silo.TakeRole(body, second, second);
        silo.Disk.Fails = _ => false;
        await silo.Settle();

        var without = Assert.Single((await bodies.List(Administrator, new(WithoutCoordinator: true), new()))!.Items);
        Assert.Equal((body, 0), (without.Id, without.Coordinators));
        Assert.Equal(["another"], (await bodies.List(Administrator, new(WithoutCoordinator: false), new()))!.Items.Select(item => item.Id));
        Assert.Equal(0, (await bodies.Get(Administrator, body))!.Coordinators);
        // How many coordinators a body has is for administrators and the body.
        Assert.Null(await bodies.List(new("another"), new(WithoutCoordinator: true), new()));
        Assert.Equal((null, 0), ((await bodies.Get(new("another"), body))!.Coordinators, (await bodies.Get(new(member), body))!.Coordinators));
        var inbox = await silo.Inbox(body).Read(new(member), new());
        Assert.Equal([(last.Position, InboxReason.Roles)], inbox.Items.Select(item => (item.Position, item.Reason)));
        // An administrator opens the door again.
        await silo.GiveRole(body, member, Role.Coordinator, Actor.AdministratorAccount);
    }

    [Fact]
    public async Task What_a_former_member_left_open_stays_with_the_body_and_is_listed_there()
    {
        var (body, other, person) = (await _silo.Admit(), await _silo.Admit(), Giving.NewId("person"));
        await _silo.GiveRole(body, person, Role.Coordinator);
        var plan = await _silo.Draft(other, lead: body);
        await _silo.Plan(plan).Give(person, new ReportProgress("one", MilestoneStatus.InProgress, 10, Draft: true));
        await _silo.Plan(plan).Give(person, new ReportProgress("one", MilestoneStatus.InProgress, 20));
        var settled = await _silo.Plan(plan).Give(person, new ReportProgress("one", MilestoneStatus.InProgress, 30));
        await _silo.Plan(plan).Give(other, new ApproveReport(settled.Id));
        await _silo.Plan(plan).Give(body, new ReportProgress("one", MilestoneStatus.InProgress, 40));
        var (asked, taken, clarified, proposed, over) = (Giving.NewId("request"), Giving.NewId("request"), Giving.NewId("request"), Giving.NewId("request"), Giving.NewId("request"));
        await _silo.Request(asked).Give(person, new OpenRequest([other], null, RequestKind.Information, "Asked"));
        await _silo.Request(over).Give(person, new OpenRequest([other], null, RequestKind.Information, "Over"));
        await _silo.Request(over).Give(person, new WithdrawRequest());
        foreach (var (request, subject) in ((string, string)[])[(taken, "Taken"), (clarified, "Clarified"), (proposed, "Proposed")])
            await _silo.Request(request).Give(other, new OpenRequest([body], null, RequestKind.Information, subject));
        await _silo.Request(taken).Give(person, new AcceptRequest());
        await _silo.Request(clarified).Give(person, new AskClarification("Which?"));
        await _silo.Request(proposed).Give(person, new ProposeDate(new(2032, 3, 3)));
        await _silo.Settle();
        Assert.Empty((await Bodies.Get(new(body), body))!.LeftOpen);

        await _silo.TakeRole(body, person);
        await _silo.Settle();

        var left = (await Bodies.Get(new(body), body))!.LeftOpen;
        Assert.Equal(
            [
                (LeftOpenKind.Report, plan, "one", "A milestone"), (LeftOpenKind.Report, plan, "one", "A milestone"), (LeftOpenKind.Request, asked, null, "Asked"),
                (LeftOpenKind.Answer, taken, null, "Taken"), (LeftOpenKind.Clarification, clarified, null, "Clarified"), (LeftOpenKind.Proposal, proposed, null, "Proposed"),
            ],
            left.Select(item => (item.Kind, item.Subject.Id, item.Part, item.Title)));
        Assert.All(left, item => Assert.Equal((person, person), (item.Account, item.Name)));
        // It is the body's own business.
        Assert.Empty((await Bodies.Get(new(other), body))!.LeftOpen);
        Assert.Empty((await Bodies.Get(Administrator, body))!.LeftOpen);
        // Whoever takes it up takes it off the list.
        await _silo.Request(taken).Give(body, new AnswerRequest("Here"));
        await _silo.Request(asked).Give(body, new WithdrawRequest());
        await _silo.Settle();
        Assert.Equal(4, (await Bodies.Get(new(body), body))!.LeftOpen.Length);
        // And whoever comes back has it again.
        await _silo.GiveRole(body, person, Role.Observer);
        await _silo.Settle();
        Assert.Empty((await Bodies.Get(new(body), body))!.LeftOpen);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task An_erased_account_leaves_no_name_and_what_it_did_stays()
    {
        var (body, other) = (await _silo.Admit(), await _silo.Admit());
        var name = Giving.NewId("person");
        var granted = await _silo.Grains.GetGrain<ISignInNameGrain>(name).Grant(Giving.By(body), new(body, name, Role.Coordinator, "Anna K."), Giving.InvitationTo(body));
        var account = granted.Account!;
        await _silo.Account(account).Accept(Giving.By(account), "secret", "own", null).Done();
        await _silo.GiveRole(other, account, Role.Observer);
        var plan = await _silo.Draft(body);
        var report = await _silo.Plan(plan).Give(account, new ReportProgress("one", MilestoneStatus.InProgress, 10));
        await _silo.Settle();
        Assert.Equal("Anna K.", await ActorOf(report.Position));

        Assert.Equal("account.administrator-only", (await _silo.Account(account).Execute(Giving.By(body), new EraseAccount()).Refused()).Code);
        var erasing = Giving.By(Actor.AdministratorAccount);
        var erased = await _silo.Account(account).Execute(erasing, new EraseAccount()).Done();
        await _silo.Settle();

        Assert.Null(await _silo.Disk.Records.Read("account", account, Waiting.Cancellation));
        Assert.Null(await _silo.Disk.Records.Read("sign-in-name", name, Waiting.Cancellation));
        Assert.Null(await _silo.Grains.GetGrain<ISignInNameGrain>(name).Find());
        Assert.Equal((null, null, Standing.None), (_silo.World.Names.Of(account), await ActorOf(report.Position), await _silo.Grains.GetGrain<IStandingGrain>(account).Of(new(account))));
        // Each body learns that its own role ended, never by name, and of no other.
        Assert.Equal(($"A former member no longer has a role in {body}", $"A former member no longer has a role in {other}"), (await LeftIn(body), await LeftIn(other)));
        // Said twice is done once, and the name is free for somebody else.
        Assert.Equal(erased with { Repeated = true }, await _silo.Account(account).Execute(erasing, new EraseAccount()).Done());
        await _silo.Account(account).Give(Actor.AdministratorAccount, new EraseAccount());
        Assert.Equal(RefusalReason.Invalid, Assert.IsType<Refused>((await _silo.Account(account).Grant(Giving.By(body), new(body, account, Role.Observer), null, Giving.InvitationTo(body))).Outcome).Refusal.Reason);
        var next = await _silo.Grains.GetGrain<ISignInNameGrain>(name).Grant(Giving.By(body), new(body, name, Role.Observer, "Another"), Giving.InvitationTo(body));
        Assert.True(next.IsInvited);
        Assert.NotEqual(account, next.Account);

        async Task<string> LeftIn(string asker)
        {
            var feed = _silo.Grains.GetGrain<IFeedGrain>(0);
            var told = await feed.After(new(asker), report.Position, [], 500);
            foreach (var one in await feed.MessagesAfter(report.Position, erased.Position, 500)) Assert.DoesNotContain("Anna K.", $"{one.Entry?.Summary} {one.Entry?.ActorName} {string.Join(' ', one.Entry?.Data.Values.AsEnumerable() ?? [])}", StringComparison.Ordinal);
            return Assert.Single(told.Items, entry => entry.Type == "account.role-left").Summary;
        }

        async Task<string?> ActorOf(long position) => Assert.Single((await _silo.Grains.GetGrain<IFeedGrain>(0).After(new(body), position - 1, [], 1)).Items).ActorName;
    }

    [Trait("On", "both")]
    [Fact]
    public async Task An_erasure_that_is_cut_off_is_completed_by_the_next()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        var account = (await _silo.Grains.GetGrain<ISignInNameGrain>(name).Grant(Giving.By(body), new(body, name, Role.Observer), Giving.InvitationTo(body))).Account!;
        await _silo.Settle();
        foreach (var cut in (string[])["Erase", "Append"])
        {
            _silo.Disk.Fails = access => access == cut;
            Assert.Equal(RefusalReason.Unavailable, (await _silo.Account(account).Execute(Giving.By(Actor.AdministratorAccount), new EraseAccount()).Refused()).Reason);
            _silo.Disk.Fails = _ => false;
        }

        await _silo.Account(account).Give(Actor.AdministratorAccount, new EraseAccount());
        await _silo.Settle();
        Assert.Null(await _silo.Grains.GetGrain<ISignInNameGrain>(name).Find());
        Assert.Equal(Standing.None, await _silo.Grains.GetGrain<IStandingGrain>(account).Of(new(account)));
    }
}
