using Coordination.Contracts.Accounts;

namespace Coordination.Silo.Tests.Accounts;

/// <summary>Wrong passwords are counted by where they come from.</summary>
[Collection(nameof(SharedSilo))]
public sealed class AtTheDoor(SharedSilo shared)
{
    private readonly RunningSilo _silo = shared.Silo;
    private readonly string _called = Giving.NewId("person");

    private ISignInNameGrain Name => _silo.Grains.GetGrain<ISignInNameGrain>(_called);

    [Fact]
    public async Task Five_from_one_network_are_all_and_a_right_one_forgets_them()
    {
        var here = From("192.0.2.0/24");
        for (var time = 0; time < 4; time++) Assert.Null((await Name.Try(here)).Closed);
        await Name.TakeBack(here, isRight: true);
        for (var time = 0; time < 5; time++) Assert.Null((await Name.Try(here)).Closed);
        Assert.InRange((await Name.Try(here)).Closed!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Null((await Name.Try(From("198.51.100.0/24"))).Closed);
    }

    [Fact]
    public async Task What_was_not_looked_at_does_not_count()
    {
        for (var time = 0; time < 20; time++)
        {
            Assert.Null((await Name.Try(From("192.0.2.0/24"))).Closed);
            await Name.TakeBack(From("192.0.2.0/24"), isRight: false);
        }
    }

    [Fact]
    public async Task One_site_with_many_networks_has_no_more_than_twenty_five()
    {
        for (var network = 0; network < 25; network++) Assert.Null((await Name.Try(new($"2001:db8:1:{network:x}::/64", "2001:db8:1::/48"))).Closed);
        Assert.NotNull((await Name.Try(new("2001:db8:1:ffff::/64", "2001:db8:1::/48"))).Closed);
        Assert.Null((await Name.Try(new("2001:db8:2:1::/64", "2001:db8:2::/48"))).Closed);
    }

    [Fact]
    public async Task From_everywhere_together_there_are_two_hundred_an_hour_and_known_devices_go_on_until_the_password_changes()
    {
        var body = await _silo.Admit();
        var account = (await Name.Grant(Giving.By(body), new(body, _called, Role.Observer), Giving.InvitationTo(body))).Account!;
        await _silo.Account(account).Accept(Giving.By(account), "secret", "own", null).Done();
        for (var network = 0; network < 200; network++) Assert.Null((await Name.Try(From($"203.0.{network}.0/24"))).Closed);
        Assert.InRange((await Name.Try(From("198.51.100.0/24"))).Closed!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(60));

        var known = From("203.0.7.0/24") with { Device = "known", Generation = 1 };
        Assert.Equal(account, (await Name.Try(known)) is { Closed: null, IsKnown: true, Account: { } found } ? found.Account : null);
        for (var time = 1; time < 5; time++) Assert.Null((await Name.Try(known)).Closed);
        Assert.NotNull((await Name.Try(known)).Closed);

        // Whoever knew the password of before has no device that is known.
        Assert.True(await _silo.Account(account).SetPassword(1, "another", null));
        await Name.Find();
        Assert.NotNull((await Name.Try(known with { Device = "another" })).Closed);
        Assert.Null((await Name.Try(known with { Device = "another", Generation = 2 })).Closed);
    }

    private static TriedFrom From(string network) => new(network, network);
}
