using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>What a viewer took in: where, and the words it carried if any.</summary>
public sealed record Seen(long Position, string? Text)
{
    public static Seen Of(JsonElement entry)
    {
        var data = entry.GetProperty("data");
        var words = entry.GetProperty("type").GetString() == "request.opened" ? "subject" : "text";
        return new(entry.GetProperty("position").GetInt64(), data.TryGetProperty(words, out var text) ? text.GetString() : null);
    }
}

/// <summary>What someone with these rights, who followed these topics, took in, in that order.</summary>
/// <param name="Broken">What the server said on one line that it should not have: out of order, twice, or after its own mark.</param>
/// <param name="Lines">How often it has followed; one more than it has lost its line.</param>
public sealed record Sight(string Name, string Body, string[] Topics, Seen[] Taken, string[] Broken, int Lines);

/// <summary>
/// Someone who watches live and comes back by itself, as the protocol says: follows first, reads the feed after its last
/// position until nothing is left, then takes what is said live and drops repeats. What it takes in is kept in that order.
/// </summary>
public sealed class Viewer : IAsyncDisposable
{
    /// <summary>Without a word for so long the line counts as broken: two beats and a half.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeforeAgain = TimeSpan.FromMilliseconds(200);

    private readonly Caller _caller;
    private readonly Uri _address;
    private readonly Lock _lock = new();
    private readonly List<Seen> _taken = [];
    private readonly List<long> _when = [];
    private readonly List<string> _broken = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _following = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private long _last;

    public Viewer(string name, string body, Caller caller, Uri address, long from, params string[] topics)
    {
        (Name, Body, _caller, _address, _last, From, Topics) = (name, body, caller, address, from, from, topics);
        _running = Task.Run(Run);
    }

    public string Name { get; }

    public string Body { get; }

    public string[] Topics { get; }

    /// <summary>Position after which it watches.</summary>
    public long From { get; }

    /// <summary>Completes when it follows for the first time.</summary>
    public Task Following => _following.Task;

    /// <summary>How often it has followed; one more than it has lost its line.</summary>
    public int Lines { get; private set; }

    /// <summary>How many entries came from the feed, and how often it was sent there for being slow.</summary>
    public (int Fed, int SentBack) Caught { get; private set; }

    /// <summary>How long after it was acknowledged each of these writes was taken in here; nothing for what was taken in before.</summary>
    public List<TimeSpan> Lags(IEnumerable<Acknowledged> acknowledged)
    {
        var done = acknowledged.ToDictionary(one => one.Receipt.Position, one => one.Done);
        lock (_lock)
        {
            return [.. _taken.Zip(_when).Where(pair => done.ContainsKey(pair.First.Position))
                .Select(pair => TimeSpan.FromSeconds((double)Math.Max(0, pair.Second - done[pair.First.Position]) / Stopwatch.Frequency)).Order()];
        }
    }

    /// <summary>What it has taken in up to now.</summary>
    public Sight Sight
    {
        get { lock (_lock) return new(Name, Body, Topics, [.. _taken], [.. _broken], Lines); }
    }

    public Caller Caller => _caller;

    /// <summary>As a part of the path that reads the same from the feed.</summary>
    public string TopicQuery => Topics.Contains("all") ? "" : string.Concat(Topics.Select(topic => $"&topic={Uri.EscapeDataString(topic)}"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Line(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or InvalidOperationException or HubException or System.Net.WebSockets.WebSocketException or TimeoutException)
            {
                // Tried again, for ever.
                if (IsUnauthorized(exception)) Break($"its session was not known any more: {exception.Message}");
            }

            await Task.Delay(BeforeAgain, CancellationToken.None);
        }
    }

    /// <summary>Whether the gateway said so itself: an address or a count may have the same digits. Of a web socket that was refused only the sentence tells.</summary>
    internal static bool IsUnauthorized(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } => true,
        System.Net.WebSockets.WebSocketException => exception.Message.Contains("status code '401'", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>One connection, from following to its end.</summary>
    private async Task Line(CancellationToken stop)
    {
        var heard = Channel.CreateUnbounded<(string What, JsonElement Said)>();
        await using var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(_address, "/hubs/live"), HttpTransportType.WebSockets, options =>
            {
                options.Cookies = _caller.Cookies;
                // Several gateways: what one has negotiated the other does not know.
                options.SkipNegotiation = true;
            })
            .Build();
        foreach (var what in (string[])["Changed", "Position", "CatchUp"]) connection.On<JsonElement>(what, said => heard.Writer.TryWrite((what, said.Clone())));
        connection.On("SignedOut", () => Break("it was signed out"));
        connection.Closed += _ =>
        {
            heard.Writer.TryComplete();
            return Task.CompletedTask;
        };
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            limit.CancelAfter(ToConnect);
            await connection.StartAsync(limit.Token);
            await connection.InvokeAsync("Follow", Topics, limit.Token);
        }

        Lines++;
        await ReadFeed(stop);
        _following.TrySetResult();
        await Listen(heard.Reader, stop);
    }

    private async Task Listen(ChannelReader<(string What, JsonElement Said)> heard, CancellationToken stop)
    {
        var (said, mark) = (0L, -1L);
        while (true)
        {
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                limit.CancelAfter(Silence);
                if (!await heard.WaitToReadAsync(limit.Token)) return;
            }

            while (heard.TryRead(out var next))
            {
                switch (next.What)
                {
                    case "Changed":
                        var seen = Seen.Of(next.Said);
                        if (seen.Position <= said) Break($"{seen.Position} was said live after {said}");
                        if (seen.Position <= mark) Break($"{seen.Position} was said live after the mark {mark}");
                        said = Math.Max(said, seen.Position);
                        Take(seen);
                        break;
                    case "Position":
                        mark = Math.Max(mark, next.Said.GetInt64());
                        // The promise that it resumes on: everything up to here has been sent.
                        _last = Math.Max(_last, mark);
                        break;
                    default:
                        Caught = Caught with { SentBack = Caught.SentBack + 1 };
                        await ReadFeed(stop);
                        break;
                }
            }
        }
    }

    private async Task ReadFeed(CancellationToken stop)
    {
        while (true)
        {
            var page = await _caller.Get($"feed?after={_last}&limit=500{TopicQuery}", stop);
            var items = page.GetProperty("items").EnumerateArray().Select(Seen.Of).ToList();
            if (items.Count == 0) return;
            foreach (var item in items)
                if (Take(item)) Caught = Caught with { Fed = Caught.Fed + 1 };
        }
    }

    private bool Take(Seen seen)
    {
        if (seen.Position <= _last) return false;
        _last = seen.Position;
        lock (_lock)
        {
            _taken.Add(seen);
            _when.Add(Stopwatch.GetTimestamp());
        }

        return true;
    }

    private void Break(string how)
    {
        lock (_lock) _broken.Add(how);
    }
}
