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
        Assert.True(AccountId.IsOne(granted.Account!) && granted.PasswordIsFirst);

        var record = await Named(name).Find();
        Assert.Equal((granted.Account, name, "Anna K.", "first", 1), (record!.Account, record.SignInName, record.DisplayName, record.PasswordHash, record.Version));
        Assert.Equal(record, await _silo.Account(granted.Account!).Find());
        Assert.True(await _silo.Account(granted.Account!).Save(record with { PasswordHash = "second" }));
        Assert.False(await _silo.Account(granted.Account!).Save(record with { PasswordHash = "too late" }));
        Assert.Equal(("second", 2), await Named(name).Find() is { } found ? (found.PasswordHash, found.Version) : default);
    }

    [Fact]
    public async Task A_grant_that_is_given_again_gives_another_first_password_until_it_is_changed_or_the_role_taken()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        var first = Giving.By(body);
        var account = (await Named(name).Grant(first, new(body, name, Role.Observer), new("one"))).Account!;
        var stamp = (await Named(name).Find())!.SecurityStamp;

        var again = await Named(name).Grant(first, new(body, name, Role.Observer), new("two"));
        Assert.Equal((account, true, true), (again.Account, again.PasswordIsFirst, Assert.IsType<Done>(again.Outcome).Repeated));
        var record = (await Named(name).Find())!;
        Assert.Equal("two", record.PasswordHash);
        Assert.NotEqual(stamp, record.SecurityStamp);
        // Another grant leaves the password alone.
        Assert.False((await Named(name).Grant(Giving.By(body), new(body, name, Role.Contributor), new("three"))).PasswordIsFirst);

        Assert.True(await _silo.Account(account).Save(record with { PasswordHash = "own", FirstGivenBy = null }));
        Assert.False((await Named(name).Grant(first, new(body, name, Role.Observer), new("four"))).PasswordIsFirst);
        Assert.Equal("own", (await Named(name).Find())!.PasswordHash);

        var other = Giving.NewId("person");
        await Named(other).Grant(first with { Command = "other" + first.Command }, new(body, other, Role.Observer), new("one"));
        await Named(other).Revoke(Giving.By(body), new(body)).Done();
        Assert.False((await Named(other).Grant(first with { Command = "other" + first.Command }, new(body, other, Role.Observer), new("two"))).PasswordIsFirst);
        Assert.Equal("one", (await Named(other).Find())!.PasswordHash);
    }

    [Fact]
    public async Task A_refused_grant_leaves_nothing_behind()
    {
        var (body, stranger, name) = (await _silo.Admit(), await _silo.Admit(), Giving.NewId("person"));
        var before = _silo.Disk.Journal.Position;
        var refused = await Named(name).Grant(Giving.By(stranger), new(body, name, Role.Observer), new("hash"));
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
        Assert.True(granted.PasswordIsFirst);
        Assert.Equal((granted.Account, "two"), await Named(name).Find() is { } record ? (record.Account, record.PasswordHash) : default);
        await _silo.Settle();
        Assert.Equal(body, _silo.World.Who(granted.Account!).Body);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Of_two_that_make_an_account_of_one_name_at_once_both_give_a_role_to_the_same()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        for (var time = 0; time < 10; time++)
        {
            var name = Giving.NewId("person");
            var both = await Task.WhenAll(Grant(one, name, "one"), Grant(other, name, "two"));
            Assert.Equal(both[0].Account, both[1].Account);
            var first = Assert.Single(both, granted => granted.PasswordIsFirst);
            Assert.Equal(first == both[0] ? "one" : "two", (await Named(name).Find())!.PasswordHash);
            await _silo.Settle();
            Assert.Equal(((string[])[one, other]).Order(StringComparer.Ordinal), _silo.World.RolesOf(first.Account!).Select(role => role.Body).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task An_account_of_the_demonstration_has_the_shared_password_until_it_has_its_own()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        var account = (await Named(name).Grant(Giving.By(body), new(body, name, Role.Observer, "Demo"), new(null))).Account!;
        var found = (await Named(name).Find())!;
        Assert.Equal((Shared, true), (found.PasswordHash, found.Demonstration));
        await _silo.Settle();
        Assert.Contains(await Offered(), one => one.Account == name);

        // The password of the setting stays there, whatever else is saved of the account.
        for (var time = 0; time < 5; time++) await Named(name).NoteSignIn(false);
        Assert.NotNull(await Named(name).NoteSignIn(true));
        Assert.True(await _silo.Account(account).Save((await Named(name).Find())!));
        Assert.DoesNotContain(Shared, Encoding.UTF8.GetString((await _silo.Disk.Records.Read("account", account, Waiting.Cancellation))!.Data), StringComparison.Ordinal);

        Assert.True(await _silo.Account(account).Save((await Named(name).Find())! with { PasswordHash = "own" }));
        Assert.Equal("own", (await Named(name).Find())!.PasswordHash);
        // Whoever writes a record says so in the journal; then the sign-in page knows, too.
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
        await name.Grant(Giving.By(body), new(body, "ruritania", Role.Observer), new(null));

        Assert.Null((await name.Find())!.PasswordHash);
        await silo.Settle();
        Assert.Empty(await silo.Grains.GetGrain<IDemonstrationGrain>(0).Accounts());
    }

    [Fact]
    public async Task A_password_that_is_set_while_a_try_is_counted_is_kept()
    {
        var (body, name) = (await _silo.Admit(), Giving.NewId("person"));
        var account = (await Grant(body, name, "first")).Account!;
        var trying = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Named(name).NoteSignIn(false)));
        var record = await _silo.Account(account).Find();
        while (!await _silo.Account(account).Save(record! with { PasswordHash = "second" })) record = await _silo.Account(account).Find();
        await trying;
        Assert.Equal(("second", 4), await Named(name).Find() is { } found ? (found.PasswordHash, found.FailedSignIns) : default);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Names_are_in_records_and_memory_and_nowhere_else()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit("ruritania");
        var account = (await silo.Grains.GetGrain<ISignInNameGrain>("anna.kowalska").Grant(Giving.By(body), new(body, "anna.kowalska", Role.Coordinator, "Anna Kowalska"), new("hash"))).Account!;
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
        foreach (var view in (await again.Store.Views.Read(["bodies", "accounts", "plans", "requests", "groups", "subscriptions", "feed"], Waiting.Cancellation)).Values)
            foreach (var item in view.Items) written.Append(item.Id).Append('\n').Append(Encoding.UTF8.GetString(item.Data));
        Assert.Contains(account, written.ToString(), StringComparison.Ordinal);
        foreach (var name in (string[])["anna.kowalska", "Kowalska", "Nowak"]) Assert.DoesNotContain(name, written.ToString(), StringComparison.Ordinal);
    }

    private ISignInNameGrain Named(string name) => _silo.Grains.GetGrain<ISignInNameGrain>(name);

    private Task<DemonstrationAccount[]> Offered() => _silo.Grains.GetGrain<IDemonstrationGrain>(0).Accounts();

    private Task<Granted> Grant(string body, string name, string hash, string? display = null) =>
        Named(name).Grant(Giving.By(body), new(body, name, Role.Observer, display), new(hash));
}
