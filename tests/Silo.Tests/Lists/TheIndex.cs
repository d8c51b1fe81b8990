using Coordination.Contracts.Search;
using Coordination.Domain.Plans;
using Coordination.Host.Search;

namespace Coordination.Silo.Tests.Lists;

/// <summary>The inverted index of names, titles, codes and subjects.</summary>
public sealed class TheIndex
{
    private static readonly string[] Words = ["plan", "Plán", "planning", "labour", "Łódź", "Côte", "d’Ivoire", "анти", "план", "خطة", "行动计划", "2026", "२०२६", "a", "ab", "abc", "x-ray", "co-ordination", "coordination"];
    private static readonly string[] Queries = ["p", "plan", "PLA", "lodz", "ivoire cote", "план", "خطه", "计划", "行动", "20", "a", "ab", "abc plan", "xray", "ray x", "x-ray", "co-ordination", "co-ord", "coordination", "ordination-co", "pl-an 2026", "labour plan 2026", "q"];

    [Fact]
    public void It_finds_what_a_look_at_every_text_finds_whatever_has_changed()
    {
        for (var seed = 0; seed < TestSize.Of(40, 400); seed++)
        {
            var random = new Random(seed);
            var world = new FoldedWorld(searched: random.Next(2) == 0);
            var texts = new Dictionary<ThingName, string[]>();
            var plans = new Dictionary<string, List<string>>();
            for (var step = 0; step < 60; step++)
            {
                Change(step);
                if (random.Next(5) != 0) continue;
                foreach (var query in Queries)
                {
                    var words = SearchText.QueryOf(query);
                    var found = world.World.Search.Find(words);
                    var expected = texts.Where(pair => SearchText.Finds(words, pair.Value)).Select(pair => pair.Key).ToHashSet();
                    Assert.Equal(expected.Select(Shown).Order(), found.All().Select(one => Shown(one.Thing.Name)).Order());
                    foreach (var name in texts.Keys) Assert.Equal(expected.Contains(name), found.Has(name));
                }
            }

            void Change(int step)
            {
                var id = $"q{random.Next(6)}";
                var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Words[random.Next(Words.Length)]));
                switch (random.Next(7))
                {
                    case 0 when texts.TryAdd(new(SearchKind.Body, id), [text, "AB-" + step, "XQQ", id]):
                        world.Body(id, text, "AB-" + step, "XQQ");
                        break;
                    case 1 when texts.TryGetValue(new(SearchKind.Body, id), out var body):
                        texts[new(SearchKind.Body, id)] = [text, .. body[1..]];
                        world.Happens($"body/{id}", new Domain.Bodies.BodyProfileChanged(text, null, null, null, null));
                        break;
                    case 2 when texts.TryAdd(new(SearchKind.Group, id), [text, id]):
                        world.Group(id, text);
                        break;
                    case 3 when texts.TryAdd(new(SearchKind.Request, id), [text, id]):
                        world.Request(id, "q0", "q1", text);
                        break;
                    case 4 when texts.TryAdd(new(SearchKind.Plan, id), [text, "C" + step, id]):
                        plans[id] = ["m"];
                        world.Plan(id, "q0", text, code: "C" + step);
                        world.Measure(id, "m", "labour");
                        texts[new(SearchKind.Measure, id, "m")] = ["labour"];
                        break;
                    case 5 when plans.ContainsKey(id):
                        texts[new(SearchKind.Milestone, id, $"o{step}")] = [text];
                        world.Milestone(id, "m", $"o{step}", text, new(2026, 1, 1));
                        break;
                    case 6 when plans.ContainsKey(id) && texts.Keys.FirstOrDefault(name => name.Kind is SearchKind.Milestone && name.Id == id) is { Part: { Length: > 0 } part }:
                        // Most that happens changes no word.
                        world.Reported(id, part, "q0", MilestoneStatus.InProgress);
                        break;
                }
            }
        }

        static string Shown(ThingName name) => $"{name.Kind} {name.Id} {name.Part}";
    }

    [Fact]
    public void Whole_words_are_told_from_beginnings()
    {
        var world = new FoldedWorld();
        world.Body("one", "Planning office");
        world.Body("two", "The plan");

        var found = world.World.Search.Find(SearchText.QueryOf("plan")).All().ToDictionary(one => one.Thing.Name.Id, one => one.Whole);

        Assert.Equal(0, found["one"]);
        Assert.Equal(1, found["two"]);
        Assert.All(world.World.Search.Find(SearchText.QueryOf("pl-an")).All(), one => Assert.Equal(one.Thing.Name.Id == "two" ? 2 : 0, one.Whole));
    }

    [Fact]
    public void What_is_erased_leaves_it_with_its_words()
    {
        var index = new SearchIndex();
        var world = new FoldedWorld();
        world.Plan("p", "b", "Ornithology for everyone");
        world.Measure("p", "m", "Pterodactyls");
        world.Milestone("p", "m", "o", "Archaeopteryx", new(2026, 1, 1));
        var plan = world.World.Plan("p")!;
        index.Changed("p", plan);
        Assert.NotEmpty(index.Find([new("ornith")]).All());
        Assert.NotEmpty(index.Find([new("archae")]).All());
        var before = index.Words;

        index.Changed("p", plan with
        {
            Drafted = plan.Drafted with { Title = TextAttribute.Erased },
            Measures = [plan.Measures[0] with { Title = TextAttribute.Erased }],
            MilestoneTitles = plan.MilestoneTitles.SetItem("o", TextAttribute.Erased),
        });

        foreach (var word in (string[])["ornithology", "for", "everyone", "pterodactyls", "archaeopteryx", "erased"]) Assert.Empty(index.Find([new(word)]).All());
        Assert.Equal(before - 5, index.Words);
        Assert.NotEmpty(index.Find([new("p")]).All());
    }

    [Fact]
    public void What_is_folded_anew_is_found_as_it_is_now()
    {
        var (world, anew) = (new FoldedWorld(), new FoldedWorld());
        var drafted = world.Plan("p", "b", "Ornithology for everyone");
        Assert.NotEmpty(Found("ornithology"));

        world.World.View<PlansView>().Refold("p", [drafted with { Texts = null }], 1);
        Assert.Empty(Found("ornithology"));
        Assert.NotEmpty(Found("p"));

        anew.Plan("p", "b", "Palaeontology");
        world.World.Replace(anew.World.View<PlansView>());
        Assert.NotEmpty(Found("palaeontology"));

        world.Measure("p", "m", "Pterodactyls");
        Assert.NotEmpty(Found("pterodactyls"));

        IEnumerable<(Thing Thing, int Whole)> Found(string word) => world.World.Search.Find([new(word)]).All();
    }

    [Fact]
    public void Words_lie_in_order_however_many_there_are()
    {
        var vocabulary = new Vocabulary();
        var random = new Random(9);
        var all = new SortedSet<string>(StringComparer.Ordinal);
        for (var step = 0; step < 20_000; step++)
        {
            var text = random.Next(30_000).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
            var word = vocabulary.Take(text);
            Assert.Equal(text, word.Text);
            all.Add(text);
            if (random.Next(3) != 0) continue;
            vocabulary.Forget(word);
            all.Remove(text);
        }

        Assert.Equal(all.Count, vocabulary.Count);
        Assert.Equal(all, vocabulary.From("").Select(word => word.Text));
        foreach (var beginning in (string[])["0", "1", "7f", "abc", "g", "ffff"])
            Assert.Equal(all.Where(text => text.StartsWith(beginning, StringComparison.Ordinal)), vocabulary.From(beginning).Select(word => word.Text));
    }

    [Fact]
    public async Task Many_read_while_one_writes()
    {
        var world = new FoldedWorld();
        world.Body("b", "A body");
        using var ends = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var most = 0;
            while (!ends.IsCancellationRequested)
            {
                var found = world.World.Search.Find([new("milestone")]).All().Count();
                Assert.True(found >= most, $"{found} after {most}.");
                most = found;
            }
        }, Waiting.Cancellation)).ToList();
        for (var plan = 0; plan < 40; plan++)
        {
            world.Plan($"p{plan}", "b", $"Plan {plan}");
            world.Measure($"p{plan}", "m", "Measure");
            for (var milestone = 0; milestone < 50; milestone++) world.Milestone($"p{plan}", "m", $"o{milestone}", $"Milestone {milestone}", new(2026, 1, 1));
        }

        Assert.Equal(2_000, world.World.Search.Find([new("milestone")]).All().Count());
        await ends.CancelAsync();
        await Task.WhenAll(readers).Until("the readers end");
    }
}
