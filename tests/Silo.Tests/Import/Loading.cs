using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Coordination.Contracts.Accounts;
using Coordination.Host.Accounts;

namespace Coordination.Silo.Tests.Import;

/// <summary>A silo whose first start loaded the report and the exercise.</summary>
public sealed class LoadedSilo : IAsyncLifetime
{
    public static string Input { get; } = Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "deploy", "data");

    public RunningSilo Silo { get; private set; } = null!;

    public TimeSpan Taken { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Silo = await RunningSilo.Start(configure: options => options.Input = Input);
        Taken = watch.Elapsed;
    }

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    private static string Root(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Coordination.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("There is no Coordination.sln above " + AppContext.BaseDirectory);
    }
}

public sealed partial class Loading(LoadedSilo loaded, ITestOutputHelper output) : IClassFixture<LoadedSilo>
{
    private static string Content => ClusterServers.Wanted
        ? "SELECT stream, version, fact, form, actor, body, topics, convert_from(audience, 'UTF8'), convert_from(data, 'UTF8'), convert_from(texts, 'UTF8') FROM entries LEFT JOIN texts USING (position) ORDER BY stream, version"
        : "SELECT stream, version, fact, form, actor, body, topics, CAST(audience AS TEXT), CAST(data AS TEXT), CAST(texts AS TEXT) FROM entries LEFT JOIN texts USING (position) ORDER BY stream, version";
    private static string Accounts => ClusterServers.Wanted
        ? "SELECT id, convert_from(data, 'UTF8') FROM records WHERE kind = 'sign-in-name'"
        : "SELECT id, CAST(data AS TEXT) FROM records WHERE kind = 'sign-in-name'";
    private readonly RunningSilo _silo = loaded.Silo;

    [Fact]
    public void Bodies_are_those_of_the_report_and_three_of_the_exercise()
    {
        output.WriteLine($"Started and loaded {_silo.Disk.Journal.Position} entries in {loaded.Taken.TotalSeconds:N1} s");
        Assert.Equal((115, 3), (_silo.World.Bodies.Count(body => !body.Info.Exercise), _silo.World.Bodies.Count(body => body.Info.Exercise)));
        Assert.All(_silo.World.Bodies.Where(body => !body.Info.Exercise), body => Cited(body.Admitted.Source));
        Assert.All(_silo.World.Bodies.Where(body => body.Info.Exercise), body => Assert.Null(body.Admitted.Source));
    }

    [Fact]
    public async Task Each_body_has_an_account_like_any_other_that_coordinates_it()
    {
        var accounts = _silo.World.Bodies.Select(body => (body.Info, Account: Assert.Single(_silo.World.CoordinatorsOf(body.Info.Id)))).ToList();
        Assert.Equal(118, accounts.Select(pair => pair.Account).Distinct().Count());
        foreach (var (body, account) in accounts)
        {
            Assert.True(AccountId.IsOne(account), account);
            Assert.Equal(new AccountNames(body.Id, body.Name, IsOffered: true, IsTaken: true), _silo.World.Names.Of(account));
            Assert.Equal(new Actor(account, body.Id, Role.Coordinator), _silo.World.Who(account, body.Id));
        }

        var offered = await _silo.Grains.GetGrain<IDemonstrationGrain>(0).Accounts();
        Assert.Equal(accounts.Select(pair => pair.Info.Id).Order(), offered.Select(one => one.Account).Order());
        Assert.Equal("hash of the shared password", (await _silo.Grains.GetGrain<ISignInNameGrain>("ruritania").Find())!.PasswordHash);
    }

    [Fact]
    public void Plans_are_those_of_the_report_and_three_of_the_exercise()
    {
        var plans = _silo.World.Plans.Where(plan => !plan.State.Exercise).ToList();
        Assert.Equal(29, _silo.World.Plans.Count());
        Assert.Equal((22, 4), (plans.Count(plan => plan.State.Status is PlanStatus.UnderImplementation), plans.Count(plan => plan.State.Status is PlanStatus.Drafting)));
        Assert.Equal(26, plans.Count);
        Assert.Equal(6, plans.Count(plan => plan.Drafted.Iteration is { Number: 2, AtLeast: true }));
        Assert.Equal(20, plans.Count(plan => plan.Drafted.Iteration is null));
        Assert.All(plans, plan => Cited(plan.Drafted.Source));
        Assert.All(plans, plan => Assert.Equal(Mark.Public, plan.State.Mark));
        Assert.NotEmpty(plans.SelectMany(plan => plan.Measures));
        Assert.All(plans.SelectMany(plan => plan.Measures), measure => Cited(measure.Source));
        Assert.All(plans, plan => Assert.Empty(plan.State.Milestones));
    }

