using System.Globalization;
using Coordination.Journal.Archives;
using Coordination.Tests;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Tampering;

/// <summary>
/// Changes behind the journal's back, one at a time and at random, in every column that verification answers for: the journal finds
/// each, and so does the verifier in Python on what is exported then.
/// </summary>
public abstract class RandomChanges : IAsyncLifetime
{
    /// <summary>What no hash covers: the run of the program that wrote it, a count of commits, and what was found before.</summary>
    private static readonly HashSet<string> NotCovered = ["entries.trace", "head.commits", "head.one", "head.broken"];

    /// <summary>Exports that one process verifies.</summary>
    private const int Together = 100;

    private static readonly int Changes = TestSize.Of(60, 1_000);
    private readonly string _folder = Directory.CreateTempSubdirectory("tampering-").FullName;

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract IJournal Journal { get; }

    protected abstract IArchive Archive { get; }

    /// <summary>Columns of the tables that are verified, as the database itself knows them.</summary>
    protected abstract Task<IReadOnlyList<Column>> Columns();

    /// <summary>Values of all rows of a table, by column; texts as strings, numbers as long, bytes as arrays.</summary>
    protected abstract Task<IReadOnlyList<Dictionary<string, object?>>> Rows(string table);

    /// <summary>Replaces every row of a table.</summary>
    protected abstract Task Replace(string table, IReadOnlyList<Dictionary<string, object?>> rows);

    [Fact, Trait("Full", "scale")]
    public async Task Each_is_found_by_the_journal_and_by_the_verifier()
    {
        await Fill();
        var entries = (await Journal.ReadHead(Cancellation)).Position;
        await Journal.MustBeWhole(entries);
        var whole = Path.Combine(_folder, "whole");
        await Verifier.Export(Archive, whole);
        Assert.Equal(0, (await Verifier.Run([whole])).Code);

        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var columns = (await Columns()).Where(column => !NotCovered.Contains($"{column.Table}.{column.Name}")).ToList();
        var tables = new Dictionary<string, IReadOnlyList<Dictionary<string, object?>>>();
        foreach (var table in columns.Select(column => column.Table).Distinct())
            tables[table] = await Rows(table);
        Assert.Equal(["entries", "head", "texts"], tables.Keys.Order(StringComparer.Ordinal));

        var (found, turn) = (new List<(string Change, string File, long BrokenAt)>(), 0);
        for (var number = 0; number < Changes; number++)
        {
            // First every column once, then at random; every eighth time texts are deleted instead.
            var (table, rows, change) = number % 8 == 7
                ? Delete(random, tables["texts"])
                : Change(random, turn < columns.Count ? columns[turn++] : columns[random.Next(columns.Count)], tables);
            change = $"Change {number} of seed {seed}: {change}";
            await Replace(table, rows);
            if ((await Journal.Verify(Cancellation)).BrokenAt is not { } position)
                throw new InvalidOperationException($"{change} was not found.");
            var file = Path.Combine(_folder, $"{number}.jsonl");
            await Verifier.Export(Archive, file);
            found.Add((change, file, position));
            await Replace(table, tables[table]);
        }
        await Journal.MustBeWhole(entries);

        foreach (var some in found.Chunk(Together))
        {
            var (said, code) = await Verifier.Run(some.Select(one => one.File));
            Assert.Equal(1, code);
            foreach (var ((change, file, brokenAt), line) in some.Zip(said, static (one, line) => (one, line)))
            {
                Assert.StartsWith(file, line, StringComparison.Ordinal);
                Assert.True(Verifier.BrokenAt(line) is not null, $"{change} was not found in its export: {line}");
                // Where the end is missing each says in its own way; what stands in an entry both find where it is.
                if (!change.Contains("position", StringComparison.Ordinal) && !change.Contains("head", StringComparison.Ordinal))
                    Assert.True(Verifier.BrokenAt(line) == brokenAt, $"{change} was found at {brokenAt}, and in its export so: {line}");
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{Changes} changes in {columns.Count} columns, seed {seed}");
    }

    /// <summary>Entries of every kind: with and without texts, command, cause, batch and body; texts that were erased lawfully.</summary>
    private async Task Fill()
    {
        for (var number = 1; number <= 12; number++)
        {
            await Journal.MustAppend(Facts.To($"plan/{number}", 0, number % 3 == 0 ? null : $"command-{number}") with
            {
                Body = number % 4 == 0 ? null : "body-é",
                Cause = number % 2 == 0 ? number : null,
                Batch = number % 3 == 1 ? "batch" : null,
                Via = number % 2 == 0 ? "web" : "token:t-1",
                Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                Entries = [Facts.With($"note {number} 🌊"), Facts.Some(number), Facts.Some() with { Topics = [], Audience = [], Data = [] }],
            });
        }
        await Journal.MustAppend(Facts.Erasing("erasures", 0, 4, 22));
    }

    private static (string Table, List<Dictionary<string, object?>> Rows, string Change) Delete(Random random, IReadOnlyList<Dictionary<string, object?>> texts)
    {
        var gone = random.Next(texts.Count);
        return ("texts", [.. texts.Where((_, index) => index != gone)], $"the texts at {texts[gone]["position"]} are deleted");
    }

    private static (string Table, List<Dictionary<string, object?>> Rows, string Change) Change(
        Random random, Column column, Dictionary<string, IReadOnlyList<Dictionary<string, object?>>> tables)
    {
        var rows = tables[column.Table].Select(row => new Dictionary<string, object?>(row)).ToList();
        var row = rows[random.Next(rows.Count)];
        var (was, at) = (row[column.Name], row["position"]);
        do
        {
            row[column.Name] = Other(random, column, was);
        } while (rows.Count(one => Equals(one["position"], row["position"]) || Same(one, row)) > 1);
        return (column.Table, rows, $"{column.Table}.{column.Name} at {at}, {Show(was)} becomes {Show(row[column.Name])}");
    }

    /// <summary>Whether two entries have the same place in the same stream, which the database refuses.</summary>
    private static bool Same(Dictionary<string, object?> one, Dictionary<string, object?> other) =>
        one.TryGetValue("stream", out var stream) && Equals(stream, other["stream"]) && Equals(one["version"], other["version"]);

    /// <summary>Another value that the column can hold.</summary>
    private static object? Other(Random random, Column column, object? was)
    {
        if (was is not null && column.MayBeNull && random.Next(4) == 0)
            return null;
        switch (column.Kind)
        {
            case Kind.Number:
                var bit = 1L << random.Next(column.Name is "form" ? 30 : column.Name is "at" ? 40 : 62);
                return was is long number ? random.Next(3) == 0 ? number + 1 : number ^ bit : bit;
            case Kind.Text:
                var text = was as string ?? "";
                var place = random.Next(text.Length + 1);
                return random.Next(3) switch
                {
                    0 when place < text.Length && !char.IsSurrogate(text[place]) => text.Remove(place, 1),
                    1 when text.Length > 0 => "",
                    _ => text.Insert(place > 0 && place < text.Length && char.IsLowSurrogate(text[place]) ? place - 1 : place, random.Next(2) == 0 ? " " : "x"),
                };
            default:
                var bytes = was as byte[] ?? [];
                if (bytes.Length == 0 || random.Next(4) == 0)
                    return random.Next(2) == 0 || bytes.Length == 0 ? [.. bytes, (byte)random.Next(256)] : bytes[..^1];
                var changed = bytes.ToArray();
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                return changed;
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        string text => $"'{text}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    protected enum Kind
    {
        Number,
        Text,
        Bytes,
    }

    protected sealed record Column(string Table, string Name, Kind Kind, bool MayBeNull);
}
