using System.Globalization;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Subscriptions;
using Coordination.Domain.Groups;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

[StatelessWorker, Reentrant]
public sealed class GroupViewsGrain(World world, Histories histories, ReadYourWrites reads) : Grain, IGroupViewsGrain
{
    public async Task<Page<GroupView>> List(Asker asker, Paging paging)
    {
        var actor = await Arrive(asker);
        var here = await GrainFactory.GetGrain<IPresenceGrain>(0).Get();
        return Paged.By(world.Groups.OrderBy(group => group.State.Id, StringComparer.Ordinal), group => group.State.Id, paging, group => View(group, actor, here));
    }

    public async Task<GroupView?> Get(Asker asker, string id)
    {
        var actor = await Arrive(asker);
        return world.Group(id) is { } group ? View(group, actor, await GrainFactory.GetGrain<IPresenceGrain>(0).Get()) : null;
    }

    public async Task<Page<UpdateView>?> Updates(Asker asker, string id, Paging paging)
    {
        var actor = await Arrive(asker);
        if (world.Group(id) is null) return null;
        var limit = Math.Clamp(paging.Limit, 1, Paged.Most);
        var before = Before(paging.After);
        var page = await Histories.Briefly(cancellation => histories.Before<GroupUpdateShared>(
            $"group/{id}", before ?? world.Position + 1, limit + 1, audience => audience.Admits(actor, world), cancellation: cancellation));
        return new([.. page.Take(limit).Select(View)], page.Count > limit ? Paged.Encode(KeyOf(page[limit - 1].Entry.Position)) : null);
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

    private GroupView View(GroupItem group, Actor actor, Presence presence)
    {
        var state = group.State;
        var chair = state.ChairOn(DateOnly.FromDateTime(world.Now.UtcDateTime));
        var member = actor.Body is { } body && state.Members.Contains(body);
        var invited = actor.Body is { } own && state.Invited.ContainsKey(own);
        var seen = Audience.OfGroup(state.Id).Admits(actor, world) ? group.Shared : group.SharedWider;
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
    public async Task<Page<SubscriptionView>> List(Asker asker, Paging paging)
    {
        await reads.For(asker);
        if (world.Who(asker).Body is not { } body) return new([], null);
        return Paged.By(
            world.SubscriptionsOf(body).Subscriptions.Values.OrderBy(subscription => subscription.Id, StringComparer.Ordinal), subscription => subscription.Id, paging,
            it => new SubscriptionView(it.Id, body, it.About, it.Regions, it.States, it.Kinds, it.Pillars, it.Urgencies));
    }
}
