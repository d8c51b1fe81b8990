using System.Diagnostics;
using System.Globalization;
using Coordination.Benchmarks.Filling;
using Coordination.Benchmarks.Servers;
using Coordination.Journal;

namespace Coordination.Benchmarks;

/// <summary>
/// What journals of several lengths cost the same platform: memory, also while it catches up, a start, and each kind of read. The plans, and what of
/// them is open or late, are the same in all of them.
/// </summary>
public static class Scale
{
    private const int Rounds = 5;
    private const int Tail = 10_000;

    /// <summary>Below this a read may take as many times what it takes with the shortest journal as it likes.</summary>
    private const double Quick = 2;
    private const double MostTimes = 1.5;
    private const double MostGrowth = 1.3;
    private const long MostMemory = 1_536L << 20;
    private const double BigReport = 10;

    /// <summary>Whoever waits as long would say that it hangs.</summary>
    private const double MostMeanwhile = 2_000;
    private static readonly TimeSpan MostStart = TimeSpan.FromSeconds(15);

    /// <param name="lengths">Of the journals, in millions of entries, rising.</param>
    public static async Task<bool> Run(double[] lengths)
    {
        await using var postgres = await PostgresServer.Start();
        var sides = new List<Side>();
        try
        {
            foreach (var side in await Fill(postgres, lengths)) sides.Add(side);
            foreach (var side in sides) await Look(side);
            foreach (var side in sides) await side.SignIn();
            foreach (var side in sides) await side.FoldAnew();
            for (var round = 0; round < Rounds; round++)
                foreach (var side in sides) await side.Read(round);
            return Tell(sides);
        }
        finally
        {
            foreach (var side in sides) await side.DisposeAsync();
        }
    }

    /// <summary>One journal after the other, each from a copy of the one before: what they have in common is the same in all.</summary>
    private static async Task<List<Side>> Fill(PostgresServer postgres, double[] lengths)
    {
        var sides = new List<Side>();
        var plans = new ScalePlans();
        var bodies = Array.Empty<string>();
        foreach (var length in lengths)
        {
            var entries = (long)(length * 1_000_000);
            var server = await ScaleServer.Create(postgres, string.Create(CultureInfo.InvariantCulture, $"scale{sides.Count}"), sides.LastOrDefault()?.Server);
            var began = Stopwatch.GetTimestamp();
            if (bodies.Length == 0)
            {
                // The demonstration: bodies, and an account of each.
                await server.Start();
                bodies = await People.Accounts(server.Address);
                await server.Settled();
                await server.Stop();
            }

            await using (var store = await server.Open())
            {
                var filler = new Filler(store.Journal, await KnownBodies.Of(store.Journal), (await store.Journal.ReadHead()).Position);
                if (plans.All.Count == 0) await plans.Draft(filler, bodies);
                await plans.Report(filler, entries);
                await filler.Finish();
            }

            sides.Add(new(server, entries, plans.Copy()));
            Print($"Filled to {entries:N0} entries in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");
        }

        return sides;
    }

    /// <summary>The first start folds the whole journal; the next one goes on from stored views with a tail.</summary>
    private static async Task Look(Side side)
    {
        await side.Server.Start();
        side.FirstStart = side.Server.StartedWithin;
        side.Settled = await side.Server.Settled();
        side.Highest = side.Server.MemoryAtItsHighest;
        side.AfterCatchingUp = await side.Server.MemoryHeld();
        await side.Server.Stop();
        await using (var store = await side.Server.Open())
        {
            var head = (await store.Journal.ReadHead()).Position;
            var filler = new Filler(store.Journal, await KnownBodies.Of(store.Journal), head);
            await side.Plans.Report(filler, head + Tail);
            await filler.Finish();
        }

        await side.Server.Start();
        side.Start = side.Server.StartedWithin;
        await side.Server.Settled();
        side.HighestOfStart = side.Server.MemoryAtItsHighest;
        side.Memory = await side.Server.MemoryHeld();
        Print($"{side.Entries:N0} entries: first start {side.FirstStart.TotalSeconds:0.0} s, all told and stored {side.Settled.TotalSeconds:0} s later, start with a tail {side.Start.TotalSeconds:0.0} s; MiB at its highest {side.Highest >> 20} and {side.HighestOfStart >> 20}, held {side.AfterCatchingUp >> 20} and {side.Memory >> 20}.");
    }

