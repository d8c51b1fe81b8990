using Coordination.Contracts.Requests;
using Orleans.Concurrency;

namespace Coordination.Contracts.Subscriptions;

/// <summary>What a subscription is about.</summary>
[GenerateSerializer, Alias("Subject")]
public enum SubscriptionSubject { Requests, Plans, Groups }

[GenerateSerializer, Immutable, Alias("SubscriptionCommand")]
public abstract record SubscriptionCommand;

/// <summary>Subscribes a body to what matches. An empty list means any. Its coordinator may.</summary>
/// <param name="Regions">M49 names or codes.</param>
/// <param name="States">ISO 3166-1 alpha-3.</param>
/// <param name="Kinds">Kinds of request.</param>
[GenerateSerializer, Immutable, Alias("Subscribe")]
public sealed record Subscribe(
    [property: Required] SubscriptionSubject? About,
    [property: MaxLength(50)] string[]? Regions = null,
    [property: MaxLength(250)] string[]? States = null,
    [property: MaxLength(20)] RequestKind[]? Kinds = null,
    [property: MaxLength(7)] Pillar[]? Pillars = null,
    [property: MaxLength(3)] Urgency[]? Urgencies = null) : SubscriptionCommand;

[GenerateSerializer, Immutable, Alias("Unsubscribe")]
public sealed record Unsubscribe(string Id) : SubscriptionCommand;

/// <summary>Marks the inbox as read up to a position.</summary>
[GenerateSerializer, Immutable, Alias("ReadInbox")]
public sealed record ReadInbox(long UpTo) : SubscriptionCommand;

/// <summary>What subscriptions can be sorted by: what they are about.</summary>
public enum SubscriptionSort { About }

[GenerateSerializer, Immutable, Alias("SubscriptionView")]
public sealed record SubscriptionView(
    string Id, string Body, SubscriptionSubject About, string[] Regions, string[] States, RequestKind[] Kinds, Pillar[] Pillars, Urgency[] Urgencies);

/// <summary>Why something is in a body's inbox.</summary>
[GenerateSerializer, Alias("InboxReason")]
public enum InboxReason
{
    /// <summary>A request addressed to the body, or a turn in one that it takes part in.</summary>
    Request,
    /// <summary>A report that waits for the body's approval, or what became of one it made.</summary>
    Report,
    /// <summary>A change to a measure that the body leads or supports.</summary>
    Measure,
    /// <summary>An update of a group it belongs to, or a change in that group.</summary>
    Group,
    /// <summary>Something that one of its subscriptions matches.</summary>
    Subscription,
    /// <summary>The body has lost its last coordinator, or another password is asked for one of its people.</summary>
    Roles,
    /// <summary>Texts that it wrote, that are about it or that were for it were erased.</summary>
    Erasure,
}

/// <param name="Position">Of the entry.</param>
/// <param name="Entry">What happened; of what was given in one go, the last thing that concerns the body and that it may see.</param>
/// <param name="Entries">How many such entries the item stands for: 1, or more, 500 at most, when they were given in one go, as by an import.</param>
[GenerateSerializer, Immutable, Alias("InboxItem")]
public sealed record InboxItem(long Position, InboxReason Reason, bool Read, Feed.FeedEntry Entry, int Entries);

/// <param name="Unread">Items after the read mark, 100 at most.</param>
[GenerateSerializer, Immutable, Alias("Inbox")]
public sealed record Inbox(InboxItem[] Items, string? Next, int Unread, long ReadUpTo);

/// <summary>A body's subscriptions and inbox, by the body's id.</summary>
[Alias("IInboxGrain")]
public interface IInboxGrain : IGrainWithStringKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, SubscriptionCommand command);

    /// <summary>Newest first. Every item is asked again whether the asker may see it.</summary>
    [Alias("Read"), AlwaysInterleave]
    Task<Inbox> Read(Asker asker, Paging paging);
}

[Alias("ISubscriptionViewsGrain")]
public interface ISubscriptionViewsGrain : IGrainWithIntegerKey
{
    /// <summary>Those of the asker's own body.</summary>
    [Alias("List")]
    Task<Page<SubscriptionView>> List(Asker asker, Paging paging);
}
