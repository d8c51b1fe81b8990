using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Tests.Subscriptions;

using static World;

public class Matching
{
    private static readonly Subscribed Any = new("s1", SubscriptionSubject.Requests, [], [], [], [], []);

    /// <summary>A request for training of Arden (Europe, XAA) to Belmar (Americas, XBB).</summary>
    private static bool Matches(Subscribed subscription, string? region = null, bool bare = false) => SubscriptionRules.Matches(
        subscription, new(SubscriptionSubject.Requests, [new World().Bodies[Arden], new World().Bodies[Belmar]], region,
        bare ? null : RequestKind.Training, bare ? null : Pillar.Awareness, bare ? null : Urgency.Urgent));

    [Fact]
    public void Empty_means_any_of_what_it_is_about()
    {
        Assert.True(Matches(Any));
        Assert.True(Matches(Any, bare: true));
        Assert.False(Matches(Any with { About = SubscriptionSubject.Plans }));
    }

    public static TheoryData<Subscribed, bool> Filters() => new()
    {
        { Any with { Regions = ["Europe"] }, true }, { Any with { Regions = ["Western Europe"] }, true }, { Any with { Regions = ["Asia", "Americas"] }, true },
        { Any with { Regions = ["Asia"] }, false }, { Any with { States = ["XBB"] }, true }, { Any with { States = ["XCC"] }, false },
        { Any with { Kinds = [RequestKind.Training] }, true }, { Any with { Kinds = [RequestKind.Funding] }, false },
        { Any with { Pillars = [Pillar.Awareness, Pillar.Training] }, true }, { Any with { Pillars = [Pillar.Training] }, false },
        { Any with { Urgencies = [Urgency.Urgent] }, true }, { Any with { Urgencies = [Urgency.Immediate] }, false },
        { Any with { Regions = ["Europe"], Kinds = [RequestKind.Funding] }, false },
    };

    [Theory, MemberData(nameof(Filters))]
    public void Each_filter_that_is_given_must_match(Subscribed subscription, bool expected) => Assert.Equal(expected, Matches(subscription));

    [Fact]
    public void What_has_no_such_property_matches_only_any()
    {
        Assert.False(Matches(Any with { Kinds = [RequestKind.Training] }, bare: true));
        Assert.False(Matches(Any with { Pillars = [Pillar.Awareness] }, bare: true));
        Assert.False(Matches(Any with { Urgencies = [Urgency.Urgent] }, bare: true));
    }

    [Theory]
    [InlineData("Southern Asia", "Southern Asia", true)]
    [InlineData("Asia", "Southern Asia", true)]
    [InlineData("Southern Asia", "Asia", true)]
    [InlineData("Africa", "Middle Africa", true)]
    [InlineData("Central Asia", "Southern Asia", false)]
    [InlineData("Africa", "Asia", false)]
    public void An_open_call_concerns_its_region_and_its_parts_and_what_it_is_part_of(string wanted, string called, bool expected) =>
        Assert.Equal(expected, Matches(Any with { Regions = [wanted] }, called));
}
