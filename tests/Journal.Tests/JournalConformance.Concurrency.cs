using System.Collections.Concurrent;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

public abstract partial class JournalConformance
{
    private const int Writers = 64;

    [Fact]
    public async Task Of_concurrent_writers_to_one_stream_exactly_one_wins_each_version()
    {
        const int rounds = 8;
        var won = new ConcurrentBag<long>();
        await Concurrently(async _ =>
        {
            for (var version = 0; version < rounds; version++)
            {
                var outcome = await Journal.Append(Facts.To("plan/a", version), Cancellation);
                if (outcome is AppendOutcome.Appended appended)
                    won.Add(appended.Version);
                else
                    Assert.True(Assert.IsType<AppendOutcome.Conflict>(outcome).ActualVersion > version);
                // Everyone meets again at the next version.
                await Journal.WaitBeyond(version, Cancellation).Until($"position {version + 1}");
            }
        });
        Assert.Equal(Enumerable.Range(1, rounds), won.Order().Select(version => (int)version));
        Assert.Equal(rounds, (await Journal.ReadStream("plan/a", 0, Cancellation).All()).Count);
    }

    [Fact]
    public async Task A_reader_never_sees_a_hole_while_many_write_many_streams()
    {
        const int each = 30;
        const int total = Writers * each * 2;
        const int limit = 97;
        var reading = Task.Run(async () =>
        {
            var last = 0L;
            while (last < total)
            {
                await Journal.WaitBeyond(last, Cancellation);
                var known = Journal.Position;
                var entries = await Journal.ReadFrom(last, limit, Cancellation);
                foreach (var entry in entries)
                    Assert.Equal(++last, entry.Position);
                Assert.True(entries.Count == limit || last >= known, $"Read up to {last}, though {known} was known.");
            }
        }, Cancellation);

        await Concurrently(async writer =>
        {
            for (var i = 0; i < each; i++)
            {
                var appended = await Journal.MustAppend(Facts.To($"plan/{writer}", i * 2, $"{writer}-{i}", count: 2));
                Assert.Equal((i + 1) * 2, appended.Version);
                Assert.True(Journal.Position >= appended.Position, "The position lags behind what was acknowledged.");
            }
        });
        await reading.Until("the reader to see all entries");

        Assert.Equal(new(total, null, Convert.ToHexStringLower((await Journal.ReadHead(Cancellation)).Hash)), await Journal.Verify(Cancellation));
    }

    [Fact]
    public async Task Entries_of_one_append_stand_together()
    {
        await Concurrently(async writer => await Journal.MustAppend(Facts.To($"plan/{writer}", 0, count: 5)));
        var entries = await Journal.ReadFrom(0, int.MaxValue, Cancellation);
        Assert.Equal(Writers * 5, entries.Count);
        foreach (var together in entries.Chunk(5))
        {
            Assert.Single(together.Select(entry => entry.Stream).Distinct());
            Assert.Equal([1, 2, 3, 4, 5], together.Select(entry => entry.Version));
        }
    }

    [Fact]
    public async Task A_command_said_by_many_at_once_is_done_once()
    {
        var outcomes = new ConcurrentBag<AppendOutcome>();
        await Concurrently(async writer => outcomes.Add(await Journal.Append(Facts.To($"plan/{writer}", 0, "said"), Cancellation)));

        Assert.Equal(1, Journal.Position);
        Assert.Equal(new(1, 1), Assert.Single(outcomes.OfType<AppendOutcome.Appended>()));
        var entry = Assert.Single(await Journal.ReadFrom(0, 10, Cancellation));
        var receipt = await Journal.FindCommand("said", Cancellation);
        Assert.Equal(Facts.Receipt("said", entry.Stream, 1, 1), receipt! with { Fingerprint = null });
        Assert.Equal(Writers - 1, outcomes.OfType<AppendOutcome.Repeated>().Count(repeated => repeated.Receipt == receipt));
    }

    private static Task Concurrently(Func<int, Task> write) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => write(writer), Cancellation)))
            .Until($"{Writers} concurrent writers to end");
}
