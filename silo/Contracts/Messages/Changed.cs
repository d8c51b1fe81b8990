using Coordination.Contracts.Feed;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Contracts.Messages;

/// <summary>
/// Something changed. One message for each entry of the journal, in order: who sees <see cref="Previous"/> differ from the
/// last position it handled has missed something and reads it from the journal.
/// </summary>
[GenerateSerializer, Immutable, Alias("Changed")]
public abstract record Changed
{
    /// <summary>Version of this message's form.</summary>
    [Id(0)] public int Form { get; init; } = 1;
    [Id(1)] public required long Position { get; init; }
    [Id(2)] public required long Previous { get; init; }
    [Id(3)] public required DateTimeOffset At { get; init; }
    [Id(4)] public required string Actor { get; init; }
    [Id(5)] public string? Body { get; init; }
    [Id(6)] public required string[] Topics { get; init; }
    [Id(7)] public required Mark Mark { get; init; }
    /// <summary>Bodies that may see it, as resolved when it was published, or null: every signed-in body.</summary>
    [Id(8)] public string[]? Readers { get; init; }
    /// <summary>Whose inbox it belongs in, and why.</summary>
    [Id(9)] public required Concern[] Concerns { get; init; }
    /// <summary>What to tell, or null when there is nothing to tell.</summary>
    [Id(10)] public FeedEntry? Entry { get; init; }
}

[GenerateSerializer, Immutable, Alias("Concern")]
public sealed record Concern(string Body, InboxReason Reason);

/// <summary>A body's profile, members, roles or reported facts changed.</summary>
[GenerateSerializer, Immutable, Alias("BodyChanged")]
public sealed record BodyChanged : Changed
{
    /// <summary>Account that lost a right with it, so that live connections can be asked again.</summary>
    [Id(0)] public string? Revoked { get; init; }
}

/// <summary>An action plan, a measure, a milestone or a report changed.</summary>
[GenerateSerializer, Immutable, Alias("PlanChanged")]
public sealed record PlanChanged : Changed;

/// <summary>A cooperation request took a turn.</summary>
[GenerateSerializer, Immutable, Alias("RequestChanged")]
public sealed record RequestChanged : Changed;

/// <summary>A group's members or chair changed, or an update was shared.</summary>
[GenerateSerializer, Immutable, Alias("GroupChanged")]
public sealed record GroupChanged : Changed;

/// <summary>A body's subscriptions or its read mark changed.</summary>
[GenerateSerializer, Immutable, Alias("SubscriptionChanged")]
public sealed record SubscriptionChanged : Changed;
