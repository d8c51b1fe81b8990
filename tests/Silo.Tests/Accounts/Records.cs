using System.Text;
using Coordination.Contracts.Accounts;

namespace Coordination.Silo.Tests.Accounts;

/// <summary>What is kept of persons stands in records beside the journal, found by id and by sign-in name.</summary>
[Collection(nameof(SharedSilo))]
public sealed class Records(SharedSilo shared)
{
    private const string Shared = "hash of the shared password";
    private readonly RunningSilo _silo = shared.Silo;

    [Trait("On", "both")]
    [Fact]
    public async Task An_account_is_found_by_its_id_and_by_its_name_as_it_was_saved()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        Assert.Null(await Named(name).Find());
        var granted = await Grant(body, name, "first", "Anna K.");
        Assert.True(AccountId.IsOne(granted.Account!) && granted.IsInvited);

        var record = await Named(name).Find();
        Assert.Equal((granted.Account, name, "Anna K.", null, "first"), (record!.Account, record.SignInName, record.DisplayName, record.PasswordHash, record.Invitation?.Hash));
        Assert.Equal(record, await _silo.Account(granted.Account!).Find());
        await Accept(granted.Account!, "first", "one");
        Assert.True(await _silo.Account(granted.Account!).SetPassword(1, "two", null));
        Assert.Equal(("two", null), await Named(name).Find() is { } found ? (found.PasswordHash, found.Invitation) : default);
        // The same under a stronger hash is still the same; whoever knew an older one is late.
        await _silo.Account(granted.Account!).Strengthen("two", "two, stronger");
        await _silo.Account(granted.Account!).Strengthen("two", "two, stronger still");
        Assert.Equal(("two, stronger", 2), await Named(name).Find() is { } stronger ? (stronger.PasswordHash, stronger.Generation) : default);
        Assert.False(await _silo.Account(granted.Account!).SetPassword(1, "three", null));
        Assert.Equal("two, stronger", (await Named(name).Find())!.PasswordHash);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task An_invitation_is_taken_up_once_and_only_the_newest_counts()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        var (first, role) = (Giving.By(body), new GrantRole(body, name, Role.Observer));
        var account = (await Named(name).Grant(first, role, Giving.InvitationTo(body, "one"))).Account!;
        Assert.Equal((name, body, Role.Observer), await _silo.Account(account).Invited("one") is { } seen ? (seen.SignInName, seen.Body.Id, seen.Role) : default);

        // The answer was lost, or the link: another one counts in its place.
        var again = await Named(name).Grant(first, role, Giving.InvitationTo(body, "two"));
        Assert.Equal((account, true, true), (again.Account, again.IsInvited, Assert.IsType<Done>(again.Outcome).Repeated));
        Assert.True((await Named(name).Grant(Giving.By(body), role, Giving.InvitationTo(body, "three"))).IsInvited);
        foreach (var wrong in (string[])["one", "two", "", "nonsense"])
        {
            Assert.Null(await _silo.Account(account).Invited(wrong));
            Assert.Equal("invitation.gone", (await TryAccept(account, wrong, "stolen").Refused()).Code);
        }

        var taking = Giving.By(account);
        var taken = await _silo.Account(account).Accept(taking, "three", "own", "Anna K.").Done();
        // Said twice, because the answer was lost, it is done once.
        Assert.Equal(taken with { Repeated = true }, await _silo.Account(account).Accept(taking, "three", "own", "Anna K.").Done());
        Assert.Equal("invitation.gone", (await TryAccept(account, "three", "stolen").Refused()).Code);
        Assert.Equal(("own", "Anna K."), await Named(name).Find() is { } record ? (record.PasswordHash, record.DisplayName) : default);

        // From now on nobody is told a secret of hers, whoever repeats what.
        foreach (var header in (CommandHeader[])[first, Giving.By(body)])
            Assert.False((await Named(name).Grant(header, role, Giving.InvitationTo(body, "four"))).IsInvited);
        Assert.Null(await _silo.Account(account).Invited("four"));
        await _silo.Settle();
        Assert.False(_silo.World.Names.Of(account)!.IsTaken is false);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task An_acceptance_that_was_cut_off_between_record_and_journal_is_completed_by_the_same_said_again()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        var account = (await Grant(body, name, "secret")).Account!;
        await _silo.Settle();
        var taking = Giving.By(account);
        _silo.Disk.Fails = access => access is "Append";
        try
        {
            Assert.Equal(RefusalReason.Unavailable, (await _silo.Account(account).Accept(taking, "secret", "own", "Anna K.").Refused()).Reason);
        }
        finally
        {
            _silo.Disk.Fails = _ => false;
        }