    private static bool Tell(List<Side> sides)
    {
        var missed = new List<string>();
        Row("", side => string.Create(CultureInfo.InvariantCulture, $"{side.Entries / 1e6:0.#} million"));
        Row("memory held after a start, MiB", side => Mebibytes(side.Memory));
        Row("at its highest during that start, MiB", side => Mebibytes(side.HighestOfStart));
        Row("at its highest while it folds all, MiB", side => Mebibytes(side.Highest));
        Row("held after it has folded all, MiB", side => Mebibytes(side.AfterCatchingUp));
        Row("first start, s", side => Seconds(side.FirstStart));
        Row("all told and stored after that, s", side => Seconds(side.Settled));
        Row(string.Create(CultureInfo.InvariantCulture, $"start with a tail of {Tail}, s"), side => Seconds(side.Start));
        Row("a new view folded while all others serve, s", side => Seconds(side.Folded));
        Row("longest read of others meanwhile, ms", side => side.LongestMeanwhile.ToString("0", CultureInfo.InvariantCulture));
        Row("milliseconds, median / 99th percentile", _ => "");
        foreach (var (what, number) in Side.Reads.Select((read, number) => (read.Name, number)))
            Row(what, side => side.Times[number].Count == 0 ? "not there" : string.Create(CultureInfo.InvariantCulture, $"{side.Median(number):0.0} / {side.P99(number):0.0}"));

        Row("answered with 503", side => side.Unavailable.ToString(CultureInfo.InvariantCulture));

        foreach (var side in sides)
        {
            if (side.Unavailable > 0) Miss(side, "answered with 503", side.Unavailable.ToString(CultureInfo.InvariantCulture), "none");
            if (side.Memory > MostMemory) Miss(side, "memory after a start", Mebibytes(side.Memory), "1,536 MiB");
            if (Math.Max(side.Highest, side.HighestOfStart) > MostMemory) Miss(side, "memory while it catches up", Mebibytes(Math.Max(side.Highest, side.HighestOfStart)), "1,536 MiB");
            if (side.LongestMeanwhile > MostMeanwhile) Miss(side, "a read while a new view is folded", Milliseconds(side.LongestMeanwhile), Milliseconds(MostMeanwhile));
            if (side.Start > MostStart) Miss(side, "a start with a tail", Seconds(side.Start), "15 s");
            if (side.Median(Side.BigReport) > BigReport) Miss(side, "a report on a large plan", Milliseconds(side.Median(Side.BigReport)), "10 ms");
            foreach (var (what, number) in Side.Reads.Select((read, number) => (read.Name, number)))
            {
                if (side.Median(number) is var median && median > Math.Max(Quick, MostTimes * sides[0].Median(number)))
                    Miss(side, what, Milliseconds(median), Milliseconds(Math.Max(Quick, MostTimes * sides[0].Median(number))));
            }
        }

        if (sides.Count > 2)
        {
            Growth("memory", side => side.Memory);
            Growth("memory while it catches up", side => side.Highest);
        }

        Console.WriteLine(missed.Count == 0 ? "All promises kept." : $"Missed:\n  {string.Join("\n  ", missed)}");
        return missed.Count == 0;

        void Row(string what, Func<Side, string> cell) => Console.WriteLine($"{what,-44}{string.Concat(sides.Select(side => $"{cell(side),18}"))}");

        void Miss(Side side, string what, string is_, string most) => missed.Add(string.Create(CultureInfo.InvariantCulture, $"{side.Entries / 1e6:0.#} million entries: {what}: {is_} (promised: {most})"));

        void Growth(string what, Func<Side, long> memory)
        {
            var growth = (double)memory(sides[^1]) / memory(sides[^2]);
            if (growth > MostGrowth) Miss(sides[^1], what, string.Create(CultureInfo.InvariantCulture, $"{growth:0.00} times that of the one before"), "1.3 times");
        }
    }

