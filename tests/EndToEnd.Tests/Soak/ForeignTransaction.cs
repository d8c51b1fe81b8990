using Coordination.EndToEnd.Tests.Faults;

namespace Coordination.EndToEnd.Tests.Soak;

/// <summary>Somebody else's transaction is left open in the platform's database for as long as a person may be away from a terminal.</summary>
[Collection(typeof(OnACluster))]
[Trait("On", "cluster")]
[Trait("Full", "soak")]
[Trait("Only", "soak")]
public sealed class ForeignTransaction(RunningCluster running)
{
    [Fact]
    public Task One_that_stays_open_for_minutes_delays_no_reader_of_the_journal() => new LosingTheDatabase(running).AForeignTransactionStaysOpen(TimeSpan.FromMinutes(3));
}
