using Coordination.Contracts.Accounts;
using Coordination.Host.Accounts;
using Coordination.Host.Grains;

namespace Coordination.Silo.Tests.Accounts;

[Trait("On", "both")]
public sealed class SignInNamesThatMislead
{
    private static ISignInNameGrain Name(RunningSilo silo, string name) => silo.Grains.GetGrain<ISignInNameGrain>(name);

    private static async Task<Outcome> Invite(RunningSilo silo, string body, string name) =>
        (await Name(silo, name).Grant(Giving.By(body), new(body, name, Role.Observer), Giving.InvitationTo(body))).Outcome;

    private static async Task Misleads(RunningSilo silo, string body, string name)
    {
        var refusal = Assert.IsType<Refused>(await Invite(silo, body, name)).Refusal;
        Assert.Equal((RefusalReason.Conflict, "account.name-misleads", "#/account"), (refusal.Reason, refusal.Code, refusal.Fields.Single().Pointer));
        // It is nobody's, also not half.
        Assert.Null(await Name(silo, name).Find());
        Assert.Null(await silo.Store.Records.Read(AccountRecords.NameKind, name, Waiting.Cancellation));
    }

    [Fact]
    public async Task Are_given_to_nobody()
    {
        await using var silo = await RunningSilo.Start();
        var (illyria, other) = (await silo.Admit("illyria"), await silo.Admit("nowhere-else"));
        Assert.IsType<Done>(await Invite(silo, other, "maria.olin"));
        foreach (var name in (string[])["rnaria.olin", "maria.0lin", "maria.o1in", "rnar1a.oiln"]) await Misleads(silo, other, name);
        foreach (var name in (string[])["administrat0r", "adrninistrator", "adm1nistrator"]) await Misleads(silo, other, name);
        // The id of another body, and what looks like it. Its own people may have such names.
        foreach (var name in (string[])["i11yria", "l11yrla"]) await Misleads(silo, other, name);
        await silo.Body("sylvania").Give(Actor.AdministratorAccount, new AdmitBody(null, BodyKind.Partner, "Sylvania"));
        foreach (var name in (string[])["sylvania", "sy1vania"]) await Misleads(silo, other, name);
        await silo.GiveRole("sylvania", "sylvania", Role.Coordinator, Actor.Platform.Account);
        await Misleads(silo, "sylvania", "sy1vania");
        Assert.IsType<Done>(await Invite(silo, illyria, "illyria.office"));
    }