    private static string Mebibytes(long bytes) => (bytes / 1_048_576.0).ToString("0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double time) => string.Create(CultureInfo.InvariantCulture, $"{time:0.0} ms");

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>One journal and what was measured on it.</summary>
    private sealed class Side(ScaleServer server, long entries, ScalePlans plans) : IAsyncDisposable
    {
        /// <summary>Small plans that are read and reported on.</summary>
        private const int Chosen = 200;

        private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
        private const int ChosenLarge = 5;

        /// <summary>Place of the report on a large plan among <see cref="Reads"/>.</summary>
        public const int BigReport = 1;

        private static readonly string[] Words = ["shelter", "hotline agreed", "curric", "national plan 17", "fund"];

        public static readonly (string Name, int Times, Func<Side, Random, Task<HttpResponseMessage>> Send)[] Reads =
        [
            ("a report", 200, (side, dice) => side.Report(side._small, dice)),
            ("a report on a plan of 2,000 milestones", 100, (side, dice) => side.Report(side._large, dice)),
            ("a plan's head", 200, (side, dice) => side.Get(side.One(side._small, dice))),
            ("head of a plan of 2,000 milestones", 20, (side, dice) => side.Get(side.One(side._large, dice))),
            ("milestones that are overdue", 40, (side, _) => side.Get("milestones?overdue=true")),
            ("the feed after a position", 200, (side, dice) => side.Get(string.Create(CultureInfo.InvariantCulture, $"feed?after={dice.NextInt64(side.Entries)}"))),
            ("the feed of a plan", 100, (side, dice) => side.Get($"feed?topics=plan/{side.One(side._small, dice).Id}")),
            ("search", 100, (side, dice) => side.Get($"search?q={Words[dice.Next(Words.Length)]}")),
        ];

        private readonly Dictionary<string, HttpClient> _people = [];
        private readonly Random _dice = new(1);
        private ScalePlans.Plan[] _small = [];
        private ScalePlans.Plan[] _large = [];

        public ScaleServer Server => server;
        public long Entries => entries;
        public ScalePlans Plans => plans;
        public TimeSpan FirstStart { get; set; }
        public TimeSpan Settled { get; set; }
        public TimeSpan Start { get; set; }
        public long Highest { get; set; }
        public long AfterCatchingUp { get; set; }
        public long HighestOfStart { get; set; }
        public long Memory { get; set; }

        /// <summary>How long a view took that had to be folded from the first entry on.</summary>
        public TimeSpan Folded { get; private set; }

        /// <summary>The longest read of something else, and report, while that went on, in milliseconds.</summary>
        public double LongestMeanwhile { get; private set; }

        /// <summary>Answers that were 503: on a machine that does other things too the platform may not come to them in time.</summary>
        public int Unavailable { get; private set; }

        /// <summary>By kind of read, of each round; none where there is no such path.</summary>
        public List<Series>[] Times { get; } = [.. Reads.Select(_ => new List<Series>())];

        public double Median(int read) => Times[read].Count == 0 ? 0 : Times[read].Select(round => round.Median).Middle();

        public double P99(int read) => Times[read].Select(round => round.At(0.99)).Middle();

        /// <summary>Signs in who coordinates the chosen plans, and wakes those up: what comes first is nobody's usual case.</summary>
        public async Task SignIn()
        {
            _large = [.. plans.LargeOnes.Take(ChosenLarge)];
            foreach (var body in _large.Select(plan => plan.Body).Distinct()) _people[body] = await Person(body);
            _small = [.. plans.SmallOnes.Where(plan => _people.ContainsKey(plan.Body)).Take(Chosen)];
            var began = Stopwatch.GetTimestamp();
            foreach (var plan in (ScalePlans.Plan[])[.. _large, .. _small])
            {
                for (var attempt = 0; ; attempt++)
                {
                    using var answer = await Report([plan], _dice);
                    if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable || attempt == 60)
                    {
                        answer.EnsureSuccessStatusCode();
                        break;
                    }

                    await Task.Delay(TimeSpan.FromSeconds(1));
                }
            }

            Print($"{entries:N0} entries: {_large.Length} large and {_small.Length} small plans woken up in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");
        }

        /// <summary>Has the largest view folded anew, as one that is new, and goes on with what needs it not.</summary>
        public async Task FoldAnew()
        {
            var began = Stopwatch.GetTimestamp();
            await server.Drop("feed");
            var settled = server.Settled();
            for (var number = 0; !settled.IsCompleted; number++)
            {
                var sent = Stopwatch.GetTimestamp();
                using var answer = await ((number % 4) switch
                {
                    0 => Report(_small, _dice),
                    1 => Get(One(_small, _dice)),
                    2 => Get("milestones?overdue=true"),
                    _ => Get("search?q=shelter"),
                });
                answer.EnsureSuccessStatusCode();
                LongestMeanwhile = Math.Max(LongestMeanwhile, Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                await Task.Delay(Between);
            }

            await settled;
            Folded = Stopwatch.GetElapsedTime(began);
            Print($"{entries:N0} entries: a view was folded anew in {Folded.TotalSeconds:0.0} s, and nobody else waited longer than {LongestMeanwhile:0} ms.");
        }

        public async Task Read(int round)
        {
            foreach (var (number, (name, times, send)) in Reads.Index())
            {
                var series = new Series(name);
                for (var time = 0; time < times + times / 10; time++)
                {
                    var began = Stopwatch.GetTimestamp();
                    using var answer = await send(this, _dice);
                    await answer.Content.CopyToAsync(Stream.Null);
                    if (answer.StatusCode is HttpStatusCode.NotFound && time == 0) break;
                    if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
                    {
                        Unavailable++;
                        await Task.Delay(TimeSpan.FromSeconds(1));
                        continue;
                    }

                    if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{name}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    // The first tenth warms up.
                    if (time >= times / 10) series.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }

                if (series.Count > 0) Times[number].Add(series);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var person in _people.Values) person.Dispose();
            await server.DisposeAsync();
        }

        private async Task<HttpClient> Person(string body)
        {
            var http = new HttpClient { BaseAddress = new(server.Address, "/api/v1/"), Timeout = TimeSpan.FromMinutes(2) };
            using var answer = await http.PostAsJsonAsync("session", new { account = body, password = Platform.Password });
            var session = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            http.DefaultRequestHeaders.Add("X-CSRF-Token", session.GetProperty("csrfToken").GetString());
            http.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", "*");
            return http;
        }

        private Task<HttpResponseMessage> Get(ScalePlans.Plan plan) => _people[plan.Body].GetAsync($"plans/{plan.Id}");

        private Task<HttpResponseMessage> Get(string path) => _people.Values.First().GetAsync(path);

        private Task<HttpResponseMessage> Report(ScalePlans.Plan[] plans, Random dice)
        {
            var plan = One(plans, dice);
            return _people[plan.Body].PostAsJsonAsync(
                $"plans/{plan.Id}/milestones/{plan.Milestones[dice.Next(plan.Milestones.Count)].Id}/reports",
                new { status = "in-progress", progress = dice.Next(1, 100), note = "Two of three regional workshops were held; the last one follows after the recess." });
        }

        private ScalePlans.Plan One(ScalePlans.Plan[] plans, Random dice) => plans[dice.Next(plans.Length)];
    }
}
