using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Subscriptions;

/// <summary>A body's subscriptions and how far it has read its inbox. Empty until the first of either.</summary>
/// <param name="Body">Whose they are.</param>
/// <param name="Ended">The subscriptions that ended last, of which <see cref="MostEnded"/> are remembered.</param>
public sealed record SubscriptionsState(string Body, ImmutableDictionary<string, Subscribed> Subscriptions, ImmutableList<string> Ended, long ReadUpTo)
{
    /// <summary>So that a subscription that is ended twice in a row is no error, and the state stays small.</summary>
    public const int MostEnded = 100;

    public static SubscriptionsState Empty(string body) => new(body, ImmutableDictionary<string, Subscribed>.Empty, [], 0);
}

/// <summary>Who may subscribe a body, and what a subscription matches.</summary>
public static class SubscriptionRules
{
    /// <summary>How many subscriptions a body may have at once.</summary>
    public const int Most = 100;

    public static Decision Decide(string body, SubscriptionsState state, SubscriptionCommand command, in Situation situation) => command switch
    {
        Subscribe it => MayChange(body, situation) ?? Make(state, it, situation),
        Unsubscribe it => MayChange(body, situation) ?? End(state, it),
        ReadInbox it => MayRead(body, situation) ?? Read(state, it),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
    };

    /// <summary>Whether the subscriptions of a body may be made and ended.</summary>
    public static Decision? MayChange(string body, in Situation situation) => NotOwn(body, situation) ?? (situation.Actor.Coordinates(body) ? Decision.Undecided : CoordinatorOnly);

    /// <summary>There is one mark for the whole body: who only looks on must not put out what the others have not read.</summary>
    public static Decision? MayRead(string body, in Situation situation) => NotOwn(body, situation) ?? (situation.Actor.ContributesTo(body) ? Decision.Undecided : ContributorOnly);

    private static Decision? NotOwn(string body, in Situation situation) =>
        situation.Directory.Body(body) is null || (situation.Actor.Body != body && !situation.Actor.IsPlatform) ? OwnBodyOnly : Decision.Undecided;

    /// <summary>Whether a subscription wants a fact with this in it. A region is wanted by who wants a part of it, or what it is part of.</summary>
    public static bool Matches(Subscribed subscription, in Interest interest)
    {
        var (about, bodies, region, kind, pillar, urgency) = interest;
        return subscription.About == about
            && (subscription.Regions.Length == 0
                || Array.Exists(subscription.Regions, wanted => (region is not null && Regions.Overlap(wanted, region)) || bodies.Any(body => body.IsIn(wanted))))
            && (subscription.States.Length == 0 || bodies.Any(body => body.State is not null && Array.IndexOf(subscription.States, body.State) >= 0))
            && Wants(subscription.Kinds, kind)
            && Wants(subscription.Pillars, pillar)
            && Wants(subscription.Urgencies, urgency);
    }

    /// <summary>An empty list means any; a thing that has no such property matches only any.</summary>
    private static bool Wants<T>(T[] wanted, T? value) where T : struct, Enum =>
        wanted.Length == 0 || (value is { } given && Array.IndexOf(wanted, given) >= 0);

    private static Decision Make(SubscriptionsState state, Subscribe command, in Situation situation)
    {
        var regions = command.Regions ?? [];
        for (var index = 0; index < regions.Length; index++)
        {
            if (Regions.NameOf(regions[index] ?? "") is null)
                return Refusal.Invalid($"#/regions/{index}", "region.unknown", $"'{regions[index]}' is no region of M49. Give its name or three-digit code.");
        }

        var states = command.States ?? [];
        for (var index = 0; index < states.Length; index++)
        {
            if (states[index] is not { Length: 3 } || !states[index].All(char.IsAsciiLetterUpper))
                return Refusal.Invalid($"#/states/{index}", "state.not-a-code", "Give States as ISO 3166-1 alpha-3 codes, such as FIN.");
        }

        var made = new Subscribed(
            NewId.Free('n', situation.Command, state.Subscriptions.ContainsKey), command.About!.Value, [.. regions.Select(region => Regions.NameOf(region)!).Distinct()],
            [.. states.Distinct()], [.. (command.Kinds ?? []).Distinct()], [.. (command.Pillars ?? []).Distinct()], [.. (command.Urgencies ?? []).Distinct()]);
        if (state.Subscriptions.Values.Any(other => Same(other, made))) return Decision.Nothing;
        return state.Subscriptions.Count >= Most
            ? Refusal.TooMany("subscription.too-many", $"A body has at most {Most} subscriptions. End one first.")
            : made;
    }

    private static Decision End(SubscriptionsState state, Unsubscribe command) =>
        state.Subscriptions.ContainsKey(command.Id) ? new Unsubscribed(command.Id)
        : state.Ended.Contains(command.Id) ? Decision.Nothing
        : NotFound;

    private static Decision Read(SubscriptionsState state, ReadInbox command)
    {
        if (command.UpTo < 0)
            return Refusal.Invalid("#/upTo", "inbox.position-negative", "Give the position of the last item that was read.");
        return command.UpTo <= state.ReadUpTo ? Decision.Nothing : new InboxReadUpTo(command.UpTo);
    }

    private static bool Same(Subscribed one, Subscribed other) =>
        one.About == other.About && Same(one.Regions, other.Regions) && Same(one.States, other.States)
        && Same(one.Kinds, other.Kinds) && Same(one.Pillars, other.Pillars) && Same(one.Urgencies, other.Urgencies);

    /// <summary>In whatever order they were named.</summary>
    private static bool Same<T>(T[] one, T[] other) => one.Length == other.Length && one.All(item => other.Contains(item));

    private static readonly Decision OwnBodyOnly =
        Refusal.Forbidden("subscription.own-body-only", "An account subscribes and reads for its own body. Yours speaks for none.");

    private static readonly Decision CoordinatorOnly = Refusal.Forbidden("subscription.coordinator-only", "Only a body's coordinator changes its subscriptions.");
    private static readonly Decision ContributorOnly = Refusal.Forbidden(
        "inbox.contributor-only", "An observer reads the inbox; its coordinator and contributors mark it as read.");

    private static readonly Decision NotFound = Refusal.NotFound("subscription.not-found", "Your body has no such subscription.");
}
