using System.Globalization;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Groups;
using Coordination.Host.Search;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

[StatelessWorker, Reentrant]
public sealed class GroupViewsGrain(World world, Histories histories, ReadYourWrites reads) : Grain, IGroupViewsGrain
{
    public async Task<Page<GroupView>> List(Asker asker, Paging paging)
    {
        var actor = await Arrive(asker);
        var here = await GrainFactory.GetGrain<IPresenceGrain>(0).Get();
        var words = Finding.Of(world, paging);
        var order = new Order<GroupItem, GroupSort>(
            "groups", "own", group => (group.State.Id, ""),
            // Milliseconds fill no more than the lower part of the number, for as long as anybody will write.
            (GroupSort.Own, group => (RankOf(group, actor) << 52) - Milliseconds(SharedWith(group, actor).LatestAt), group => group.Formed.Name),
            (GroupSort.Name, null, group => group.Formed.Name),
            (GroupSort.Latest, group => Milliseconds(SharedWith(group, actor).LatestAt), group => group.Formed.Name));
        return Paged.By(world.Groups.Where(words.Find), order, null, paging, group => View(group, actor, here));
    }

    public async Task<GroupView?> Get(Asker asker, string id)
    {
        var actor = await Arrive(asker);
        return world.Group(id) is { } group ? View(group, actor, await GrainFactory.GetGrain<IPresenceGrain>(0).Get()) : null;
    }

    public async Task<Page<UpdateView>?> Updates(Asker asker, string id, Paging paging)
    {
        var actor = await Arrive(asker);
        if (world.Group(id) is not { } group) return null;
        var limit = Math.Clamp(paging.Limit, 1, Paged.Most);
        var before = Before(paging.After);
        var page = await Histories.Briefly(cancellation => histories.Before<GroupUpdateShared>(
            $"group/{id}", before ?? world.Position + 1, limit + 1, audience => audience.Admits(actor, world), cancellation: cancellation));
        return new([.. page.Take(limit).Select(View)], page.Count > limit ? Paged.Encode(KeyOf(page[limit - 1].Entry.Position)) : null, SharedWith(group, actor).Count);
    }

    private static string KeyOf(long position) => position.ToString("D19", CultureInfo.InvariantCulture);

    private static long? Before(string? cursor) => Paged.Decode(cursor) switch
    {
        null => null,
        var key when long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var position) => position,
        _ => throw new UnreadableCursorException(),
    };

    private UpdateView View(Happening<GroupUpdateShared> update)
    {
        var (entry, shared) = (update.Entry, update.Fact);
        return new(shared.Id, entry.Position, entry.At, shared.Body, world.NameOf(shared.Body), entry.Actor, world.PersonOf(entry.Actor), shared.Text, shared.Mark, shared.ReplyTo);
    }

    private async Task<Actor> Arrive(Asker asker)
    {
        await reads.For(asker);
        return world.Who(asker);
    }

    /// <summary>0 where the asker's body is invited, 1 where it is a member, 2 for all others.</summary>
    private static long RankOf(GroupItem group, Actor actor) =>
        actor.Body is not { } body ? 2 : group.State.Invited.ContainsKey(body) ? 0 : group.State.Members.Contains(body) ? 1 : 2;

    private static long Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() ?? 0;

    /// <summary>What the asker may see of what was shared.</summary>
    private Tally SharedWith(GroupItem group, Actor actor) => Audience.OfGroup(group.State.Id).Admits(actor, world) ? group.Shared : group.SharedWider;

    private GroupView View(GroupItem group, Actor actor, Presence presence)
    {
        var state = group.State;
        var chair = state.ChairOn(DateOnly.FromDateTime(world.Now.UtcDateTime));
        var member = actor.Body is { } body && state.Members.Contains(body);
        var invited = actor.Body is { } own && state.Invited.ContainsKey(own);
        var seen = SharedWith(group, actor);
        return new()
        {
            Id = state.Id,
            Name = group.Formed.Name,
            Members = [.. state.Members.Select(Name).OrderBy(name => name.Name, StringComparer.Ordinal)],
            Chairs = [.. state.Chairs.Select(term => term.ToContract())],
            Chair = chair is null ? null : Name(chair),
            Exercise = state.Exercise,
            Version = state.Version,
            Member = member,
            Updates = seen.Count,
            LatestAt = seen.LatestAt,
            Note = group.Formed.Note,
            Source = group.Formed.Source,
            Verbs = GroupRules.Verbs.Allowed(state, new(actor, world.Now, world)),
            Here = member ? [.. presence.Groups.GetValueOrDefault(state.Id, []).Select(Name)] : [],
            Invited = member ? [.. state.Invited.Keys.Select(Name).OrderBy(name => name.Name, StringComparer.Ordinal)] : invited ? [Name(actor.Body!)] : [],
            InvitedBy = invited && state.Invited[actor.Body!] is { } by ? Name(by) : null,
        };
    }

    private BodyName Name(string body) => new(body, world.NameOf(body));
}

[StatelessWorker, Reentrant]
public sealed class SubscriptionViewsGrain(World world, ReadYourWrites reads) : Grain, ISubscriptionViewsGrain
{
    private static readonly Order<Domain.Subscriptions.Subscribed, SubscriptionSort> Sorts = new("subscriptions", "about", it => (it.Id, ""), (SubscriptionSort.About, it => (int)it.About, null));

    public async Task<Page<SubscriptionView>> List(Asker asker, Paging paging)
    {
        await reads.For(asker);
        if (world.Who(asker).Body is not { } body) return new([], null);
        var query = SearchText.QueryOf(paging.Query);
        var subscriptions = world.SubscriptionsOf(body).Subscriptions.Values
            .Where(it => SearchText.Finds(query, [EnumNames.NameOf(it.About), .. it.Regions, .. it.States, .. it.Kinds.Select(EnumNames.NameOf), .. it.Pillars.Select(EnumNames.NameOf), .. it.Urgencies.Select(EnumNames.NameOf)]));
        return Paged.By(subscriptions, Sorts, body, paging, it => new SubscriptionView(it.Id, body, it.About, it.Regions, it.States, it.Kinds, it.Pillars, it.Urgencies));
    }
}
