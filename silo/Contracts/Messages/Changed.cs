using Coordination.Contracts.Feed;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Contracts.Messages;

/// <summary>
/// What the relay sends: the changes that waited, in the order of the journal. Who sees <see cref="Previous"/> differ from the
/// last position it handled has missed something and reads it from the journal.
/// </summary>
[GenerateSerializer, Immutable, Alias("Changes")]
public sealed record Changes
{
    /// <summary>Version of this message's form.</summary>
    [Id(0)] public int Form { get; init; } = 1;

    /// <summary>Position of the entry before the first of <see cref="Items"/>.</summary>
    [Id(1)] public required long Previous { get; init; }

    /// <summary>Position of the last of <see cref="Items"/>.</summary>
    [Id(2)] public required long Position { get; init; }

    /// <summary>One for each entry of the journal between the two, without a hole.</summary>
    [Id(3)] public required Changed[] Items { get; init; }

    /// <summary>Whether it holds what it says it holds. One that does not was made by something else than a relay.</summary>
    public bool IsWhole() => Items.Length > 0 && Items.Length == Position - Previous && Items[0].Position == Previous + 1 && Items[^1].Position == Position;

    /// <exception cref="ArgumentException">There are none.</exception>
    public static Changes Of(IReadOnlyList<Changed> items) => items.Count == 0
        ? throw new ArgumentException("There is nothing to tell.", nameof(items))
        : new() { Previous = items[0].Position - 1, Position = items[^1].Position, Items = [.. items] };
}

/// <summary>
/// Something changed: one entry of the journal, without its texts. A gateway asks a silo once for what it tells of it
/// (<see cref="IFeedGrain.MessagesAfter"/>).
/// </summary>
[GenerateSerializer, Immutable, Alias("Changed")]
public sealed record Changed
{
    [Id(0)] public required long Position { get; init; }
    [Id(1)] public required DateTimeOffset At { get; init; }
    [Id(2)] public required string Actor { get; init; }
    [Id(3)] public string? Body { get; init; }
    [Id(4)] public required string[] Topics { get; init; }
    [Id(5)] public required Mark Mark { get; init; }
    /// <summary>Bodies that may see it, as resolved when the entry was taken in, or null: every signed-in body.</summary>
    [Id(6)] public string[]? Readers { get; init; }
    /// <summary>Whose inbox it belongs in, and why.</summary>
    [Id(7)] public required Recipient[] Recipients { get; init; }
    /// <summary>Whose role changed or ended with it, so that what was allowed before is asked again.</summary>
    [Id(8)] public ChangedRight? Right { get; init; }
    /// <summary>Group whose members changed with it, so that live connections can be asked again.</summary>
    [Id(9)] public string? Regrouped { get; init; }
    /// <summary>W3C traceparent of what it follows from, or null.</summary>
    [Id(10)] public string? Trace { get; init; }
    /// <summary>The stream that the entry is of: its thread in inboxes.</summary>
    [Id(11)] public required string Stream { get; init; }
    /// <summary>What was given in one go has one item in an inbox and makes one notice; null for an entry that stands for itself.</summary>
    [Id(12)] public string? Batch { get; init; }
}

/// <summary>A change with what is told of it to those who may see it.</summary>
/// <param name="Entry">Null when there is nothing to tell.</param>
[GenerateSerializer, Immutable, Alias("Told")]
public sealed record Told(Changed Change, FeedEntry? Entry);

/// <summary>A role in a body that is another one now, or none.</summary>
[GenerateSerializer, Immutable, Alias("ChangedRight")]
public sealed record ChangedRight(string Account, string Body);

[GenerateSerializer, Immutable, Alias("Recipient")]
public sealed record Recipient(string Body, InboxReason Reason);
