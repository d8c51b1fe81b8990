using Coordination.Contracts.Accounts;
using Coordination.Host.Accounts;

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
        Assert.DoesNotContain(await silo.Store.Records.List(AccountRecords.LookKind, Waiting.Cancellation), record => System.Text.Encoding.UTF8.GetString(record.Data).Contains(account, StringComparison.Ordinal));
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
}
