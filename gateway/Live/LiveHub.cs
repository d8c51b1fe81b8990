using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Groups;
using Coordination.Gateway.Http;
using Coordination.Gateway.Sessions;
using Microsoft.AspNetCore.SignalR;

namespace Coordination.Gateway.Live;

/// <summary>What the server says to a viewer.</summary>
public interface IViewerClient
{
    /// <summary>Something the viewer may see has changed.</summary>
    Task Changed(FeedEntry entry);

    /// <summary>Everything up to here that this viewer may see has been sent.</summary>
    Task Position(long position);

    /// <summary>The change at this position is in the inbox of the viewer's body.</summary>
    Task Inbox(InboxNotice notice);

    /// <summary>Who is here now.</summary>
    Task Here(Presence presence);

    /// <summary>The viewer was too slow: what came after this position is to be read from the feed.</summary>
    Task CatchUp(long position);

    /// <summary>The session has ended; the connection is closed.</summary>
    Task SignedOut();
}

public sealed record InboxNotice(long Position, Contracts.Subscriptions.InboxReason Reason);

/// <summary>Live changes. A client follows topics, then reads <c>/feed?after=</c> the last position it had.</summary>
public sealed class LiveHub(Viewers viewers, LiveFeed feed, Lines lines, Grains grains, Silos silos, TimeProvider time) : Hub<IViewerClient>
{
    private const int MostTopics = 200;

    public override async Task OnConnectedAsync()
    {
        var http = Context.GetHttpContext()!;
        var asker = http.AskerOfRights();
        bool mayAct;
        try
        {
            mayAct = await silos.Ask(() => grains.Of<IStandingGrain>(asker.Account).Of(asker)) is Standing.Here;
        }
        catch (OperationCanceledException)
        {
            // Gone before it was let in, or this gateway is.
            Context.Abort();
            return;
        }

        // Where this gateway stands itself must be known before it can say from where a viewer is told.
        if (!mayAct || feed.Position < 0)
        {
            Context.Abort();
            return;
        }

        var session = http.Session();
        var groups = await Viewers.GroupsOf(grains, asker with { Seen = feed.Position });
        viewers.Add(new Viewer(
            Context.ConnectionId, asker.Account, session, asker.Body, groups, Clients.Caller, lines.Of(Context.ConnectionId),
            Context.Abort, viewers.QueueLength, time));
        // A right that was taken while this one was being let in is noticed now.
        await viewers.AskAgain(asker.Account, asker.Body);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        viewers.Remove(Context.ConnectionId);
        return Task.CompletedTask;
    }

    /// <summary>Begins to send what carries any of the topics: all, plan/{id}, plan/{id}/{milestone}, body/{id}, state/{iso3}, pillar/{pillar}, request/{id}, group/{id}.</summary>
    public async Task Follow(string[] topics)
    {
        if (topics is null || topics.Length > MostTopics || Array.Exists(topics, topic => topic is null || topic.Length > 200))
            throw new HubException($"Follow takes at most {MostTopics} topics of at most 200 characters.");
        if (!await feed.Follow(Context.ConnectionId, topics, MostTopics))
            throw new HubException("account.too-many-topics: The live connections of this account follow as many topics as they may together. Unfollow some first.");
    }

    public Task Unfollow(string[] topics)
    {
        viewers.Unfollow(Context.ConnectionId, topics ?? []);
        return Task.CompletedTask;
    }
}
