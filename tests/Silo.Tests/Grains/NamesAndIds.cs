using Coordination.Contracts.Accounts;
using Coordination.Host.Accounts;
using Coordination.Host.Grains;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Silo.Tests.Grains;

/// <summary>Names and ids that only one may have, also when several want them at the same moment, and after whatever happened to what is kept of them.</summary>
[Trait("On", "both")]
public sealed class NamesAndIds
{
    private static readonly int Times = TestSize.Of(20, 200);

    private const string Administrator = Actor.AdministratorAccount;

    private static AdmitBody Called(string name) => new(null, BodyKind.Partner, name);

    private static string New(string word) => $"{word} {Guid.NewGuid():N}";

    private static ChangeProfile Rename(string name) => new(name, null, null, null, null);

    [Fact]
    public async Task One_of_many_bodies_gets_a_name_that_all_want_at_the_same_moment()
    {
        await using var silo = await RunningSilo.Start();
        await using var another = ClusterServers.Wanted ? await silo.StartAnother() : null;
        for (var time = 0; time < Times; time++)
        {
            var name = New("Office");
            string[] alike = [name, name.ToUpperInvariant(), name.Replace('O', '\u041E'), name.Replace("ff", "\uFB00", StringComparison.Ordinal), $" {name} "];
            var outcomes = await Task.WhenAll(alike.Select(one => silo.Body(Giving.NewId("body")).Execute(Giving.By(Administrator), Called(one))));
            Assert.Single(outcomes.OfType<Done>());
            Assert.All(outcomes.OfType<Refused>(), refused => Assert.Equal(("body.name-taken", "#/name"), (refused.Refusal.Code, refused.Refusal.Fields.Single().Pointer)));
        }

        await silo.Settle();
        Assert.Equal(Times, silo.World.Bodies.Count());
    }

    [Fact]
    public async Task One_of_a_body_and_a_group_gets_an_id_that_both_want_at_the_same_moment()
    {
        await using var silo = await RunningSilo.Start();
        await using var another = ClusterServers.Wanted ? await silo.StartAnother() : null;
        var (bodies, groups) = (0, 0);
        for (var time = 0; time < Times; time++)
        {
            var id = Giving.NewId("both");
            var body = silo.Body(id).Execute(Giving.By(Administrator), Called(New("Body")));
            var group = silo.Group(id).Execute(Giving.By(Administrator), new FormGroup(id, "Group"));
            var outcomes = await Task.WhenAll(body, group);
            Assert.Single(outcomes.OfType<Done>());
            Assert.Contains(Assert.Single(outcomes.OfType<Refused>()).Refusal.Code, (string[])["body.id-of-a-group", "group.already-exists"]);
            if (outcomes[0] is Done) bodies++;
            else groups++;
        }

        await silo.Settle();
        Assert.Equal((bodies, groups), (silo.World.Bodies.Count(), silo.World.Groups.Count()));
    }

    [Fact]
    public async Task An_id_is_not_taken_that_looks_like_another()
    {
        await using var silo = await RunningSilo.Start();
        await silo.Body("illyria-commission").Give(Administrator, Called(New("Body")));
        Assert.Equal("body.id-misleads", (await silo.Body("i11yria-cornrnission").Execute(Giving.By(Administrator), Called(New("Body"))).Refused()).Code);
        Assert.Equal("group.id-misleads", (await silo.Group("illyria-cornmission").Execute(Giving.By(Administrator), new FormGroup(null, "Group")).Refused()).Code);
        Assert.Equal("group.already-exists", (await silo.Group("illyria-commission").Execute(Giving.By(Administrator), new FormGroup(null, "Group")).Refused()).Code);
    }

    [Fact]
    public async Task A_body_that_changes_its_name_leaves_the_old_one_to_others()
    {
        await using var silo = await RunningSilo.Start();
        var (first, second) = (await silo.Admit(), await silo.Admit());
        var (old, next) = (New("Commission"), New("Council"));
        await silo.Body(first).Give(first, Rename(old));
        Assert.Equal("body.name-taken", (await silo.Body(second).Execute(Giving.By(second), Rename(old.ToUpperInvariant())).Refused()).Code);
        // Its own name in other letters is its own.
        await silo.Body(first).Give(first, Rename(old.ToUpperInvariant()));
        Assert.Equal("body.name-taken", (await silo.Body(second).Execute(Giving.By(second), Rename(old)).Refused()).Code);
        await silo.Body(first).Give(first, Rename(next));
        await silo.Body(second).Give(second, Rename(old));
        Assert.Equal("body.name-taken", (await silo.Body(first).Execute(Giving.By(first), Rename(old)).Refused()).Code);
    }

    [Fact]
    public async Task What_was_claimed_stays_so_after_a_restart_and_when_what_is_kept_of_it_was_lost()
    {
        var silo = await RunningSilo.Start();
        var (name, body, group, person) = (New("Office"), Giving.NewId("body"), Giving.NewId("g"), Giving.NewId("someone"));
        await silo.Body(body).Give(Administrator, Called(name));
        await silo.Group(group).Give(Administrator, new FormGroup(group, "Group"));
        await silo.GiveRole(body, person, Role.Coordinator, Actor.Platform.Account);
        foreach (var lose in (bool[])[false, true])
        {
            var folder = await silo.Stop();
            if (lose) folder.Tamper($"DELETE FROM records WHERE kind IN ('{Claims.Ids}', '{Claims.BodyNames}', '{Claims.SignInNames}')");
            if (lose) await RunningSilo.Vouch(folder);
            silo = await RunningSilo.Start(folder);
            Assert.Equal("body.name-taken", (await silo.Body(Giving.NewId("body")).Execute(Giving.By(Administrator), Called(name)).Refused()).Code);
            Assert.Equal("group.already-exists", (await silo.Group(body).Execute(Giving.By(Administrator), new FormGroup(null, "Group")).Refused()).Code);
            Assert.Equal("group.id-misleads", (await silo.Group(group.Replace("g-", "\u0261-", StringComparison.Ordinal)).Execute(Giving.By(Administrator), new FormGroup(null, "Group")).Refused()).Code);
            Assert.Equal("account.name-misleads", (await silo.TryGiveRole(body, person.Replace('o', '0'), Role.Observer, Actor.Platform.Account) as Refused)?.Refusal.Code);
        }

        await silo.DisposeAsync();
    }

    [Fact]
    public async Task A_claim_whose_facts_never_came_gives_way()
    {
        await using var silo = await RunningSilo.Start();
        var name = New("Office");
        var claims = silo.Services.GetRequiredService<Claims>();
        Assert.Null(await claims.Take(Claims.BodyNames, name, "body/never-admitted"));
        // They may still come.
        Assert.Equal("body.name-taken", (await silo.Body(Giving.NewId("body")).Execute(Giving.By(Administrator), Called(name)).Refused()).Code);
        var later = new Claims(silo.Store.Records, silo.Store.Journal, new Later());
        Assert.Null(await later.HolderOf(Claims.BodyNames, name));
        Assert.Null(await later.Take(Claims.BodyNames, name, "body/another"));
        // And one whose facts came does not.
        var body = Giving.NewId("body");
        await silo.Body(body).Give(Administrator, Called(New("Council")));
        Assert.Equal($"body/{body}", await later.Take(Claims.Ids, body, "group/another"));
    }

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Claims.InProgress + TimeSpan.FromSeconds(1);
    }
}
