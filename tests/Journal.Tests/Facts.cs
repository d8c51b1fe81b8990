using System.Globalization;
using System.Text;

namespace Coordination.Journal.Tests;

/// <summary>Facts to write, where a test does not care which.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewEntry Some(int number = 1) => new(
        "plan.milestone-reported", 1, ["plan/canada-1", "state/CAN"], """{"mark":"public"}"""u8.ToArray(),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number}}}")));

    public static Append To(string stream, long expectedVersion, string? command = null, int count = 1) => new(
        stream, expectedVersion, command, command is null ? null : "fingerprint of " + command, Noon, "account-7", "body-3",
        [.. Enumerable.Range(1, count).Select(Some)]);

    public static async Task<List<Entry>> All(this IAsyncEnumerable<Entry> entries)
    {
        var all = new List<Entry>();
        await foreach (var entry in entries.WithCancellation(Waiting.Cancellation))
            all.Add(entry);
        return all;
    }

    public static async Task<AppendOutcome.Appended> MustAppend(this IJournal journal, Append append) =>
        Assert.IsType<AppendOutcome.Appended>(await journal.Append(append, Waiting.Cancellation));
}
