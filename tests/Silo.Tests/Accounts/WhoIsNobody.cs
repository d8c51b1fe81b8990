using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Host.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;

namespace Coordination.Silo.Tests.Accounts;

/// <summary>That an account is nobody is said by views that know it, and of a role that was taken by all of them.</summary>
[Trait("On", "both")]
public sealed class WhoIsNobody
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Views_that_are_behind_do_not_say_that_an_account_is_nobody()
    {
        await using var silo = await RunningSilo.Start(configure: options => options.SeenWithin = Short);
        var (body, name) = (await silo.Admit(), Giving.NewId("person"));
        var (account, standing) = (silo.Grains.GetGrain<IAccountGrain>(name), silo.Grains.GetGrain<IStandingGrain>(name));
        await silo.Settle();
        Assert.Null(await account.WhoIs());
        Assert.False(await standing.IsSomebody());

        silo.Disk.Fails = access => access == "ReadFrom";
        await silo.Body(body).Give(body, new GrantRole(name, Role.Contributor));
        await Assert.ThrowsAsync<ViewsBehindException>(account.WhoIs);
        await Assert.ThrowsAsync<ViewsBehindException>(standing.IsSomebody);
        // Whoever is somebody by what is known is not kept waiting.
        Assert.Equal(body, (await silo.Grains.GetGrain<IAccountGrain>(body).WhoIs())!.Body!.Id);

        silo.Disk.Fails = _ => false;
        await silo.Settle();
        Assert.Equal((Role.Contributor, body), await account.WhoIs() is { } view ? (view.Role, view.Body!.Id) : default);
        Assert.True(await standing.IsSomebody());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_role_that_was_taken_is_gone_on_every_silo_when_the_answer_says_so(bool theOtherIsSlow)
    {
        Assert.SkipUnless(ClusterServers.Wanted, "It takes two silos.");
        // Longer than the slow one is slow: the answer waits for it.
        static void Patient(SiloOptions options) => options.SeenWithin = TimeSpan.FromSeconds(10);
        await using var first = await RunningSilo.Start(configure: Patient);
        await using var second = await first.StartAnother(Patient);
        var (decides, slow) = theOtherIsSlow ? (first, second) : (second, first);
        var (body, name) = (Giving.NewId("body"), Giving.NewId("person"));
        // The body's grain is where it is asked for first, and where views are quick.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, decides.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
        await decides.Admit(body);
        RequestContext.Clear();
        await decides.Body(body).Give(body, new GrantRole(name, Role.Contributor));
        Assert.Equal((body, body), (decides.World.Who(name).Body, slow.World.Who(name).Body));

        // A read that was under way would still bring what is written now: so it is waited for until one has been refused.
        var refused = new TaskCompletionSource();
        slow.Disk.Fails = access => access == "ReadFrom" && (refused.TrySetResult() || true);
        await decides.Admit();
        await refused.Task.Until("the slow silo reads");
        var taken = decides.Body(body).Give(body, new RevokeRole(name));
        await decides.World.Reach(decides.Disk.Journal.Position, Waiting.Patience, Waiting.Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), Waiting.Cancellation);
        Assert.Null(decides.World.Who(name).Body);
        Assert.Equal(body, slow.World.Who(name).Body);
        Assert.False(taken.IsCompleted, "It is said to be taken while a silo still knows the role.");

        slow.Disk.Fails = _ => false;
        await taken;
        Assert.Null(slow.World.Who(name).Body);
        Assert.Null((await slow.Services.GetRequiredService<Standing>().Of(name)).Body);
    }
}
