using Coordination.Contracts.Bodies;
using Coordination.Contracts.Plans;

namespace Coordination.Contracts.Feed;

/// <summary>A change, as it may be told to those entitled to see it.</summary>
[GenerateSerializer, Immutable, Alias("FeedEntry")]
public sealed record FeedEntry
{
    [Id(0)] public required long Position { get; init; }
    [Id(1)] public required DateTimeOffset At { get; init; }
    /// <summary>Name of the fact, such as <c>plan.milestone-reported</c>.</summary>
    [Id(2)] public required string Type { get; init; }
    /// <summary>Body that did it, or null for the platform itself.</summary>
    [Id(3)] public string? Body { get; init; }
    /// <summary>Id of the account that did it.</summary>
    [Id(4)] public required string Actor { get; init; }
    [Id(5)] public required string[] Topics { get; init; }
    [Id(6)] public required Mark Mark { get; init; }
    [Id(7)] public required Subject Subject { get; init; }
    /// <summary>One sentence in English, the one that the dashboard says. <see cref="Data"/> holds what it is made of, for any other language.</summary>
    [Id(8)] public required string Summary { get; init; }
    /// <summary>What the sentence is made of: names, titles, statuses.</summary>
    [Id(9)] public required Dictionary<string, string> Data { get; init; }
    [Id(10)] public required bool Exercise { get; init; }
    /// <summary>
    /// The version that what has changed has with this change: the subject, or the part of it that the change is about, such as a report that
    /// waits. Versions are positions.
    /// </summary>
    [Id(11)] public required long Version { get; init; }
    /// <summary>How the actor is shown; null for the platform itself, and for an account that was erased.</summary>
    [Id(12)] public string? ActorName { get; init; }
    /// <summary>The milestone that it is about, as it stands when this is told; null for what is about none. Whoever shows the milestone reads nothing again.</summary>
    [Id(13)] public MilestoneNow? Milestone { get; init; }
}

/// <summary>How a milestone stands.</summary>
/// <param name="Version">As <see cref="MilestoneView.Version"/>: what is shown with this or a later one holds all of this.</param>
/// <param name="Reported">The last report that took effect.</param>
/// <param name="InMeasure">How the milestones of its measure stand, this one among them.</param>
/// <param name="ReportsToApprove">Reports on it that wait. Told only with changes of reports that not everybody sees who sees the milestone.</param>
[GenerateSerializer, Immutable, Alias("MilestoneNow")]
public sealed record MilestoneNow(
    string Id, string Measure, MilestoneStatus Status, int Progress, DateOnly Due, bool Late, bool AtRisk, long Version, Reported? Reported,
    MilestoneCounts InMeasure, int? ReportsToApprove);

/// <param name="Kind">body, plan, request, group, subscription; journal for what concerns its entries.</param>
[GenerateSerializer, Immutable, Alias("FeedSubject")]
public sealed record Subject(string Kind, string Id);

/// <param name="Position">Everything up to here that the asker may see is in this page or before it.</param>
[GenerateSerializer, Immutable, Alias("FeedPage")]
public sealed record FeedPage(FeedEntry[] Items, string? Next, long Position);

/// <summary>How far the walk came.</summary>
/// <param name="BrokenAt">First position that does not fit, or null when the chain holds.</param>
/// <param name="At">When the walk ended: of a long journal, what the last walk came to is told again for ten minutes.</param>
[GenerateSerializer, Immutable, Alias("JournalVerification")]
public sealed record JournalVerification(bool Ok, long Entries, long? BrokenAt, string Head, DateTimeOffset At);

[Alias("IFeedGrain")]
public interface IFeedGrain : IGrainWithIntegerKey
{
    /// <summary>What the asker may see after a position, oldest first. Topics: any of them; none means all.</summary>
    [Alias("After")]
    Task<FeedPage> After(Asker asker, long position, string[] topics, int limit);

    /// <summary>What the asker may see before a position (null: the end), newest first.</summary>
    [Alias("Before")]
    Task<FeedPage> Before(Asker asker, long? position, string[] topics, int limit);

    /// <summary>Every change after a position, oldest first and without a hole, with what a gateway tells of it.</summary>
    /// <param name="position">After which.</param>
    /// <param name="until">Position that is known to be there: a silo that is behind waits (bounded) until it knows it too.</param>
    /// <param name="limit">How many at most.</param>
    [Alias("Messages")]
    Task<Messages.Told[]> MessagesAfter(long position, long until, int limit);

    /// <summary>The position that the views have reached.</summary>
    [Alias("Position")]
    Task<long> Position();

    /// <summary>Entries of the journal after a position, as the asker may have them, oldest first and without a hole.</summary>
    [Alias("Entries")]
    Task<JournalPage> Entries(Asker asker, long after, int limit);

    /// <summary>Signed heads below a position (null: from the end), newest first.</summary>
    [Alias("Heads")]
    Task<JournalHeads> Heads(Asker asker, long? before, int limit);

    /// <summary>Walks the hash chain, however long it is. At most one walk at a time; it ends when nobody waits for it.</summary>
    [Alias("Verify"), ResponseTimeout("01:00:00")]
    Task<JournalVerification> Verify(Asker asker, CancellationToken cancellation);
}

/// <summary>Answers whether something is there for someone, at the same cost whether it is hidden or does not exist.</summary>
[Alias("IVisibilityGrain")]
public interface IVisibilityGrain : IGrainWithIntegerKey
{
    [Alias("MaySee")]
    Task<bool> MaySee(Asker asker, Subject subject);
}

/// <summary>The views have not come as far as the journal in the time that a reader is given. Ask again.</summary>
[GenerateSerializer, Alias("ViewsBehind")]
public sealed class ViewsBehindException() : Exception("The views are catching up with the journal. Ask again in a second.");
