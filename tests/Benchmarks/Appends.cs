using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Coordination.Benchmarks.Servers;
using Coordination.Journal;
using Coordination.Journal.Postgres;
using Npgsql;

namespace Coordination.Benchmarks;

/// <summary>
/// Appends a second to the journal on PostgreSQL, from one and from two silos, beside the same rows put into the same tables by
/// nothing but Npgsql, 500 a commit.
/// </summary>
public static class Appends
{
    private const int BareRows = 500;
    private const double Promise = 0.6;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(4);
    private static readonly byte[] Audience = """{"mark":"parties","bodies":["ruritania","valdoria"],"groups":[]}"""u8.ToArray();
    private static readonly byte[] Texts = """{"note":"Training of the second group of officers has begun in both provinces."}"""u8.ToArray();
    private static readonly byte[] Fingerprint = RandomNumberGenerator.GetBytes(32);
    private static readonly string[] Topics = ["plan/ruritania-plan", "state/RUR", "body/ruritania", "pillar/training"];

    public static async Task<bool> Run(int rounds)
    {
        await using var server = await PostgresServer.Start();
        var database = await server.Database("journal");
        (int Silos, int Callers)[] cases = [(1, 64), (1, 1_000), (2, 64), (2, 1_000)];
        var bare = new List<double>();
        var appended = cases.ToDictionary(one => one, _ => new List<(double Rate, double Median, double Late)>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var one in cases)
            {
                bare.Add(await Fresh(database, schema => Bare(database, schema)));
                appended[one].Add(await Fresh(database, schema => Journal(database, schema, one.Silos, one.Callers)));
            }
        }

        var yardstick = Median(bare);
        Console.WriteLine($"{"",-28} {"appends/s",10} {"of bare",8} {"median ms",10} {"p99 ms",8}");
        Console.WriteLine(Line($"bare Npgsql, unnest of {BareRows}", $"{yardstick,10:N0}"));
        foreach (var ((silos, callers), rates) in appended)
        {
            var rate = Median(rates.Select(one => one.Rate));
            Console.WriteLine(Line(
                $"{silos} silo{(silos > 1 ? "s" : "")}, {callers} callers",
                FormattableString.Invariant($"{rate,10:N0} {rate / yardstick,8:P0} {Median(rates.Select(one => one.Median)),10:0.0} {Median(rates.Select(one => one.Late)),8:0.0}")));
        }
        var kept = cases.Where(one => one.Callers == 1_000).All(one => Median(appended[one].Select(rates => rates.Rate)) >= Promise * yardstick);
        Console.WriteLine(FormattableString.Invariant($"At least {Promise:P0} of bare at 1,000 callers: {(kept ? "kept" : "missed")}."));
        return kept;

