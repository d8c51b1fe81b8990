using System.Collections.Immutable;
using System.Diagnostics;
using System.Threading.Channels;
using Coordination.Contracts.Groups;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Live;

/// <summary>
/// One connection. What it is told waits in a bounded queue that one loop empties in order, so a slow viewer delays nobody
/// and is not buffered without end: when the queue is full, it is emptied and the viewer is sent to read the feed.
/// </summary>
public sealed class Viewer(
    string connection, string account, string? session, string? body, ImmutableHashSet<string> groups, IViewerClient client, Action abort, int queue, TimeProvider time) : IDisposable
{
    private readonly Channel<Said> _queue = Channel.CreateBounded<Said>(new BoundedChannelOptions(queue) { SingleReader = true });
    private readonly CancellationTokenSource _stopped = new();
    private (string Key, ImmutableHashSet<string> Groups) _here = ("", []);
    private long _told;
    private int _behind;
    private int _ended;

    public string Connection => connection;
    public string Account => account;
    public string? Session => session;

    /// <summary>Body it looks for; null for administrators.</summary>
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
                await client.SignedOut().WaitAsync(TimeSpan.FromMilliseconds(500), TimeProvider.System);
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
                using (Telemetry.Follow("viewer.push", ActivityKind.Producer, it.Trace)) await client.Changed(it.Entry);
                if (Telemetry.Pushes.Enabled) Telemetry.Pushes.Record(Math.Max(0, (time.GetUtcNow() - it.Entry.At).TotalSeconds));
                _told = it.Entry.Position;
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
}
