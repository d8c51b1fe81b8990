namespace Coordination.Journal.Tests;

public sealed class FreshEntriesTests
{
    private readonly FreshEntries _fresh = new();

    [Fact]
    public void What_was_taken_is_not_there_any_more_nor_what_comes_before_it()
    {
        Add(11, 12, 13);
        Add(14, 15);
        ShouldTake(after: 11, limit: 2, 12, 13);
        ShouldTake(after: 11, limit: 2);
        ShouldTake(after: 13, limit: 9, 14, 15);
        ShouldTake(after: 15, limit: 9);
        ShouldTake(after: 13, limit: 9);
    }

    [Fact]
    public void Whoever_has_not_been_told_what_comes_before_reads()
    {
        Add(11, 12);
        ShouldTake(after: 9, limit: 9);
        ShouldTake(after: 10, limit: 9, 11, 12);
    }

    [Fact]
    public void After_a_hole_only_what_comes_behind_it_is_there()
    {
        Add(11, 12);
        Add(14, 15);
        ShouldTake(after: 10, limit: 9);
        ShouldTake(after: 13, limit: 9, 14, 15);
    }

    [Fact]
    public void No_more_than_a_thousand_wait()
    {
        Add([.. Enumerable.Range(1, 1_000)]);
        Add(1_001);
        ShouldTake(after: 0, limit: 9);
        ShouldTake(after: 1_000, limit: 9, 1_001);
        Add([.. Enumerable.Range(1_002, 1_001)]);
        ShouldTake(after: 1_001, limit: 9);
    }

    [Fact]
    public void When_something_is_erased_all_are_forgotten()
    {
        Add(11, 12);
        _fresh.Add([At(13), At(14) with { Fact = Erasure.Fact }]);
        ShouldTake(after: 10, limit: 9);
        ShouldTake(after: 12, limit: 9);
        Add(15);
        ShouldTake(after: 14, limit: 9, 15);
    }

    private void Add(params int[] positions) => _fresh.Add([.. positions.Select(position => At(position))]);

    private void ShouldTake(long after, int limit, params long[] positions) =>
        Assert.Equal(positions.Length == 0 ? null : positions, _fresh.Take(after, limit)?.Select(entry => entry.Position));

    private static Entry At(long position) => new(
        position, [], "plan/a", position, "plan.milestone-reported", 1, Facts.Noon, "account-7", null, [], [], [], null, null, null, "platform", null, []);
}
