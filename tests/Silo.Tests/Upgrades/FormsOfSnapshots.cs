using System.Collections.Immutable;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Host.Grains;

namespace Coordination.Silo.Tests.Upgrades;

/// <summary>A snapshot is read only by what has the same shape.</summary>
public sealed class FormsOfSnapshots
{
    private enum Colour { Red, Green }
    private enum More { Red, Green, Blue }
    private sealed record Inner(string Name, int? Count);
    private sealed record Other(string Name, long? Count);
    private sealed record Plain(string Id, Colour Colour, ImmutableArray<Inner> Inner);
    private sealed record Namesake(string Id, Colour Colour, ImmutableArray<Inner> Inner);
    private sealed record Renamed(string Key, Colour Colour, ImmutableArray<Inner> Inner);
    private sealed record Longer(string Id, Colour Colour, ImmutableArray<Inner> Inner, bool Last);
    private sealed record Coloured(string Id, More Colour, ImmutableArray<Inner> Inner);
    private sealed record Deeper(string Id, Colour Colour, ImmutableArray<Other> Inner);
    private sealed record Shuffled(Colour Colour, string Id, ImmutableArray<Inner> Inner);
    private sealed record Tree(ImmutableArray<Tree> Branches);

    [Fact]
    public void Differ_when_a_member_is_renamed_added_retyped_or_moved_however_deep_and_when_a_word_is_added()
    {
        Type[] shapes = [typeof(Plain), typeof(Renamed), typeof(Longer), typeof(Coloured), typeof(Deeper), typeof(Shuffled), typeof(Tree)];
        Assert.Equal(shapes.Length, shapes.Select(SnapshotForm.Of).Distinct().Count());
        Assert.All(shapes, shape => Assert.True(SnapshotForm.Of(shape) > 0));
        Assert.Equal(SnapshotForm.Describe(typeof(Plain)), SnapshotForm.Describe(typeof(Namesake)));
    }

    [Fact]
    public void Know_every_stage_of_a_request_and_every_part_of_a_plan()
    {
        var request = SnapshotForm.Describe(typeof(RequestState));
        Assert.All((string[])["open=", "accepted=", "expired=", "clarifying:", "proposal:", "TechnicalAssistance"], part => Assert.Contains(part, request, StringComparison.Ordinal));
        var plan = SnapshotForm.Describe(typeof(PlanState));
        Assert.All((string[])["noteAt:", "baseline:", "headVersion:", "supporting:"], part => Assert.Contains(part, plan, StringComparison.Ordinal));
    }
}
