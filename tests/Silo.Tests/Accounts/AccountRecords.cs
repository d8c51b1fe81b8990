using Coordination.Contracts.Accounts;

namespace Coordination.Silo.Tests.Accounts;

[Collection(nameof(SharedSilo))]
public sealed class AccountRecords(SharedSilo shared)
{
    private static readonly AccountRecord Someone = new("", "Someone", "hash", "stamp", 2, new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero), 0);
    private readonly RunningSilo _silo = shared.Silo;

    [Trait("On", "both")]
    [Fact]
    public async Task An_account_is_found_as_it_was_saved_until_it_is_erased()
    {
        var name = Giving.NewId("account");
        var account = _silo.Grains.GetGrain<IAccountGrain>(name);
        Assert.Null(await account.Find());

        Assert.True(await account.Save(Someone with { Account = name }));
        Assert.Equal(Someone with { Account = name, Version = 1 }, await account.Find());
        Assert.False(await account.Save(Someone with { Account = name, Name = "Too late" }));
        Assert.True(await account.Save(Someone with { Account = name, Name = "In time", Version = 1 }));
        Assert.Equal(("In time", 2), await account.Find() is { } found ? (found.Name, found.Version) : default);

        await account.Erase();

        Assert.Null(await account.Find());
        await account.Erase();
    }

    [Fact]
    public async Task A_demonstration_account_has_the_shared_password_and_no_record()
    {
        var body = await _silo.Admit();
        await _silo.Settle();
        var account = _silo.Grains.GetGrain<IAccountGrain>(body);
        var found = await account.Find();
        Assert.Equal("hash of the shared password", found!.PasswordHash);

        for (var time = 0; time < 5; time++) await account.NoteSignIn(false);

        Assert.NotNull(await account.NoteSignIn(true));
        Assert.Equal((0, "hash of the shared password", 0), await account.Find() is { } again ? (again.FailedSignIns, again.PasswordHash, again.Version) : default);
        Assert.Equal((Role.Coordinator, body), await account.WhoIs() is { } view ? (view.Role, view.Body!.Id) : default);
        Assert.Contains(await _silo.Grains.GetGrain<IDemonstrationGrain>(0).Accounts(), offered => offered.Account == body);
    }

    [Fact]
    public async Task Nobody_is_who_has_no_role_and_an_administrator_has_no_body()
    {
        Assert.Null(await _silo.Grains.GetGrain<IAccountGrain>(Giving.NewId("account")).WhoIs());
        var administrator = await _silo.Grains.GetGrain<IAccountGrain>(Actor.AdministratorAccount).WhoIs();
        Assert.Equal((Role.Administrator, null), (administrator!.Role, administrator.Body));
    }

    [Theory]
    [InlineData(false, "hash")]
    [InlineData(true, null)]
    public async Task Without_demonstration_or_its_password_no_body_is_an_account(bool demonstration, string? hash)
    {
        await using var silo = await RunningSilo.Start(configure: options => (options.Demonstration, options.DemonstrationPasswordHash) = (demonstration, hash));
        await silo.Admit("ruritania");
        await silo.Settle();
        var account = silo.Grains.GetGrain<IAccountGrain>("ruritania");

        Assert.Null(await account.Find());
        Assert.Empty(await silo.Grains.GetGrain<IDemonstrationGrain>(0).Accounts());
        if (demonstration) return;
        Assert.Null(await account.WhoIs());
    }

    [Fact]
    public async Task A_role_makes_an_account_speak_for_the_body_until_it_is_revoked()
    {
        var body = await _silo.Admit();
        var name = Giving.NewId("person");
        await _silo.Body(body).Give(body, new GrantRole(name, Role.Contributor));
        await _silo.Settle();
        Assert.Equal((Role.Contributor, body), await _silo.Grains.GetGrain<IAccountGrain>(name).WhoIs() is { } view ? (view.Role, view.Body!.Id) : default);

        await _silo.Body(body).Give(body, new RevokeRole(name));
        await _silo.Settle();

        Assert.Null(await _silo.Grains.GetGrain<IAccountGrain>(name).WhoIs());
    }
}
