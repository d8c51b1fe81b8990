using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Coordination.Journal.Tests;

/// <summary>Facts to write, where a test does not care which, and commands by a name instead of a digest.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewEntry Some(int number = 1) => new(
        "plan.milestone-reported", 1, ["plan/canada-1", "state/CAN"], """{"mark":"public"}"""u8.ToArray(),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number}}}")));

    public static NewEntry With(string texts, int number = 1) => Some(number) with { Texts = Encoding.UTF8.GetBytes(texts) };

    public static Append To(string stream, long expectedVersion, string? command = null, int count = 1) => new(
        stream, expectedVersion, command is null ? null : Digest(command), command is null ? null : Fingerprint(command), Noon, "account-7", "body-3",
        [.. Enumerable.Range(1, count).Select(Some)], command is null ? null : $"answer to {command}");

    public static Append Saying(string stream, long expectedVersion, string? command, params string[] texts) =>
        To(stream, expectedVersion, command) with { Entries = [.. texts.Select((one, index) => With(one, index + 1))] };

    /// <summary>One fact that says that the texts of these positions are erased.</summary>
    public static NewEntry Erasure(params long[] positions) => new(
        Journal.Erasure.Fact, 1, [], """{"mark":"community"}"""u8.ToArray(), Encoding.UTF8.GetBytes($$"""{"positions":[{{string.Join(',', positions)}}]}"""));

    public static Append Erasing(string stream, long expectedVersion, params long[] positions) =>
        To(stream, expectedVersion) with { Entries = [Erasure(positions)], Erases = positions };

    public static byte[] Digest(string command) => SHA256.HashData(Encoding.UTF8.GetBytes(command));

    public static byte[] Fingerprint(string command) => Encoding.UTF8.GetBytes($"fingerprint of {command}");

    /// <summary>The receipt of a command but for its keyed fingerprint, which is random.</summary>
    public static Receipt Receipt(string command, string stream, long version, long position) => new(stream, version, position, $"answer to {command}", null);

    /// <summary>An outcome without the keyed fingerprint, which is random.</summary>
    public static AppendOutcome Plain(this AppendOutcome outcome) =>
        outcome is AppendOutcome.Repeated repeated ? new AppendOutcome.Repeated(repeated.Receipt with { Fingerprint = null }) : outcome;

    public static ValueTask<Receipt?> FindCommand(this IJournal journal, string command, CancellationToken cancellation) =>
        journal.FindCommand(Digest(command), cancellation);

    public static async Task<List<Entry>> All(this IAsyncEnumerable<Entry> entries)
    {
        var all = new List<Entry>();
        await foreach (var entry in entries.WithCancellation(Waiting.Cancellation))
            all.Add(entry);
        return all;
    }

    public static async Task<AppendOutcome.Appended> MustAppend(this IJournal journal, Append append) =>
        Assert.IsType<AppendOutcome.Appended>(await journal.Append(append, Waiting.Cancellation));

    /// <summary>Requires that the journal is whole and so long.</summary>
    public static async Task MustBeWhole(this IJournal journal, long entries) => Assert.Equal(
        new(entries, null, Convert.ToHexStringLower((await journal.ReadHead(Waiting.Cancellation)).Hash)), await journal.Verify(Waiting.Cancellation));
}
