using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>What the journal lies on fails, or is held up by somebody else.</summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
public sealed class LosingTheDatabase(RunningCluster running)
{
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToBeToldLive = TimeSpan.FromSeconds(1);

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task Kill_9_of_PostgreSQL_under_load_loses_nothing_and_writes_go_on_when_it_is_back()
    {
        await using var ordeal = await running.Begin("postgres-killed");
        var from = Stopwatch.GetTimestamp();
        await Cluster.Postgres.Kill();
        await Cluster.Up();
        await ordeal.Load.ContinueOnEach([.. ordeal.Plans.Select(plan => plan.Stream)], Patience);
        running.Tell("kill -9 of PostgreSQL", await ordeal.End(from, []));
    }

    [Trait("Only", "soak")]
    [Fact]
    public async Task A_full_disk_under_the_journal_refuses_writes_truthfully_until_there_is_room_again()
    {
        Assert.SkipUnless(await SmallDisk.Possible(), "A disk that can be filled takes root, on a machine that lets root mount.");
        await Cluster.Up();
        await Cluster.Down(kill: false);
        var disk = await SmallDisk.Under(Path.Combine(Cluster.Data, "postgres", "data"), megabytesOfRoom: 160);
        try
        {
            await using var ordeal = await running.Begin("disk-full");
            var from = Stopwatch.GetTimestamp();
            await disk.Fill();
            await Waiting.Until("writes are refused", Patience, () => Task.FromResult(ordeal.Load.Refusals.Count > 0 ? null : ordeal.Load.Told()));
            disk.Free();
            await Cluster.Up();
            await ordeal.Load.ContinueOnEach([.. ordeal.Plans.Select(plan => plan.Stream)], Patience);
            running.Tell("the journal's disk is full", await ordeal.End(from, []));
        }
        finally
        {
            // However it went: nobody may use the disk when it is taken away.
            disk.Free();
            await Cluster.Down(kill: true);
            await disk.DisposeAsync();
            await Cluster.Up();
        }
    }

    [Fact]
    public Task A_foreign_transaction_that_stays_open_delays_no_reader_of_the_journal() => AForeignTransactionStaysOpen(TimeSpan.Zero);

    /// <param name="length">For how long at least.</param>
    internal async Task AForeignTransactionStaysOpen(TimeSpan length)
    {
        await using var ordeal = await running.Begin("foreign-transaction");
        await using var connection = await Cluster.Database.OpenConnectionAsync(Waiting.Cancellation);
        await using (var make = new Npgsql.NpgsqlCommand("CREATE TABLE IF NOT EXISTS foreign_work (id int)", connection)) await make.ExecuteNonQueryAsync(Waiting.Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Waiting.Cancellation);
        // It has written, so it has a number of its own that everything later waits behind, where one reads by such numbers.
        await using (var write = new Npgsql.NpgsqlCommand("INSERT INTO foreign_work VALUES (1)", connection, transaction)) await write.ExecuteNonQueryAsync(Waiting.Cancellation);
        var from = Stopwatch.GetTimestamp();
        do
        {
            await ordeal.Load.Continue(200, Patience);
            var written = ordeal.Load.Acknowledged.Where(one => one.Write.Text is not null).Max(one => one.Receipt.Position);
            var party = ordeal.Viewers[0];
            await Waiting.Until($"{party.Name} is told of what stands near {written}", ToBeToldLive * 5, () =>
            {
                var last = party.Sight.Taken[^1].Position;
                // Not all that was written last is for everyone.
                return Task.FromResult(last >= written - 20 ? null : $"it has seen up to {last}");
            });
        }
        while (Stopwatch.GetElapsedTime(from) < length);

        var account = await ordeal.End(from, []);
        await transaction.RollbackAsync(Waiting.Cancellation);
        running.Tell("a foreign transaction stays open", account, others: ForOthers);
    }
}