        Assert.Equal("invitation.gone", (await TryAccept(account, "secret", "another").Refused()).Code);
        await _silo.Account(account).Accept(taking, "secret", "own", "Anna K.").Done();
        Assert.Equal(("own", 1, null), await Named(name).Find() is { } record ? (record.PasswordHash, record.Generation, record.Invitation) : default);
    }

    [Fact]
    public async Task An_administrator_makes_no_link_for_whom_a_body_has_invited()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        foreach (var role in (Role[])[Role.Observer, Role.Coordinator])
        {
            await Named(name).Grant(Giving.By(body), new(body, name, role), Giving.InvitationTo(body, "theirs"));
            await _silo.Settle();
            Assert.False((await Named(name).Grant(Giving.By(Actor.AdministratorAccount), new(body, name, role), Giving.InvitationTo(body, "mine"))).IsInvited);
        }
    }

    [Fact]
    public async Task An_invitation_ends_with_its_role_and_after_its_time_and_a_demoted_coordinator_renews_none()
    {
        var (body, other, name) = (await _silo.Admit(), await _silo.Admit(), Giving.NewId("person"));
        var (first, role) = (Giving.By(body), new GrantRole(body, name, Role.Observer));
        var account = (await Named(name).Grant(first, role, Giving.InvitationTo(body, "one"))).Account!;
        // Another body does not put its role into hands that this one has chosen.
        Assert.Equal("account.not-taken", Assert.IsType<Refused>((await Named(name).Grant(Giving.By(other), new(other, name, Role.Observer), Giving.InvitationTo(other, "theirs"))).Outcome).Refusal.Code);

        var second = Giving.NewId("person");
        await _silo.GiveRole(body, second, Role.Coordinator);
        await _silo.Settle();
        await _silo.TakeRole(body, body, second);
        await _silo.Settle();
        Assert.False((await Named(name).Grant(first, role, Giving.InvitationTo(body, "two"))).IsInvited);
        Assert.NotNull(await _silo.Account(account).Invited("one"));

        await _silo.TakeRole(body, account, second);
        Assert.Null(await _silo.Account(account).Invited("one"));
        await Named(name).Grant(Giving.By(second), role, Giving.InvitationTo(body) with { Expires = TimeProvider.System.GetUtcNow().AddSeconds(-1) });
        Assert.Null(await _silo.Account(account).Invited("secret"));
        Assert.Equal("invitation.gone", (await TryAccept(account, "secret", "late").Refused()).Code);
    }

    [Fact]
    public async Task A_refused_grant_leaves_nothing_behind()
    {
        var (body, stranger, name) = (await _silo.Admit(), await _silo.Admit(), Giving.NewId("person"));
        var before = _silo.Disk.Journal.Position;
        var refused = await Named(name).Grant(Giving.By(stranger), new(body, name, Role.Observer), Giving.InvitationTo(body));
        Assert.Equal("body.coordinator-only", Assert.IsType<Refused>(refused.Outcome).Refusal.Code);
        Assert.Null(await Named(name).Find());
        Assert.Equal((null, before), (refused.Account, _silo.Disk.Journal.Position));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_grant_that_was_cut_off_between_record_and_journal_is_completed_by_the_next()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        _silo.Disk.Fails = access => access is "Append";
        try
        {
            Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>((await Grant(body, name, "one")).Outcome).Refusal.Reason);
        }
        finally
        {
            _silo.Disk.Fails = _ => false;
        }

        var granted = await Grant(body, name, "two");
        Assert.True(granted.IsInvited);
        Assert.Equal((granted.Account, "two"), await Named(name).Find() is { } record ? (record.Account, record.Invitation?.Hash) : default);
        await _silo.Settle();
        Assert.Equal(body, _silo.World.Who(granted.Account!).Body);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Of_two_that_make_an_account_of_one_name_at_once_one_does_and_the_other_waits_until_it_is_taken_up()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        for (var time = 0; time < 10; time++)
        {
            var name = Giving.NewId("person");
            var both = await Task.WhenAll(Grant(one, name, "one"), Grant(other, name, "two"));
            var first = Assert.Single(both, granted => granted.IsInvited);
            Assert.Equal("account.not-taken", Assert.IsType<Refused>(Assert.Single(both, granted => granted != first).Outcome).Refusal.Code);
            await Accept(first.Account!, first == both[0] ? "one" : "two", "own");
            var later = first == both[0] ? await Grant(other, name, "two") : await Grant(one, name, "one");
            Assert.Equal((first.Account, false), (later.Account, later.IsInvited));
            await _silo.Settle();
            Assert.Equal(((string[])[one, other]).Order(StringComparer.Ordinal), _silo.World.RolesOf(first.Account!).Select(role => role.Body).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task An_account_of_the_demonstration_has_the_shared_password_until_it_has_its_own()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        var account = (await Named(name).Grant(Giving.By(Actor.Platform.Account), new(body, name, Role.Observer, "Demo"), null)).Account!;
        var found = (await Named(name).Find())!;
        Assert.Equal((Shared, true), (found.PasswordHash, found.Demonstration));
        await _silo.Settle();
        Assert.Contains(await Offered(), one => one.Account == name);

        // The password of the setting stays there, whatever else is saved of the account.
        await _silo.Account(account).Give(Actor.AdministratorAccount, new NameAccount("Demo, renamed"));
        Assert.DoesNotContain(Shared, Encoding.UTF8.GetString((await _silo.Disk.Records.Read("account", account, Waiting.Cancellation))!.Data), StringComparison.Ordinal);

        Assert.True(await _silo.Account(account).SetPassword(0, "own", null));
        Assert.Equal("own", (await Named(name).Find())!.PasswordHash);
        // The journal tells the sign-in pages of other silos when the record changes next.
        await _silo.Account(account).Give(Actor.AdministratorAccount, new NameAccount("Own"));
        await _silo.Settle();
        Assert.DoesNotContain(await Offered(), one => one.Account == name);
    }

    [Theory]
    [InlineData(false, "hash")]
    [InlineData(true, null)]
    public async Task Without_demonstration_or_its_password_its_accounts_have_none(bool demonstration, string? hash)
    {
        await using var silo = await RunningSilo.Start(configure: options => (options.Demonstration, options.DemonstrationPasswordHash) = (demonstration, hash));
        var body = await silo.Admit();
        var name = silo.Grains.GetGrain<ISignInNameGrain>("ruritania");
        await name.Grant(Giving.By(Actor.Platform.Account), new(body, "ruritania", Role.Observer), null);

        Assert.Null((await name.Find())!.PasswordHash);
        await silo.Settle();
        Assert.Empty(await silo.Grains.GetGrain<IDemonstrationGrain>(0).Accounts());
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Names_are_in_records_and_memory_and_nowhere_else()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit("ruritania");
        var account = (await silo.Grains.GetGrain<ISignInNameGrain>("anna.kowalska").Grant(Giving.By(body), new(body, "anna.kowalska", Role.Coordinator, "Anna Kowalska"), Giving.InvitationTo(body))).Account!;
        var plan = await silo.Draft(body);
        await silo.Plan(plan).Give(account, new ReportProgress("one", MilestoneStatus.InProgress, 10));
        await silo.Account(account).Give(account, new NameAccount("Anna Nowak"));
        await silo.Settle();
        Assert.Equal("Anna Nowak", silo.World.PersonOf(account));
        var folder = await silo.Stop();

        // What is stored of views, too, after a clean end.
        await using var again = await RunningSilo.Start(folder.Copy());
        Assert.Equal("Anna Nowak", again.World.PersonOf(account));
        var written = new StringBuilder();
        foreach (var entry in await again.Disk.Journal.ReadFrom(0, 1_000, Waiting.Cancellation))
            written.AppendJoin('\n', entry.Stream, entry.Actor, string.Join(' ', entry.Topics), Encoding.UTF8.GetString(entry.Data), Encoding.UTF8.GetString(entry.Audience));
        foreach (var view in (await again.Store.Views.Read([.. again.World.Views.Select(view => view.Key)], Waiting.Cancellation)).Values)
            foreach (var item in view.Items) written.Append(item.Id).Append('\n').Append(Encoding.UTF8.GetString(item.Data));
        Assert.Contains(account, written.ToString(), StringComparison.Ordinal);
        foreach (var name in (string[])["anna.kowalska", "Kowalska", "Nowak"]) Assert.DoesNotContain(name, written.ToString(), StringComparison.Ordinal);
    }

    private ISignInNameGrain Named(string name) => _silo.Grains.GetGrain<ISignInNameGrain>(name);

    private Task<DemonstrationAccount[]> Offered() => _silo.Grains.GetGrain<IDemonstrationGrain>(0).Accounts();

    private Task<Granted> Grant(string body, string name, string secret, string? display = null) =>
        Named(name).Grant(Giving.By(body), new(body, name, Role.Observer, display), Giving.InvitationTo(body, secret));

    private Task<Done> Accept(string account, string secret, string password) => TryAccept(account, secret, password).Done();

    private Task<Outcome> TryAccept(string account, string secret, string password) => _silo.Account(account).Accept(Giving.By(account), secret, password, null);
}
