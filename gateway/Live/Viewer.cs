using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Threading.Channels;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Groups;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.SignalR;

namespace Coordination.Gateway.Live;

/// <summary>
/// One connection. What it is told waits in a bounded queue that one loop empties in order, so a slow viewer delays nobody
/// and is not buffered without end: when the queue is full, it is emptied and the viewer is sent to read the feed.
/// </summary>
public sealed class Viewer(
    string connection, string account, Session session, string? body, ImmutableHashSet<string> groups, IViewerClient client, HubConnectionContext line, Action abort,
    int queue, TimeProvider time) : IDisposable
{
    /// <summary>Bytes of changes that are written at once; half of what a connection takes before it makes the writer wait.</summary>
    private const int MostTogether = 32 * 1_024;

    /// <summary>What was given in one go and told of; when there is more at the same time, some may be told of twice.</summary>
    private const int MostBatches = 100;

    /// <summary>For the goodbye. Nothing else is sent by then, so that it may take its time on a slow line or a busy machine.</summary>
    private static readonly TimeSpan ToSayGoodbye = TimeSpan.FromSeconds(3);

    private readonly Channel<Said> _queue = Channel.CreateBounded<Said>(new BoundedChannelOptions(queue) { SingleReader = true });
    private readonly CancellationTokenSource _stopped = new();
    private readonly List<Said.Change> _together = [];
    private readonly HashSet<string> _batches = new(StringComparer.Ordinal);
    private (string Key, ImmutableHashSet<string> Groups) _here = ("", []);
    private long _told;
    private int _behind;
    private int _ended;

    public string Connection => connection;
    public string Account => account;
    public string Session => session.Id;

    /// <summary>Turn of the session at which it was opened.</summary>
    public int Turn => session.Turn;

    /// <summary>When its session ended, as far as is known, if nobody had used it since.</summary>
    public DateTimeOffset SessionEnds { get; set; } = session.Ends;

    /// <summary>Body that its account acts for here; null for administrators.</summary>
    public string? Body => body;

    public ImmutableHashSet<string> Groups { get; set; } = groups;

    public ImmutableHashSet<string> Topics { get; set; } = [];

    public bool Follows(string[] topics)
    {
        var followed = Topics;
        return followed.Contains("all") || Array.Exists(topics, followed.Contains);
    }

    public void Start(ILogger logger) => _ = Run(logger);

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _stopped.Cancel();
        _stopped.Dispose();
    }

    public void Say(Said said)
    {
        if (_queue.Writer.TryWrite(said)) return;
        Volatile.Write(ref _behind, 1);
        // The loop may have emptied the queue in the meantime and be asleep: something must wake it to see that it is behind.
        _queue.Writer.TryWrite(said);
    }

    /// <summary>Says that something came to the inbox: of what was given in one go once, as it lies there.</summary>
    /// <param name="batch">What it was given with, or null.</param>
    public void SayInbox(InboxNotice notice, string? batch)
    {
        if (batch is not null)
        {
            if (_batches.Contains(batch)) return;
            if (_batches.Count == MostBatches) _batches.Clear();
            _batches.Add(batch);
        }

        Say(new Said.Inbox(notice));
    }

    /// <summary>Says who is here, unless that was the last thing said of it.</summary>
    public void SayHere(Presence presence, string key)
    {
        var groups = Groups;
        if (_here == (key, groups)) return;
        _here = (key, groups);
        Say(new Said.Here(presence with { Groups = presence.Groups.Where(pair => groups.Contains(pair.Key)).ToDictionary() }));
    }

    /// <summary>Closes the connection without a word, so that the window connects again. What waits is not sent.</summary>
    public void Cut()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) abort();
    }

    /// <summary>Says goodbye and closes the connection.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1) return;
        _ = Close();

        async Task Close()
        {
            try
            {
                await client.SignedOut().WaitAsync(ToSayGoodbye, TimeProvider.System);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or IOException or InvalidOperationException)
            {
                // It is closed all the same.
            }

            abort();
        }
    }

    private async Task Run(ILogger logger)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stopped.Token))
            {
                while (_queue.Reader.TryRead(out var said))
                {
                    // What waits from before an ended session is nobody's any more.
                    if (Volatile.Read(ref _ended) == 1) return;
                    if (Volatile.Read(ref _behind) == 1) await SendBack(logger);
                    else await Send(said);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The connection is gone; the hub takes the viewer out.
        }
    }

    private async Task SendBack(ILogger logger)
    {
        while (_queue.Reader.TryRead(out _))
        {
            // Dropped: the feed has it.
        }

        var told = _told;
        Volatile.Write(ref _behind, 0);
        Log.TooSlow(logger, body, told);
        await client.CatchUp(told);
    }

    private async Task Send(Said said)
    {
        switch (said)
        {
            case Said.Change it:
                await Push(it);
                break;
            case Said.Position it:
                await client.Position(it.At);
                _told = Math.Max(_told, it.At);
                break;
            case Said.Inbox it:
                await client.Inbox(it.Notice);
                break;
            case Said.Here it:
                await client.Here(it.Presence);
                break;
        }
    }

    /// <summary>Writes a change and those that wait right behind it, in the form that all viewers share, as one.</summary>
    private async Task Push(Said.Change change)
    {
        _together.Add(change);
        var length = change.FormIn(line.Protocol).Length;
        while (length < MostTogether && _queue.Reader.TryPeek(out var next) && next is Said.Change another && _queue.Reader.TryRead(out _))
        {
            _together.Add(another);
            length += another.FormIn(line.Protocol).Length;
        }

        var pushes = _together.Where(one => one.Trace is not null).Select(one => Telemetry.Follow("viewer.push", ActivityKind.Producer, one.Trace)).ToList();
        if (_together.Count == 1) await line.WriteAsync(change.Message);
        else await Write(length);
        pushes.ForEach(push => push?.Dispose());
        if (Telemetry.Pushes.Enabled)
        {
            var now = time.GetUtcNow();
            foreach (var one in _together) Telemetry.Pushes.Record(Math.Max(0, (now - one.Entry.At).TotalSeconds));
        }

        _told = _together[^1].Entry.Position;
        _together.Clear();
    }

    /// <summary>Records of one protocol after each other are what they are alone: each says where it ends.</summary>
    private async Task Write(int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var filled = 0;
        foreach (var one in _together)
        {
            var form = one.FormIn(line.Protocol);
            form.CopyTo(buffer.AsMemory(filled));
            filled += form.Length;
        }

        await line.WriteAsync(new SerializedHubMessage([new SerializedMessage(line.Protocol.Name, buffer.AsMemory(0, filled))]));
        // It has been copied by then. After a failure it is left to the collector: nobody knows who still reads it.
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
