using System.Collections.Concurrent;
using System.Collections.Immutable;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Messages;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Live;

/// <summary>Everyone who is connected to this gateway.</summary>
public sealed class Viewers(Grains grains, IOptions<GatewayOptions> options, TimeProvider time, ILogger<Viewers> logger)
{
    /// <summary>In doubt an account whose right has changed has lost it: within a second nobody hears what is not theirs.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromMilliseconds(800);

    /// <summary>For one page of groups.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    /// <summary>Sessions that are asked for at a time.</summary>
    private const int AskedTogether = 64;

    /// <summary>Pushes of one change that are traced one by one; the others are like them.</summary>
    private const int Traced = 8;

    private readonly ConcurrentDictionary<string, Viewer> _viewers = new(StringComparer.Ordinal);

    /// <summary>By account, where a right of it was last changed.</summary>
    private readonly ConcurrentDictionary<string, long> _changed = new(StringComparer.Ordinal);

    /// <summary>By account, how many topics its viewers follow together.</summary>
    private readonly Dictionary<string, int> _topics = new(StringComparer.Ordinal);

    public int QueueLength => options.Value.ViewerQueue;

    public int Count => _viewers.Count;

    /// <summary>Called when someone comes, goes or opens another page.</summary>
    public event Action? Moved;

    public void Add(Viewer viewer)
    {
        _viewers[viewer.Connection] = viewer;
        Telemetry.Viewers.Add(1);
        viewer.Start(logger);
        Moved?.Invoke();
    }

    public void Remove(string connection)
    {
        if (!_viewers.TryRemove(connection, out var viewer)) return;
        Telemetry.Viewers.Add(-1);
        TryFollow(viewer, [], most: 0);
        viewer.Dispose();
        Moved?.Invoke();
    }

    /// <returns>False when the account would follow more than it may; then nothing is followed that was not before.</returns>
    public bool Follow(string connection, string[] topics, int most, long position)
    {
        if (!_viewers.TryGetValue(connection, out var viewer)) return true;
        if (!TryFollow(viewer, viewer.Topics.Union(topics.Take(Math.Max(0, most - viewer.Topics.Count))), options.Value.Bounds.AccountTopics)) return false;
        viewer.Say(new Said.Position(position));
        Moved?.Invoke();
        return true;
    }

    public void Unfollow(string connection, string[] topics)
    {
        if (!_viewers.TryGetValue(connection, out var viewer)) return;
        TryFollow(viewer, viewer.Topics.Except(topics), options.Value.Bounds.AccountTopics);
        Moved?.Invoke();
    }

    /// <summary>Lets a viewer follow these topics in place of its others, unless they are more and its account would follow too many.</summary>
    private bool TryFollow(Viewer viewer, ImmutableHashSet<string> topics, int most)
    {
        lock (_topics)
        {
            // It may be gone, and what it followed given back.
            if (topics.Count > 0 && !_viewers.ContainsKey(viewer.Connection)) return true;
            var more = topics.Count - viewer.Topics.Count;
            var followed = _topics.GetValueOrDefault(viewer.Account) + more;
            if (more > 0 && followed > most) return false;
            viewer.Topics = topics;
            if (followed > 0) _topics[viewer.Account] = followed;
            else _topics.Remove(viewer.Account);
            return true;
        }
    }

    /// <summary>Hands a change to everyone who follows one of its topics and may see it.</summary>
    /// <param name="message">The change.</param>
    /// <param name="entry">What is told of it; null when there is nothing to tell.</param>
    public void Tell(Changed message, FeedEntry? entry)
    {
        var readers = message.Readers?.ToHashSet(StringComparer.Ordinal);
        var concerned = message.Recipients.Length == 0 ? null : message.Recipients.ToDictionary(recipient => recipient.Body, recipient => recipient.Reason);
        var change = entry is null ? null : new Said.Change(entry);
        var traced = message.Trace is null ? 0 : Traced;
        // Not its Values, which would be copied for each change.
        foreach (var (_, viewer) in _viewers)
        {
            if (readers is not null && (viewer.Body is null || !readers.Contains(viewer.Body))) continue;
            if (change is not null && viewer.Follows(message.Topics)) viewer.Say(traced-- > 0 ? change with { Trace = message.Trace } : change);
            if (concerned is not null && viewer.Body is { } body && concerned.TryGetValue(body, out var reason))
                viewer.SayInbox(new(message.Position, reason), message.Batch);
        }
    }

    public void Tell(Said said)
    {
        foreach (var (_, viewer) in _viewers) viewer.Say(said);
    }

    /// <summary>Tells each viewer who is here: of groups only those it belongs to.</summary>
    public void Tell(Presence presence)
    {
        var key = System.Text.Json.JsonSerializer.Serialize(presence);
        foreach (var viewer in _viewers.Values) viewer.SayHere(presence, key);
    }

