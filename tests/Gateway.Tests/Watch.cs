using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.Gateway.Tests;

/// <summary>One thing that the server said to a live connection, in the order in which it was said.</summary>
public sealed record Heard(string What, JsonElement Said)
{
    /// <summary>Of a change, its position; of a position, itself; -1 of what has none.</summary>
    public long Position => Said.ValueKind is JsonValueKind.Number ? Said.GetInt64() : Said.TryGetProperty("position", out var position) ? position.GetInt64() : -1;

    public override string ToString() => $"{What} {Said}";
}

/// <summary>A live connection that keeps what it hears. Whoever waits says for what, and is told so when it does not come.</summary>
public sealed class Watch : IAsyncDisposable
{
    /// <summary>Within a second, as is promised; beside other suites, which share the processors, it is given more.</summary>
    public static readonly TimeSpan Promptly = TestSize.Of(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private readonly List<Heard> _heard = [];
    private readonly string _account;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Watch(Person person)
    {
        _account = person.SignInName;
        Connection = new HubConnectionBuilder()
            .WithUrl(new Uri(person.Address, "/hubs/live"), HttpTransportType.WebSockets, options => options.Cookies = person.Cookies)
            .Build();
        foreach (var what in (string[])["Changed", "Position", "Inbox", "Here", "CatchUp"]) Connection.On<JsonElement>(what, said => Hear(new(what, said)));
        Connection.On("SignedOut", () => Hear(new("SignedOut", JsonDocument.Parse("0").RootElement)));
        Connection.Closed += _ =>
        {
            Hear(new("Closed", JsonDocument.Parse("0").RootElement));
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }

    public Heard[] All
    {
        get { lock (_lock) return [.. _heard]; }
    }

    public long[] Positions => [.. All.Where(heard => heard.What == "Changed").Select(heard => heard.Position)];

    public static async Task<Watch> Start(Person person, params string[] topics)
    {
        var watch = new Watch(person);
        await watch.Connection.StartAsync();
        if (topics.Length > 0)
        {
            await watch.Follow(topics);
            await watch.Until(heard => heard.What == "Position", "the position from which it follows");
        }

        return watch;
    }

    public Task Follow(params string[] topics) => Connection.InvokeAsync("Follow", topics);

    public Task Unfollow(params string[] topics) => Connection.InvokeAsync("Unfollow", topics);

    /// <summary>Waits for something said, before or from now on.</summary>
    public async Task<Heard> Until(Func<Heard, bool> match, string what, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Patience);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_heard.Find(heard => match(heard)) is { } found) return found;
                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{_account} waited {within ?? Patience} for {what} and heard: {string.Join(" | ", All.TakeLast(12))}");
            }
        }
    }

    /// <summary>Waits until the change at this position is told.</summary>
    public Task<Heard> Told(long position, TimeSpan? within = null) =>
        Until(heard => heard.What == "Changed" && heard.Position == position, $"the change at {position}", within);

    /// <summary>Waits until the server says that everything up to this position has been sent.</summary>
    public Task<Heard> ToldUpTo(long position) =>
        Until(heard => heard.What == "Position" && heard.Position >= position, $"the marker at {position} or later");

    /// <summary>Everything heard must be silent of these texts.</summary>
    public void NeverHeard(params string[] texts)
    {
        foreach (var heard in All)
            foreach (var text in texts)
                Assert.False(heard.Said.ToString().Contains(text, StringComparison.Ordinal), $"{_account} heard of {text}: {heard}");
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private void Hear(Heard heard)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            _heard.Add(new(heard.What, heard.Said.Clone()));
            more = _more;
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.TrySetResult();
    }
}
