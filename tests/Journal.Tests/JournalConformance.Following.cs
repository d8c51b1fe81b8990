using System.Text.Json;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

public abstract partial class JournalConformance
{
    [Fact]
    public async Task A_follower_is_told_what_a_reader_reads()
    {
        var first = Facts.Saying("plan/a", 0, "first", "Océan 🌊", "{}");
        await Journal.MustAppend(first);
        await Journal.MustAppend(new(
            "plan/b", 0, Facts.Digest("second"), Facts.Fingerprint("second"), Facts.Noon.ToOffset(TimeSpan.FromHours(2)).AddTicks(1_234_567), "account-7", null,
            [Facts.Some() with { Topics = [], Data = [0, 255, 128] }, Facts.With("said", 2)], "b", "token:t-1", Cause: 1, Batch: "batch 7",
            Trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        // One that is refused, and a repeat: neither is told of.
        Assert.IsType<AppendOutcome.Conflict>(await Journal.Append(Facts.To("plan/b", 7), Cancellation));
        Assert.IsType<AppendOutcome.Repeated>(await Journal.Append(first, Cancellation));

        var followed = await Follow(0, 3);
        Assert.Same(first.Entries[0].Data, followed[0].Data); // told, not read
        // From where it has been told already, it reads again.
        Assert.Equal(3, (await Journal.Follow(0, 3, Cancellation)).Count);

        Assert.Equal(Written(await Journal.ReadFrom(0, 10, Cancellation)), Written(followed));
    }

    [Fact]
    public async Task A_follower_is_told_everything_in_order_while_many_write_and_some_is_erased()
    {
        const int each = 40;
        const int total = Writers * (each + 1);
        var following = Task.Run(async () =>
        {
            var followed = new List<Entry>();
            while (followed.Count < total)
            {
                await Journal.WaitBeyond(followed.Count, Cancellation);
                followed.AddRange(await Follow(followed.Count, followed.Count % 7 + 1));
            }
            return followed;
        }, Cancellation);
        await Concurrently(async writer =>
        {
            for (var i = 0; i < each; i++)
                await Journal.MustAppend(Facts.Saying($"plan/{writer}", i, $"{writer}-{i}", $"said by {writer}"));
            var own = (await Journal.ReadStream($"plan/{writer}", 0, Cancellation).All())[writer % each].Position;
            await Journal.MustAppend(Facts.Erasing($"erasures/{writer}", 0, own));
        });

        var followed = await following.Until("the follower to be told of everything");

        // It was told of some before their texts were erased.
        var read = await Journal.ReadFrom(0, int.MaxValue, Cancellation);
        Assert.Equal(Written(read, texts: false), Written(followed, texts: false));
        Assert.All(read.Zip(followed), pair => Assert.True(pair.First.Texts is null || pair.First.Texts.SequenceEqual(pair.Second.Texts!)));
    }

    [Fact]
    public async Task A_follower_that_comes_late_misses_nothing()
    {
        await Journal.MustAppend(Facts.To("plan/a", 0, count: 3));
        await Reopen();
        for (var version = 3; version < 1_503; version += 250)
            await Journal.MustAppend(Facts.To("plan/a", version, count: 250));

        Assert.Equal(Enumerable.Range(1, 1_503), (await Follow(0, 700)).Select(entry => (int)entry.Position));
        Assert.Empty(await Journal.Follow(1_503, 700, Cancellation));
    }

    /// <summary>Up to where the journal ends.</summary>
    private async Task<List<Entry>> Follow(long after, int limit)
    {
        var followed = new List<Entry>();
        while (await Journal.Follow(after + followed.Count, limit, Cancellation) is { Count: > 0 } entries)
        {
            Assert.InRange(entries.Count, 1, limit);
            Assert.Equal(Enumerable.Range((int)after + followed.Count + 1, entries.Count), entries.Select(entry => (int)entry.Position));
            followed.AddRange(entries);
        }
        return followed;
    }

    private static IEnumerable<string> Written(IEnumerable<Entry> entries, bool texts = true) =>
        entries.Select(entry => JsonSerializer.Serialize(texts ? entry : entry with { Texts = null, TextsSalt = null }));
}
