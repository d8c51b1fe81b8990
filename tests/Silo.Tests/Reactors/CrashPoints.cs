namespace Coordination.Silo.Tests.Reactors;

/// <summary>Each delivery once to a receiver that drops repeats by id, and none missing, wherever a silo dies.</summary>
public sealed class CrashPoints(ITestOutputHelper output)
{
    private static readonly int Seeds = TestSize.Of(500, 10_000);

    /// <summary>Within so many a planted fault is found.</summary>
    private const int ToFind = 500;

    [Trait("Full", "soak")]
    [Fact]
    public async Task Killed_before_and_after_every_call_of_store_bus_and_channel_all_is_delivered_once() => await Alone(() =>
    {
        var (points, killed, kills, repeats) = (new HashSet<string>(), new HashSet<string>(), 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var account = CrashingSilos.Run(seed);
            Assert.True(account.Faults.Count == 0, $"Seed {seed}, after {account.Kills} kills:\n{string.Join('\n', account.Faults)}");
            points.UnionWith(account.Points);
            killed.UnionWith(account.KilledAt);
            (kills, repeats) = (kills + account.Kills, repeats + account.Repeats);
        }

        Assert.Equal(points.Order(), killed.Order());
        foreach (var call in (string[])["publish", "inbox rows", "put", "take", "send", "note", "command", "relay note"]) Assert.Superset(new HashSet<string> { $"before {call}", $"after {call}" }, points);
        // Otherwise the receiver would have had nothing to drop.
        Assert.True(repeats > Seeds / 10, $"Only {repeats} repeats.");
        output.WriteLine($"{Seeds} seeds, {kills} kills at {killed.Count} points, {repeats} repeats dropped by id.");
    });

    [Theory]
    [InlineData(nameof(Planted.InboxMarkFirst))]
    [InlineData(nameof(Planted.ReactorMarkFirst))]
    [InlineData(nameof(Planted.NotedBeforeSent))]
    [InlineData(nameof(Planted.InboxWithoutFence))]
    [InlineData(nameof(Planted.ReactorWithoutFence))]
    [InlineData(nameof(Planted.NewIdForARepeat))]
    [InlineData(nameof(Planted.NewIdForACommand))]
    [InlineData(nameof(Planted.NoticeForEachEntry))]
    public async Task A_planted_fault_is_found(string fault) => await Alone(() =>
    {
        for (var seed = 0; seed < ToFind; seed++)
        {
            if (CrashingSilos.Run(seed, Enum.Parse<Planted>(fault)) is not { Faults: [var found, ..] }) continue;
            output.WriteLine($"Seed {seed}: {found}");
            return;
        }

        Assert.Fail($"{fault} was not found in {ToFind} seeds.");
    });

    [Fact]
    public async Task A_seed_gives_the_same_run_each_time() => await Alone(() =>
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (one, other) = (CrashingSilos.Run(seed), CrashingSilos.Run(seed));
            Assert.Equal((one.Trace, one.Kills, one.Repeats), (other.Trace, other.Kills, other.Repeats));
        }
    });

    /// <summary>Where nothing is waiting to be continued on: what follows a step runs at once.</summary>
    private static Task Alone(Action action) => Task.Factory.StartNew(action, Waiting.Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