        static string Line(string name, string figures) => $"{name,-28} {figures}";
    }

    /// <summary>Runs in a schema that has just been made, and is gone afterwards.</summary>
    private static async Task<T> Fresh<T>(string database, Func<string, Task<T>> measure)
    {
        var schema = $"journal_{Guid.NewGuid():N}";
        await using (await PostgresStore.Open(new() { ConnectionString = database, Secret = Secret.Random(), Schema = schema })) { }
        await Sql(database, "CHECKPOINT");
        var result = await measure(schema);
        await Sql(database, $"DROP SCHEMA {schema} CASCADE");
        return result;
    }

    /// <summary>One connection, everything made beforehand but the arrays' numbers.</summary>
    private static async Task<double> Bare(string database, string schema)
    {
        await using var connection = new NpgsqlConnection($"{database};Search Path={schema};Pooling=false");
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand(
            """
            WITH added AS (
                INSERT INTO entries (position, stream, version, fact, form, at, actor, body, topics, via, salt, command, hash, audience, data)
                SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)),
            written AS (INSERT INTO texts (position, salt, texts) SELECT * FROM unnest($1, $11, $16))
            INSERT INTO commands (command, fingerprint, key, answer, version, position) SELECT * FROM unnest($12, $17, $11, $18, $3, $1)
            """, connection);
        var (positions, versions, commands) = (new long[BareRows], new long[BareRows], new byte[BareRows][]);
        var samples = Enumerable.Range(0, BareRows).Select(row => (Stream: $"plan/{row}", Append: Sample($"plan/{row}", 0))).ToArray();
        void Column<T>(T[] values) => insert.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values });
        Column(positions);
        Column(samples.Select(row => row.Stream).ToArray());
        Column(versions);
        Column(samples.Select(row => row.Append.Entries[0].Fact).ToArray());
        Column(samples.Select(_ => 1).ToArray());
        Column(samples.Select(row => row.Append.At.UtcTicks).ToArray());
        Column(samples.Select(row => row.Append.Actor).ToArray());
        Column(samples.Select(row => row.Append.Body!).ToArray());
        Column(samples.Select(row => string.Join(' ', row.Append.Entries[0].Topics)).ToArray());
        Column(samples.Select(row => row.Append.Via).ToArray());
        Column(samples.Select(_ => RandomNumberGenerator.GetBytes(16)).ToArray());
        Column(commands);
        Column(samples.Select(_ => RandomNumberGenerator.GetBytes(32)).ToArray());
        Column(samples.Select(row => row.Append.Entries[0].Audience).ToArray());
        Column(samples.Select(row => row.Append.Entries[0].Data).ToArray());
        Column(samples.Select(row => row.Append.Entries[0].Texts!).ToArray());
        Column(samples.Select(row => row.Append.Fingerprint!).ToArray());
        Column(samples.Select(row => row.Append.Answer!).ToArray());
        var (began, counted) = (Stopwatch.GetTimestamp(), 0L);
        for (var commit = 0L; ; commit++)
        {
            for (var row = 0; row < BareRows; row++)
            {
                positions[row] = commit * BareRows + row + 1;
                versions[row] = commit + 1;
                commands[row] = RandomNumberGenerator.GetBytes(32);
            }
            await insert.ExecuteNonQueryAsync();
            if (commit == 0) await insert.PrepareAsync();
            var elapsed = Stopwatch.GetElapsedTime(began);
            if (elapsed < Warmup) counted = commit + 1;
            else if (elapsed > Warmup + Measured) return (commit + 1 - counted) * BareRows / (elapsed - Warmup).TotalSeconds;
        }
    }

    /// <summary>Callers in one process, each with a stream of its own, each with one append on its way.</summary>
    private static async Task<(double Rate, double Median, double Late)> Journal(string database, string schema, int silos, int callers)
    {
        var stores = new PostgresStore[silos];
        for (var silo = 0; silo < silos; silo++)
            stores[silo] = await PostgresStore.Open(new() { ConnectionString = database, Secret = Secret.Random(), Schema = schema, Name = $"silo-{silo + 1}" });
        var began = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var journal = stores[caller % silos].Journal;
            var own = new List<double>();
            for (var version = 0L; ; version++)
            {
                var sent = Stopwatch.GetTimestamp();
                if (await journal.Append(Sample($"plan/{caller}", version)) is not AppendOutcome.Appended)
                    throw new InvalidOperationException("An append was refused.");
                var elapsed = Stopwatch.GetElapsedTime(began);
                if (elapsed > Warmup + Measured) return own;
                if (elapsed > Warmup) own.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        })));
        foreach (var store in stores)
            await store.DisposeAsync();
        var all = times.SelectMany(own => own).Order().ToList();
        return (all.Count / Measured.TotalSeconds, all[all.Count / 2], all[(int)(all.Count * 0.99)]);
    }

    /// <summary>A report of a milestone, about as large as the platform's own.</summary>
    private static Append Sample(string stream, long version) => new(
        stream, version, RandomNumberGenerator.GetBytes(32), Fingerprint, DateTimeOffset.UnixEpoch.AddSeconds(version),
        "account-ruritania", "ruritania", [new("plan.milestone-reported", 1, Topics, Audience, Data(version), Texts)], "ruritania-plan", "web");

    private static byte[] Data(long version) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$"""{"plan":"ruritania-plan","measure":"p3","milestone":"m{{version}}","status":"in-progress","progress":{{version % 100}},"evidence":[]}"""));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static async Task Sql(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false;Command Timeout=120");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
