namespace Coordination.Journal.Tests;

public class HashChainTests
{
    /// <summary>
    /// Worked out apart from this code, from the description alone. When this fails, every journal ever written fails to
    /// verify: the encoding needs a new version number instead.
    /// </summary>
    [Fact]
    public void The_encoding_stays_what_it_is()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(123_456);
        var chain = new HashChain();
        var first = chain.Link(HashChain.Origin, new(
            1, "plan/canada-1", 1, "plan.started", 1, at, "account-7", "body-3", ["plan/canada-1", "state/CAN"],
            """{"mark":"public"}"""u8.ToArray(), """{"title":"Océan 🌊"}"""u8.ToArray(), []));
        var second = chain.Link(first, new(2, "plan/canada-1", 2, "plan.closed", 3, at, "account-7", null, [], [], [], []));

        Assert.Equal("8a88555c30e7fe11f1b4a6e2dd5ba1868e81e4fb2b68138876f160beaf58744e", Convert.ToHexStringLower(first));
        Assert.Equal("3fe1d011c9421971a625181dc740a0f76d60592a471e2d34eed8321c13c4a4af", Convert.ToHexStringLower(second));
    }

    [Fact]
    public void Moving_a_letter_between_neighbouring_fields_changes_the_hash()
    {
        var entry = new Entry(1, "plan/a", 1, "b", 1, Facts.Noon, "c", null, ["d", "e"], [], [], []);
        Entry[] alike =
        [
            entry,
            entry with { Stream = "plan/", Fact = "ab" },
            entry with { Topics = ["de"] },
            entry with { Topics = ["d"], Audience = "e"u8.ToArray() },
            entry with { Body = "" },
            entry with { Audience = [1] },
            entry with { Data = [1] },
        ];
        var chain = new HashChain();
        Assert.Equal(alike.Length, alike.Select(one => Convert.ToHexString(chain.Link(HashChain.Origin, one))).Distinct().Count());
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
}
