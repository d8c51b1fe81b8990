using System.Diagnostics;
using Coordination.Host.Search;

namespace Coordination.Silo.Tests.Lists;

/// <summary>Lists and the search as large as they are planned for: 5,000 plans of 20 milestones and 20 plans of 2,000, in memory.</summary>
public sealed class Large(ITestOutputHelper output)
{
    private static readonly string[] Verbs = ["Train", "Adopt", "Publish", "Review", "Open", "Fund", "Translate", "Inspect", "Register", "Compile", "Evaluate", "Extend"];
    private static readonly string[] Things = ["judges", "shelters", "guidelines", "hotline", "labour inspectors", "consular staff", "referral mechanism", "statistics", "border posts", "schools", "recruitment agencies", "victims' fund", "médiateurs", "прокуроры", "مفتشون", "培训课程"];

    [Trait("Full", "scale")]
    [Fact]
    public void Answers_come_in_time()
    {
        var (small, big, parts) = TestSize.Of((1_000, 4, 2_000), (5_000, 20, 2_000));
        var random = new Random(1);
        var world = new FoldedWorld(searched: false);
        var today = new DateOnly(2026, 6, 15);
        world.Body("reader", "The reader");
        for (var body = 0; body < 1_200; body++) world.Body($"body-{body}", $"{Verbs[body % 12]} Commission of Land {body}", $"CL{body}", $"X{(char)('A' + (body % 26))}{(char)('A' + (body / 26 % 26))}");
        for (var plan = 0; plan < small + big; plan++)
        {
            var id = $"p-{plan:D5}";
            world.Plan(id, $"body-{plan % 1_200}", $"National action plan {plan} against trafficking, {2020 + (plan % 10)}");
            world.Measure(id, "m", $"{Verbs[random.Next(12)]} {Things[random.Next(16)]} everywhere");
            for (var part = 0; part < (plan < small ? 20 : parts); part++)
                world.Milestone(id, "m", $"o{part:D4}", $"{Verbs[random.Next(12)]} {random.Next(5_000)} {Things[random.Next(16)]} in district {random.Next(40_000)}", today.AddDays(random.Next(-500, 1_500)));
        }

        var count = (small * 20) + (big * parts);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        Assert.Empty(world.World.Search.Find([new("zzz")]).All());
        var built = clock.Elapsed;
        var memory = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1_048_576.0;
        output.WriteLine($"{count:N0} milestones, {small + big:N0} plans: index built in {built.TotalMilliseconds:N0} ms, {world.World.Search.Words:N0} words, {memory:N1} MiB.");

        var overdue = Measured("GET /milestones?overdue=true, first page with total", () => world.Plans.Milestones(FoldedWorld.Reader, new(Overdue: true), new(null, 100)).Total!.Value);
        var late = 0;
        foreach (var plan in world.World.Plans) late += plan.State.Milestones.Values.Count(milestone => milestone.IsLate(today));
        Assert.Equal(late, world.Plans.Milestones(FoldedWorld.Reader, new(Overdue: true), new()).Total);
        Measured("the page after it", () => world.Plans.Milestones(FoldedWorld.Reader, new(Overdue: true), new(world.Plans.Milestones(FoldedWorld.Reader, new(Overdue: true), new(null, 100)).Next, 100)).Items.Length);
        Measured("GET /milestones, all of them", () => world.Plans.Milestones(FoldedWorld.Reader, new(), new(null, 100)).Total!.Value);
        Measured("GET /milestones?sort=title", () => world.Plans.Milestones(FoldedWorld.Reader, new(), new(null, 100, Sort: "title")).Total!.Value);
        Measured("GET /milestones?q=train 12", () => world.Plans.Milestones(FoldedWorld.Reader, new(), new(null, 100, "train 12")).Total!.Value);
        Measured("GET /milestones?plan=, 2,000 milestones", () => world.Plans.Milestones(FoldedWorld.Reader, new(Plan: $"p-{small:D5}"), new(null, 100)).Total!.Value);
        Measured("GET /plans, by title", () => world.Plans.Plans(FoldedWorld.Reader, new(), new(null, 100)).Total!.Value);
        Measured("GET /plans?q=land 7", () => world.Plans.Plans(FoldedWorld.Reader, new(), new(null, 100, "land 7")).Total!.Value);
        var few = Measured("search: judges district 123", () => Found(world, "judges district 123"));
        Measured("search: 培训", () => Found(world, "培训"));
        Measured("search: train", () => Found(world, "train"));
        Measured("search: t", () => Found(world, "t"));
        Assert.True(memory < TestSize.Of(40, 100), $"The index takes {memory:N1} MiB.");
        // The figures are read where nothing else runs; here they only must not be of another kind.
        Assert.True(overdue < 500, $"{overdue:N1} ms for the late ones.");
        Assert.True(few < 100, $"{few:N1} ms for a search.");

        double Measured(string what, Func<int> ask)
        {
            for (var round = 0; round < 3; round++) ask();
            var times = new List<double>();
            var found = 0;
            for (var round = 0; round < 11; round++)
            {
                var start = Stopwatch.GetTimestamp();
                found = ask();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            times.Sort();
            output.WriteLine($"{what}: {found:N0} in {times[5]:N2} ms at the median, {times[^1]:N2} at most.");
            return times[5];
        }
    }

    private static int Found(FoldedWorld world, string query) => new SearchPages(world.World).Find(FoldedWorld.Reader, null, new(null, 25, query)).Total!.Value;
}
