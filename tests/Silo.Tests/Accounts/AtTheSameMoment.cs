using Coordination.Contracts.Accounts;
using Coordination.Domain.Accounts;

namespace Coordination.Silo.Tests.Accounts;

public sealed class AtTheSameMoment
{
    private static readonly int Times = TestSize.Of(60, 1_000);

    [Trait("Full", "scale")]
    [Trait("On", "both")]
    [Fact]
    public async Task Two_bodies_that_give_one_account_a_role_are_decided_once_each_and_nothing_is_undone()
    {
        await using var silo = await RunningSilo.Start();
        var (one, other) = (await silo.Admit("one"), await silo.Admit("other"));
        await silo.Settle();
        for (var time = 0; time < Times; time++)
        {
            var account = $"a-wanted{time}";
            var (first, second) = (silo.GiveRole(one, account, Role.Observer, Actor.Platform.Account), silo.GiveRole(other, account, Role.Contributor, Actor.Platform.Account));
            var before = Math.Min((await first).Position, (await second).Position);

            var facts = new List<Fact>();
            await foreach (var entry in silo.Disk.Journal.ReadStream($"account/{account}", 0, Waiting.Cancellation)) facts.Add(FactJson.Read(entry.Fact, entry.Form, entry.Data, entry.Texts));
            Assert.IsType<AccountOpened>(facts[0]);
            Assert.Equal(
                [new AccountRoleTaken(one, Role.Observer), new AccountRoleTaken(other, Role.Contributor)],
                facts.Skip(1).Cast<AccountRoleTaken>().OrderBy(fact => fact.Body, StringComparer.Ordinal));
            // And nothing of it is anywhere else.
            Assert.Equal(before + 1, silo.Disk.Journal.Position);
        }

        await silo.Settle();
        for (var time = 0; time < Times; time++)
        {
            var account = $"a-wanted{time}";
            Assert.Equal((Role.Observer, Role.Contributor), (silo.World.Who(account, one).Role, silo.World.Who(account, other).Role));
        }

        Assert.Equal((Times + 1, Times + 1), (silo.World.RolesIn(one).Count, silo.World.RolesIn(other).Count));
    }
}
