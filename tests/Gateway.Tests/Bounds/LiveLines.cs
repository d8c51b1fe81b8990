using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.Gateway.Tests.Bounds;

/// <summary>How many live lines there may be, and what may be called on them.</summary>
public sealed class LiveLines
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    public async Task An_account_has_so_many_and_gets_the_place_of_one_that_ended(HttpTransportType transport)
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { AccountConnections = 5 });
        var (many, other) = (await node.As("finland"), await node.As("togo"));
        await using var place = new Lines();
        for (var line = 0; line < 5; line++) await place.Open(many, transport);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => place.Open(many, transport));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        (await many.Post("//hubs/live/negotiate?negotiateVersion=1", (object?)null, match: null)).Refused(429, "account.too-many-connections");
        await place.Open(other, transport);
        await place.CloseOne();
        await place.OpenWithin(many, transport);
    }

    [Fact]
    public async Task Those_that_come_at_the_same_moment_are_not_more()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { AccountConnections = 5 });
        var many = await node.As("finland");
        await using var place = new Lines();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await place.Open(many, HttpTransportType.WebSockets);
            }
            catch (Exception exception) when (exception is HttpRequestException or HubException or IOException or InvalidOperationException or OperationCanceledException)
            {
                // One of those that were too many.
            }
        }));
        // Whoever was let in answers; whoever was not is closed.
        await place.Settled(5);
        (await many.Post("//hubs/live/negotiate?negotiateVersion=1", (object?)null, match: null)).Refused(429, "account.too-many-connections");
    }

    [Fact]
    public async Task A_network_has_so_many_whoever_they_are()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { NetworkConnections = 2, Proxy = "127.0.0.0/8" });
        var (one, other) = (await node.As("finland"), await node.As("togo"));
        await using var place = new Lines();
        await place.Open(one, HttpTransportType.WebSockets, "203.0.113.7");
        await place.Open(other, HttpTransportType.WebSockets, "203.0.113.8");
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => place.Open(other, HttpTransportType.WebSockets, "203.0.113.9"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await place.Open(other, HttpTransportType.WebSockets, "203.0.114.9");
    }

    [Fact]
    public async Task Opened_and_closed_without_end_they_are_refused_for_a_while()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { AccountConnections = 5 });
        var many = await node.As("finland");
        Answer answer;
        var times = 0;
        do answer = await many.Post("//hubs/live/negotiate?negotiateVersion=1", (object?)null, match: null);
        while (answer.Status is HttpStatusCode.OK && times++ < 200);
        answer.Refused(429, "account.connects-too-often");
        Assert.InRange(times, 10, 100);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Whoever_calls_without_end_is_told_so_and_then_loses_the_line(HttpTransportType transport)
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path);
        var (flood, other) = (await node.As("finland"), await node.As("togo"));
        await using var place = new Lines();
        var line = await place.Open(flood, transport);
        await using var watch = await other.Watch();
        var closed = new TaskCompletionSource();
        line.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        for (var call = 0; call < 90; call++) await line.InvokeAsync("Follow", (string[])[$"plan/{call}"], TestContext.Current.CancellationToken);
        Exception? refusal = null;
        for (var call = 0; call < 200 && refusal is null; call++) refusal = await Record.ExceptionAsync(() => line.InvokeAsync("Follow", (string[])["all"], TestContext.Current.CancellationToken));
        Assert.Contains("account.too-many-calls", Assert.IsType<HubException>(refusal).Message, StringComparison.Ordinal);
        for (var call = 0; call < 2_000 && !closed.Task.IsCompleted; call++) await Record.ExceptionAsync(() => line.SendAsync("Unfollow", Array.Empty<string>(), TestContext.Current.CancellationToken));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        // And gets no other one for some seconds.
        (await flood.Post("//hubs/live/negotiate?negotiateVersion=1", (object?)null, match: null)).Refused(429, "account.too-many-calls");
        await place.OpenWithin(flood, transport);
        // Others hear what happens.
        var position = (await flood.Post("/plans", new { title = "Heard by others", mark = "community" }, match: null)).Position;
        await watch.Told(position);
    }

    [Fact]
    public async Task All_lines_of_an_account_follow_so_many_topics_and_get_back_what_one_gives_up()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { AccountTopics = 300 });
        var many = await node.As("finland");
        await using var place = new Lines();
        var (one, other) = (await place.Open(many, HttpTransportType.WebSockets), await place.Open(many, HttpTransportType.WebSockets));
        await Follow(one, 0, 200);
        await Follow(one, 0, 200);
        await Follow(other, 0, 100);
        Assert.Contains("account.too-many-topics", (await Assert.ThrowsAsync<HubException>(() => Follow(other, 100, 1))).Message, StringComparison.Ordinal);
        await one.InvokeAsync("Unfollow", (string[])["plan/1"], TestContext.Current.CancellationToken);
        await Follow(other, 100, 1);
        await one.StopAsync(TestContext.Current.CancellationToken);
        for (var time = 0; await Record.ExceptionAsync(() => Follow(other, 101, 99)) is not null; time++)
        {
            Assert.True(time < 20, "Topics of a line that ended are still counted.");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        static Task Follow(HubConnection line, int first, int count) =>
            line.InvokeAsync("Follow", Enumerable.Range(first, count).Select(number => $"plan/{number}").ToArray(), TestContext.Current.CancellationToken);
    }

    /// <summary>Lines that are closed in the end.</summary>
    private sealed class Lines : IAsyncDisposable
    {
        private readonly List<HubConnection> _open = [];

        public async Task<HubConnection> Open(Person person, HttpTransportType transport, string? from = null)
        {
            var line = new HubConnectionBuilder().WithUrl(new Uri(person.Address, "/hubs/live"), transport, options =>
            {
                options.Cookies = person.Cookies;
                if (from is not null) options.Headers["X-Forwarded-For"] = from;
            }).Build();
            try
            {
                await line.StartAsync(TestContext.Current.CancellationToken);
                // Let in only when it answers.
                await line.InvokeAsync("Unfollow", Array.Empty<string>(), TestContext.Current.CancellationToken);
            }
            catch
            {
                await line.DisposeAsync();
                throw;
            }

            lock (_open) _open.Add(line);
            return line;
        }

        public async Task OpenWithin(Person person, HttpTransportType transport)
        {
            for (var time = 0; ; time++)
            {
                try
                {
                    await Open(person, transport);
                    return;
                }
                catch (HttpRequestException) when (time < 20)
                {
                    await Task.Delay(500);
                }
            }
        }

        public async Task CloseOne()
        {
            await _open[0].DisposeAsync();
            _open.RemoveAt(0);
        }

        public async Task Settled(int count)
        {
            for (var time = 0; _open.Count(line => line.State is HubConnectionState.Connected) != count; time++)
            {
                Assert.True(time < 60, $"{_open.Count(line => line.State is HubConnectionState.Connected)} lines are open and should be {count}.");
                await Task.Delay(250);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var line in _open) await line.DisposeAsync();
        }
    }
}