    [Fact]
    public void Agreements_are_on_the_pages_of_all_their_parties()
    {
        // 17, of which the report names no party of three.
        var given = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(Input, "a67170", "agreements.json")))!.AsArray();
        Assert.Equal((17, 14), (given.Count, given.Count(agreement => agreement!["parties"]!.AsArray().Count > 0)));
        var noted = _silo.World.Bodies.SelectMany(body => body.Agreements.Select(agreement => (body.Info.Id, agreement))).ToList();
        Assert.Equal(14, noted.Select(pair => pair.agreement.Id).Distinct().Count());
        Assert.All(noted, pair => Cited(pair.agreement.Source));
        foreach (var agreement in noted.GroupBy(pair => pair.agreement.Id))
            Assert.Equal(agreement.First().agreement.Parties.Order(StringComparer.Ordinal), agreement.Select(pair => pair.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reported_fact_cites_its_paragraph_and_is_there_once()
    {
        var facts = _silo.World.Bodies.SelectMany(body => body.Facts).ToList();
        Assert.Equal(277, facts.Count);
        Assert.Equal(277, facts.Select(fact => fact.Id).Distinct().Count());
        Assert.All(facts, fact => Cited(fact.Source));
    }

    [Theory]
    [InlineData("finland-national-rapporteur", "FIN")]
    [InlineData("sweden-national-rapporteur", "SWE")]
    public void Rapporteurs_answer_for_their_State(string id, string state)
    {
        Assert.Equal((BodyKind.NationalRapporteur, state), (_silo.World.Body(id)!.Kind, _silo.World.Body(id)!.State));
        Assert.Equal([id], _silo.World.RapporteursOf(state));
    }

    [Fact]
    public async Task The_chain_of_what_was_loaded_holds()
    {
        var verification = await _silo.Disk.Journal.Verify(Waiting.Cancellation);

        Assert.Equal((null, _silo.Disk.Journal.Position), (verification.BrokenAt, verification.Entries));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_load_that_is_cut_off_goes_on_at_the_next_start_and_nothing_is_there_twice()
    {
        await _silo.Settle();
        var expected = Named(_silo.Read(Content), _silo.Read(Accounts));
        var folder = new DataFolder();
        foreach (var cut in (int[])[1, 60, 130, 90, 250, 40])
        {
            var appends = 0;
            await Assert.ThrowsAnyAsync<InvalidOperationException>(() => RunningSilo.Start(
                folder, options => (options.Input, options.ImportPatience) = (Input, TimeSpan.Zero), disk => disk.Fails = access => access is "Append" && Interlocked.Increment(ref appends) > cut));
            output.WriteLine($"cut off at {folder.Read("SELECT position FROM head")[0]}");
        }

        await using var silo = await RunningSilo.Start(folder, options => options.Input = Input);
        Assert.Null((await silo.Disk.Journal.Verify(Waiting.Cancellation)).BrokenAt);
        await silo.Stop();

        Assert.Equal(expected, Named(folder.Read(Content), folder.Read(Accounts)));
    }

    [Fact]
    public async Task A_second_start_loads_nothing_again()
    {
        await using var first = await RunningSilo.Start(configure: options => options.Input = Input);
        var head = first.Disk.Journal.Position;
        await using var second = await RunningSilo.Start(await first.Stop(), options => options.Input = Input);

        Assert.Equal(head, second.Disk.Journal.Position);
        Assert.Equal(118, second.World.Bodies.Count());
        await second.Stop();
    }

    [Fact]
    public async Task Without_demonstration_nothing_is_loaded()
    {
        await using var silo = await RunningSilo.Start(configure: options => (options.Input, options.Demonstration) = (Input, false));

        Assert.Equal(0, silo.Disk.Journal.Position);
    }

    /// <summary>Ids of accounts are others with each load: each becomes the name that it signs in with.</summary>
    private static string[] Named(List<string> rows, List<string> accounts)
    {
        var names = accounts.Select(row => row.Split('|', 2)).ToDictionary(
            pair => JsonNode.Parse(pair[1])!["Account"]!.GetValue<string>(), pair => $"account of {pair[0]}");
        // Where a text stands differs too: what is loaded side by side is in no order.
        return [.. rows.Select(row => Place().Replace(Id().Replace(row, match => names[match.Value]), "At\":…")).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex("At\":[0-9]+")]
    private static partial Regex Place();

    [GeneratedRegex("(?<![a-z0-9-])a-[a-z2-9]{8}(?![a-z0-9-])")]
    private static partial Regex Id();

    private static string Input => LoadedSilo.Input;

    private static void Cited(Domain.Citation? source)
    {
        Assert.Equal("A/67/170", source?.Document);
        Assert.NotEmpty(source!.Paragraphs);
        Assert.All(source.Paragraphs, paragraph => Assert.InRange(paragraph, 1, 100));
    }
}
