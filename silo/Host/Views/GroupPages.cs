using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Groups;
using Coordination.Host.Search;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

[StatelessWorker, Reentrant]
public sealed class GroupViewsGrain(World world, ReadYourWrites reads) : Grain, IGroupViewsGrain
{
    /// <summary>The one order of updates; it has no name that anybody could ask for.</summary>
    private enum Shared { At }

    private static readonly Order<UpdateItem, Shared> Newest = new("updates", "-at", update => (update.Shared.Id, ""), (Shared.At, update => update.Position, null));

    public async Task<Page<GroupView>> List(Asker asker, Paging paging)
    {
        var actor = await Arrive(asker);
        var here = await GrainFactory.GetGrain<IPresenceGrain>(0).Get();
        var words = Finding.Of(world, paging);
        var order = new Order<GroupItem, GroupSort>(
            "groups", "own", group => (group.State.Id, ""),
            // Positions fill no more than the lower part of the number, for as long as anybody will write.
            (GroupSort.Own, group => (RankOf(group, actor) << 52) - (LatestIn(group, actor)?.Position ?? 0), group => group.Formed.Name),
            (GroupSort.Name, null, group => group.Formed.Name),
            (GroupSort.Latest, group => LatestIn(group, actor)?.Position ?? 0, group => group.Formed.Name));
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
        return Paged.By(
            Seen(group, actor), Newest, id, paging with { Query = null, Sort = null },
            update => new UpdateView(
                update.Shared.Id, update.Position, update.At, update.Shared.Body, world.NameOf(update.Shared.Body), update.Actor, world.PersonOf(update.Actor), update.Shared.Text,
                update.Shared.Mark, update.Shared.ReplyTo));
    }

    private async Task<Actor> Arrive(Asker asker)
    {
        await reads.For(asker);
        return world.Who(asker);
    }

    /// <summary>0 where the asker's body is invited, 1 where it is a member, 2 for all others.</summary>
    private static long RankOf(GroupItem group, Actor actor) =>
        actor.Body is not { } body ? 2 : group.State.Invited.ContainsKey(body) ? 0 : group.State.Members.Contains(body) ? 1 : 2;

    private UpdateItem? LatestIn(GroupItem group, Actor actor) =>
        Audience.OfGroup(group.State.Id).Admits(actor, world) ? group.Updates.LastOrDefault() : group.Updates.LastOrDefault(update => update.Shared.Mark is not Mark.Parties);

    private IEnumerable<UpdateItem> Seen(GroupItem group, Actor actor)
    {
        var member = Audience.OfGroup(group.State.Id).Admits(actor, world);
        return member ? group.Updates : group.Updates.Where(update => update.Shared.Mark is not Mark.Parties);
    }

    private GroupView View(GroupItem group, Actor actor, Presence presence)
    {
        var state = group.State;
        var chair = state.ChairOn(DateOnly.FromDateTime(world.Now.UtcDateTime));
        var member = actor.Body is { } body && state.Members.Contains(body);
        var invited = actor.Body is { } own && state.Invited.ContainsKey(own);
        var seen = Seen(group, actor);
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
            Updates = member ? group.Updates.Count : seen.Count(),
            LatestAt = seen.LastOrDefault()?.At,
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