    /// <summary>Who is here at this gateway.</summary>
    public Presence Here()
    {
        var viewers = _viewers.Values.Where(viewer => viewer.Body is not null).ToList();
        return new(
            [.. viewers.Select(viewer => viewer.Body!).Distinct()],
            viewers.SelectMany(viewer => viewer.Topics.Where(topic => topic.StartsWith("group/", StringComparison.Ordinal))
                    .Select(topic => (Group: topic["group/".Length..], viewer)))
                .Where(pair => pair.viewer.Groups.Contains(pair.Group))
                .GroupBy(pair => pair.Group, pair => pair.viewer.Body!)
                .ToDictionary(group => group.Key, group => group.Distinct().ToArray()));
    }

    /// <summary>Ends the connections of one session.</summary>
    /// <param name="turn">Those that were opened at this turn of it or before; null ends all.</param>
    public void End(string session, int? turn = null)
    {
        foreach (var viewer in _viewers.Values.Where(viewer => viewer.Session == session && (turn is null || viewer.Turn <= turn))) viewer.End();
    }

    /// <summary>Ends the connections of sessions that have ended, as because nobody has used them.</summary>
    /// <param name="all">Asks for every session, not only for those whose time should be over by what is known here.</param>
    /// <returns>False when some could not be asked for.</returns>
    public async Task<bool> EndOverdue(bool all)
    {
        var now = time.GetUtcNow();
        var isWhole = true;
        foreach (var some in _viewers.Values.Where(viewer => all || viewer.SessionEnds <= now).Chunk(AskedTogether))
            isWhole &= (await Task.WhenAll(some.Select(EndUnlessAlive))).All(known => known);
        return isWhole;
    }

    /// <returns>False when nobody answered.</returns>
    private async Task<bool> EndUnlessAlive(Viewer viewer)
    {
        try
        {
            var session = await grains.Of<IAccountSessionsGrain>(viewer.Account).Use(viewer.Session, network: null).WaitAsync(Doubt, TimeProvider.System);
            if (session is null || session.Turn > viewer.Turn) viewer.End();
            else viewer.SessionEnds = session.Ends;
            return true;
        }
        catch (Exception exception) when (Silos.AreAway(exception))
        {
            return false;
        }
    }

    /// <summary>
    /// Asks again whether an account may act for a body, because its role there has changed. Its connections for that body end when it has
    /// none left; those for its other bodies stay.
    /// </summary>
    /// <param name="position">Where the role changed, so that what a silo knew before does not count; null for where one last did.</param>
    public async Task AskAgain(string account, string? body, long? position = null)
    {
        var since = position is { } changed ? _changed.AddOrUpdate(account, changed, (_, before) => Math.Max(before, changed)) : _changed.GetValueOrDefault(account);
        var viewers = _viewers.Values.Where(viewer => viewer.Account == account && viewer.Body == body).ToList();
        if (viewers.Count == 0) return;
        Standing? standing = null;
        try
        {
            standing = await grains.Of<IStandingGrain>(account).Of(new(account, since, body)).WaitAsync(Doubt, TimeProvider.System);
        }
        catch (Exception exception)
        {
            Log.NotTold(logger, exception.GetType().Name, exception.Message);
        }

        foreach (var viewer in viewers)
        {
            // In doubt it is cut: the window connects again and is asked again.
            if (standing is null) viewer.Cut();
            else if (standing is not Standing.Here) viewer.End();
        }
    }

    /// <summary>Learns anew which groups the viewers belong to, because a group has changed.</summary>
    /// <param name="position">Where it changed.</param>
    public async Task AskGroupsAgain(long position)
    {
        foreach (var same in _viewers.Values.GroupBy(viewer => (viewer.Account, viewer.Body)).ToList())
        {
            var groups = await GroupsOf(grains, new(same.Key.Account, position, same.Key.Body));
            foreach (var viewer in same) viewer.Groups = groups;
        }

        Moved?.Invoke();
    }

    public static async Task<ImmutableHashSet<string>> GroupsOf(Grains grains, Asker asker)
    {
        var groups = ImmutableHashSet<string>.Empty;
        string? next = null;
        do
        {
            var page = await grains.Of<IGroupViewsGrain>(0).List(asker, new(next, 500)).WaitAsync(Within, TimeProvider.System);
            groups = groups.Union(page.Items.Where(group => group.Member).Select(group => group.Id));
            next = page.Next;
        }
        while (next is not null);
        return groups;
    }
}

/// <summary>One thing said to a viewer: a closed set.</summary>
public abstract record Said
{
    private Said() { }

    /// <param name="Trace">W3C traceparent of what it follows from, where that is recorded.</param>
    public sealed record Change(FeedEntry Entry, string? Trace = null) : Said
    {
        /// <summary>Its form on the wire, made by the first viewer that needs it in its protocol and shared by all.</summary>
        public SerializedHubMessage Message { get; } = new(new InvocationMessage(nameof(IViewerClient.Changed), [Entry]));

        public ReadOnlyMemory<byte> FormIn(IHubProtocol protocol) => Message.GetSerializedMessage(protocol);
    }

    public sealed record Position(long At) : Said;

    public sealed record Inbox(InboxNotice Notice) : Said;

    public sealed record Here(Presence Presence) : Said;
}