    [Fact]
    public async Task Are_free_again_once_the_account_is_erased()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit();
        Assert.IsType<Done>(await Invite(silo, body, "mina.olin"));
        await Misleads(silo, body, "rnina.olin");
        var account = (await Name(silo, "mina.olin").Find())!.Account;
        await silo.Account(account).Give(Actor.AdministratorAccount, new EraseAccount());
        Assert.DoesNotContain(await silo.Store.Records.List(Claims.SignInNames, Waiting.Cancellation), record => System.Text.Encoding.UTF8.GetString(record.Data).Contains(account, StringComparison.Ordinal));
        Assert.IsType<Done>(await Invite(silo, body, "rnina.olin"));
        await Misleads(silo, body, "mina.olin");
    }

    [Fact]
    public async Task Are_given_once_when_two_want_them_at_the_same_moment()
    {
        await using var silo = await RunningSilo.Start();
        await using var another = ClusterServers.Wanted ? await silo.StartAnother() : null;
        var (one, other) = (await silo.Admit(), await silo.Admit());
        for (var time = 0; time < TestSize.Of(20, 200); time++)
        {
            var (name, alike) = ($"norman{time}.x", $"norrnan{time}.x");
            var outcomes = await Task.WhenAll(Invite(silo, one, name), Invite(silo, other, alike));
            Assert.Single(outcomes.OfType<Done>());
            Assert.Equal("account.name-misleads", Assert.Single(outcomes.OfType<Refused>()).Refusal.Code);
        }
    }

    [Fact]
    public async Task Are_held_against_a_body_that_comes_later()
    {
        await using var silo = await RunningSilo.Start();
        var other = await silo.Admit();
        Assert.IsType<Done>(await Invite(silo, other, "freedonia"));
        await silo.Settle();
        foreach (var id in (string[])["freedonia", "freed0n1a"]) Assert.Equal("body.id-of-an-account", await Admission(silo, id, "Somewhere"));
        var body = Giving.NewId("body");
        var refused = Assert.IsType<Refused>(await silo.Body(body).Execute(Giving.By(Actor.AdministratorAccount), new AdmitBody(null, BodyKind.Partner, "Freedonia"))).Refusal;
        Assert.Equal(("body.name-of-an-account", "#/name"), (refused.Code, refused.Fields.Single().Pointer));
        Assert.Equal("body.name-of-an-account", await Admission(silo, body, "Administrator"));
        Assert.Null(await Admission(silo, body, "Rufus"));
        await silo.GiveRole(body, "sylvania.office", Role.Coordinator, Actor.Platform.Account);
        await silo.Settle();
        Assert.Equal("body.name-of-an-account", (await silo.Body(body).Execute(Giving.By("sylvania.office"), Called("FREED0NIA")).Refused()).Code);

        // Its own people may be called as it is, and nobody else is from then on.
        await silo.Body(body).Give("sylvania.office", Called("Sylvania.Office"));
        await silo.Body(body).Give("sylvania.office", Called("Rufus T"));
        await silo.Body(body).Give("sylvania.office", Called("Firefly"));
        await Misleads(silo, other, "firefly");
        Assert.IsType<Done>((await Name(silo, "firefly").Grant(Giving.By("sylvania.office"), new(body, "firefly", Role.Observer), Giving.InvitationTo(body))).Outcome);

        await silo.Account((await Name(silo, "freedonia").Find())!.Account).Give(Actor.AdministratorAccount, new EraseAccount());
        Assert.Null(await Admission(silo, "freedonia", "Freedonia"));
    }

    [Fact]
    public async Task Are_of_a_body_or_of_somebody_else_when_both_want_them_at_the_same_moment()
    {
        await using var silo = await RunningSilo.Start();
        await using var another = ClusterServers.Wanted ? await silo.StartAnother() : null;
        var other = await silo.Admit();
        for (var time = 0; time < TestSize.Of(20, 200); time++)
        {
            var name = $"wanted{time}.y";
            var (invited, admitted) = (Invite(silo, other, name), Admission(silo, $"body-{time}", name));
            // Both may be told that the other one was first; both are never given it.
            Assert.False(await invited is Done && await admitted is null, $"{name} was given twice.");
        }
    }

    [Fact]
    public async Task A_body_that_is_there_keeps_its_id_whoever_gives_it_back()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit();
        var claims = new Claims(silo.Store.Records, silo.Store.Journal, TimeProvider.System);
        await claims.Release(Claims.Ids, body, $"body/{body}", kept: "");
        Assert.Equal($"body/{body}", await claims.HolderOf(Claims.Ids, body));
    }

    [Fact]
    public async Task Are_free_again_when_their_account_was_never_opened()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit();
        silo.Disk.Fails = access => access is "Append";
        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(await Invite(silo, body, "mina.harker")).Refusal.Reason);
        silo.Disk.Fails = _ => false;
        // What was said may still come to the journal.
        await Misleads(silo, body, "rnina.harker");
        var later = new Claims(silo.Store.Records, silo.Store.Journal, new Later());
        Assert.Null(await later.HolderOf(Claims.SignInNames, "mina.harker"));
        Assert.Null(await later.Take(Claims.SignInNames, "rnina.harker", "account/a-22222222"));
        await later.Erase(Claims.SignInNames, "rnina.harker", "account/a-22222222");

        // The name itself is anybody's who says it again, and then not free any more.
        Assert.IsType<Done>(await Invite(silo, await silo.Admit(), "mina.harker"));
        Assert.NotNull(await later.Take(Claims.SignInNames, "rnina.harker", "account/a-22222222"));
        await Misleads(silo, body, "rnina.harker");
    }

    [Fact]
    public async Task Are_not_taken_from_an_earlier_command_whose_facts_may_still_come()
    {
        await using var silo = await RunningSilo.Start();
        var body = await silo.Admit();
        const string Name = "lucy.westenra";
        silo.Disk.Fails = access => access is "Append";
        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(await Invite(silo, body, Name)).Refusal.Reason);
        silo.Disk.Fails = _ => false;
        // Meanwhile it has become the id of a body.
        Assert.Null(await new Claims(silo.Store.Records, silo.Store.Journal, TimeProvider.System).Take(Claims.Ids, Name, $"body/{Name}"));
        Assert.Equal("account.name-misleads", Assert.IsType<Refused>(await Invite(silo, body, Name)).Refusal.Code);
        Assert.NotNull(await silo.Store.Records.Read(AccountRecords.NameKind, Name, Waiting.Cancellation));
    }

    /// <summary>The code with which a body was not admitted; null when it was.</summary>
    private static async Task<string?> Admission(RunningSilo silo, string id, string name) =>
        (await silo.Body(id).Execute(Giving.By(Actor.AdministratorAccount), new AdmitBody(null, BodyKind.Partner, name)) as Refused)?.Refusal.Code;

    private static ChangeProfile Called(string name) => new(name, null, null, null, null);

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Claims.InProgress + TimeSpan.FromSeconds(1);
    }
}
