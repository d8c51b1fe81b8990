using Coordination.Contracts.Accounts;
using Coordination.Contracts.Security;

namespace Coordination.Silo.Tests.Security;

/// <summary>A line of the security log is told to those whom it concerns, also when it stands for many.</summary>
[Trait("On", "both")]
[Collection(nameof(SharedSilo))]
public sealed class WhoIsTold(SharedSilo shared)
{
    private readonly RunningSilo _silo = shared.Silo;

    [Fact]
    public async Task A_line_that_tells_of_several_bodies_is_told_to_each_as_far_as_it_concerns_that_body()
    {
        var (one, other, third) = (await _silo.Admit(), await _silo.Admit(), await _silo.Admit());
        var person = Giving.NewId("person");
        await _silo.GiveRole(other, person, Role.Observer);
        await _silo.Settle();
        var network = $"198.51.100.0/24 {one}";
        await Log.Note([new(SecurityEventKind.Refused, TimeProvider.System.GetUtcNow(), Network: network, Count: 9, Concerned: [new(null, one, 5), new(person, null, 3), new(null, "nowhere", 1)])]);

        Assert.Equal([(5, one, null)], await Told(one));
        Assert.Equal([(3, null, person)], await Told(other));
        Assert.Empty(await Told(third));
        Assert.Equal([(9, null, null)], await Told(Actor.AdministratorAccount));

        async Task<(int, string?, string?)[]> Told(string reader) =>
            [.. (await Log.List(new(reader, Body: reader == Actor.AdministratorAccount ? null : reader), new(SecurityEventKind.Refused), new(null, 500)))!.Items
                .Where(it => it.Network == network).Select(it => (it.Count, it.AboutBody?.Id, it.About?.Id))];
    }

    private ISecurityLogGrain Log => _silo.Grains.GetGrain<ISecurityLogGrain>(0);
}
