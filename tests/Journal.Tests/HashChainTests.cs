using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Coordination.Journal.Tests;

public partial class HashChainTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(123_456);

    private static readonly Entry First = new(
        1, Bytes(0x00), "plan/canada-1", 1, "plan.started", 1, At, "account-7", "body-3", ["plan/canada-1", "state/CAN"], """{"mark":"public"}"""u8.ToArray(),
        """{"plan":"canada-1"}"""u8.ToArray(), Convert.FromHexString("e438c3a46f3ac9a96dff37b34961413869ba7cf58643ba4b30afeea53550dac8"),
        Convert.FromHexString("7461014e9e97a100405577dd449ef40b68e3430ca9373ac12f5f1f98ec6fb3d0"), null, "web", null, [], """{"note":"Océan 🌊"}"""u8.ToArray(), Bytes(0x20));

    private static readonly Entry Second = new(
        2, Bytes(0x10), "plan/canada-1", 2, "plan.closed", 3, At, "account-7", null, [], [], [], null, null, 1, "clock:review", "batch-1", []);

    /// <summary>
    /// Worked out apart from this code, from the description alone. When this fails, every journal ever written fails to
    /// verify: the encoding needs a new version number instead.
    /// </summary>
    [Fact]
    public void The_encoding_stays_what_it_is()
    {
        var first = HashChain.Link(HashChain.Origin, First);
        var second = HashChain.Link(first, Second);
        Assert.Equal("e438c3a46f3ac9a96dff37b34961413869ba7cf58643ba4b30afeea53550dac8", Convert.ToHexStringLower(HashChain.TextsDigest(First.TextsSalt, First.Texts)));
        Assert.Equal("1a60495cba9a9bdb2a60845b3fbc6f08699a140f26d4f452c5b2a5734da9a8e5", Convert.ToHexStringLower(HashChain.ContentDigest(First)));
        Assert.Equal("2db0a2d4eb48eb494ad7c537a5d892ffca1a7650d3ba98560299138ea0e990c4", Convert.ToHexStringLower(first));
        Assert.Equal("318e97f8daa2a7a2a3246b5d8fc17071e22e79756e39348c0f34000fea6af759", Convert.ToHexStringLower(HashChain.ContentDigest(Second)));
        Assert.Equal("e767bdbfcf33e51385d6d643b5cde96bc5b80efd4ff1138dd084e524bc0fd9d0", Convert.ToHexStringLower(second));
    }

    [Fact]
    public async Task The_document_shows_these_entries_and_their_numbers()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "journal.md"), Waiting.Cancellation);
        foreach (var (first, second) in new (string, string)[]
        {
            (Hex(First.Salt), Hex(Second.Salt)), ("1", "2"), (Hex(HashChain.VersionDigest(First.Salt, 1)), Hex(HashChain.VersionDigest(Second.Salt, 2))), (First.Stream, Second.Stream), (First.Fact, Second.Fact), ("1", "3"),
            (Encoding.UTF8.GetString(First.Audience), "empty"), (Encoding.UTF8.GetString(First.Data), "empty"), (Hex(First.TextsDigest!), "absent"),
            (Hex(First.Command!), "absent"), ("absent", "1"), (First.Via, Second.Via), ("absent", Second.Batch!),
            (Hex(HashChain.ContentDigest(First)), Hex(HashChain.ContentDigest(Second))),
            (Hex(HashChain.Link(HashChain.Origin, First)), Hex(HashChain.Link(HashChain.Link(HashChain.Origin, First), Second))),
        })
        {
            Assert.Contains($"| {first} | {second} |", text.Replace("`", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        Assert.Contains($"{Instant.ToMicroseconds(At).ToString(CultureInfo.InvariantCulture)}, that is 2026-03-01T12:30:15.123456Z", text, StringComparison.Ordinal);
        Assert.Contains($"the salt `{Hex(First.TextsSalt!)}`", text, StringComparison.Ordinal);
        Assert.Contains($"the texts `{Encoding.UTF8.GetString(First.Texts!)}`", text, StringComparison.Ordinal);
        var content = string.Concat(ContentLine().Matches(text).Select(line => line.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(HashChain.ContentDigest(Second, HashChain.VersionDigest(Second.Salt, 2)), HashChain.ContentDigest(Second));
        Assert.Equal(HashChain.ContentDigest(Second), SHA256.HashData(Convert.FromHexString(content)));

        static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
    }

    [Fact]
    public void No_two_entries_have_the_same_content()
    {
        var entry = new Entry(1, [1], "plan/a", 1, "b", 1, Facts.Noon, "c", null, ["d", "e"], [], [], null, null, null, "f", null, []);
        Entry[] alike =
        [
            entry,
            entry with { Salt = [2] },
            entry with { Stream = "plan/", Fact = "ab" },
            entry with { Version = 2 },
            entry with { Form = 2 },
            entry with { At = Facts.Noon.AddMicroseconds(1) },
            entry with { Topics = ["de"] },
            entry with { Topics = ["d"], Audience = "e"u8.ToArray() },
            entry with { Body = "" },
            entry with { Audience = [1] },
            entry with { Data = [1] },
            entry with { TextsDigest = [] },
            entry with { TextsDigest = [1] },
            entry with { Command = [] },
            entry with { Command = [1] },
            entry with { Cause = 0 },
            entry with { Cause = -1 },
            entry with { Cause = 8 },
            entry with { Via = "g" },
            entry with { Batch = "" },
            entry with { Batch = "f" },
        ];
        Assert.Equal(alike.Length, alike.Select(one => Convert.ToHexString(HashChain.ContentDigest(one))).Distinct().Count());
        // The position is covered by the hash, and texts by their digest alone.
        Assert.NotEqual(HashChain.Link(HashChain.Origin, entry), HashChain.Link(HashChain.Origin, entry with { Position = 2 }));
        Assert.Equal(HashChain.Link(HashChain.Origin, entry), HashChain.Link(HashChain.Origin, entry with { Texts = [1], TextsSalt = [1], Trace = "t" }));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(-1, -1)]
    [InlineData(-10, -1)]
    [InlineData(-11, -2)]
    public void A_moment_is_cut_to_the_microsecond_before(long ticks, long microseconds)
    {
        Assert.Equal(microseconds, Instant.ToMicroseconds(DateTimeOffset.UnixEpoch.AddTicks(ticks)));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(microseconds * 10), Instant.FromMicroseconds(microseconds));
    }

    private static byte[] Bytes(byte from) => [.. Enumerable.Range(from, 16).Select(number => (byte)number)];

    /// <summary>A line of the example's content: hexadecimal digits, then the name of the field.</summary>
    [GeneratedRegex("^    ((?:[0-9a-f]{2,} )+) +[a-zA-Z][a-zA-Z, ]*$", RegexOptions.Multiline)]
    private static partial Regex ContentLine();
}
