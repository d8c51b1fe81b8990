using System.Diagnostics;
using Coordination.Contracts;
using Coordination.Contracts.Feed;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Coordination.Gateway.Tests.Silos;

public sealed class WhenOneDoesNotAnswer(DisturbedNode disturbed) : IClassFixture<DisturbedNode>, IDisposable
{
    private Node Node => disturbed.Node;

    private Disturbance Disturbance => disturbed.Disturbance;

    public void Dispose() => (Disturbance.Before, Disturbance.After) = (null, null);

    [Theory]
    [InlineData("IGroupGrain.Execute")]
    [InlineData("IStandingGrain.Of")]
    public async Task A_command_is_given_again_until_it_is_answered(string lost)
    {
        var person = await Node.As("finland");
        var calls = 0;
        Disturbance.Before = (method, _) => method == lost && calls++ < 3 ? throw new SiloUnavailableException("Gone.") : Task.CompletedTask;
        var position = Node.Position;
        (await person.Post("/groups", new { name = $"Group {Guid.NewGuid():N}" }, match: null)).Done();
        Assert.Equal((4, position + 1), (calls, Node.Position));
    }

    [Fact]
    public async Task A_command_whose_answers_are_lost_is_done_once()
    {
        var person = await Node.As("finland");
        var (group, lost) = (await Group(person), 0);
        Disturbance.After = (method, _) => method == "IGroupGrain.Execute" && lost++ < 3 ? throw new TimeoutException("Lost.") : Task.CompletedTask;
        var position = Node.Position;
        (await person.Post($"/groups/{group}/updates", new { text = "Once" }, match: null)).Done();
        Assert.Equal((4, position + 1), (lost, Node.Position));
    }

    [Theory]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(ObjectDisposedException))]
    public async Task A_command_that_met_a_grain_on_its_way_down_is_given_again(Type exception)
    {
        var person = await Node.As("finland");
        var (group, ended) = (await Group(person), 0);
        Disturbance.Before = (method, _) => method == "IGroupGrain.Execute" && ended++ < 2 ? throw (Exception)Activator.CreateInstance(exception, "Ended.")! : Task.CompletedTask;
        (await person.Post($"/groups/{group}/updates", new { text = "At last" }, match: null)).Done();
        Assert.Equal(3, ended);
    }

    [Fact]
    public async Task A_command_is_given_again_while_the_journal_is_away()
    {
        var person = await Node.As("finland");
        var (group, refused) = (await Group(person), 0);
        Disturbance.After = (method, context) =>
        {
            if (method == "IGroupGrain.Execute" && refused++ < 2) context.Result = new Refused(new(RefusalReason.Unavailable, "journal.unavailable", "Away.", []));
            return Task.CompletedTask;
        };
        (await person.Post($"/groups/{group}/updates", new { text = "In the end" }, match: null)).Done();
        Assert.Equal(3, refused);
    }

    [Fact]
    public async Task Whoever_waits_no_longer_is_told_how_to_go_on_and_it_is_done_once()
    {
        var person = await Node.As("finland");
        var group = await Group(person);
        var position = Node.Position;
        Disturbance.After = (method, _) => method == "IGroupGrain.Execute" ? throw new TimeoutException("Lost.") : Task.CompletedTask;
        var began = Stopwatch.GetTimestamp();
        var answer = await person.Post($"/groups/{group}/updates", new { text = "Unknown" }, match: null, headers: ("Request-Timeout", "1"));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.4, 20);
        answer.Refused(503, "platform.unavailable");
        Assert.Equal(2, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);

        Disturbance.After = null;
        var key = answer.Json.GetProperty("idempotencyKey").GetString()!;
        var again = (await person.Post($"/groups/{group}/updates", new { text = "Unknown" }, match: null, key: key)).Done();
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        Assert.Equal((position + 1, position + 1), (again.Position, Node.Position));
    }

    [Fact]
    public async Task The_key_that_was_given_is_the_one_that_is_named()
    {
        var person = await Node.As("finland");
        Disturbance.Before = (method, _) => method == "IGroupGrain.Execute" ? throw new ConnectionFailedException("Gone.") : Task.CompletedTask;
        var key = Guid.NewGuid().ToString();
        var answer = await person.Post("/groups", new { name = "Never" }, match: null, key: key, headers: ("Request-Timeout", "0.3"));
        Assert.Equal(key, answer.Refused(503, "platform.unavailable").Json.GetProperty("idempotencyKey").GetString());
    }

    [Fact]
    public async Task A_silo_that_hangs_is_waited_for_no_longer_than_the_caller_waits()
    {
        var person = await Node.As("finland");
        Disturbance.Before = (method, _) => method is "IGroupGrain.Execute" or "IPlanViewsGrain.List" ? Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken) : Task.CompletedTask;
        var began = Stopwatch.GetTimestamp();
        (await person.Post("/groups", new { name = "Never" }, match: null, headers: ("Request-Timeout", "1.5"))).Refused(503, "platform.unavailable");
        (await person.Get("/plans", ("Request-Timeout", "1.5"))).Refused(503, "platform.unavailable");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 2, 20);
    }

    [Fact]
    public async Task Without_a_word_of_the_caller_it_is_tried_as_long_as_the_gateway_is_told()
    {
        var person = await Node.As("finland");
        Disturbance.Before = (method, _) => method == "IGroupGrain.Execute" ? throw new SiloUnavailableException("Gone.") : Task.CompletedTask;
        var began = Stopwatch.GetTimestamp();
        (await person.Post("/groups", new { name = "Never" }, match: null, headers: ("Request-Timeout", "3600"))).Refused(503, "platform.unavailable");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 3, 20);
    }

    [Fact]
    public async Task A_read_is_asked_again()
    {
        var person = await Node.As("finland");
        var calls = 0;
        Disturbance.Before = (method, _) => method == "IPlanViewsGrain.Get" && calls++ < 2 ? throw new ConnectionFailedException("Gone.") : Task.CompletedTask;
        Assert.NotNull((await person.Get("/plans/ruritania-plan")).Done().ETag);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Views_that_are_behind_are_asked_again_and_then_it_is_told()
    {
        var person = await Node.As("finland");
        var calls = 0;
        Disturbance.Before = (method, _) => method == "IFeedGrain.After" && calls++ < 2 ? throw new ViewsBehindException() : Task.CompletedTask;
        (await person.Get("/feed?after=0&limit=1")).Done();
        Disturbance.Before = (method, _) => method == "IFeedGrain.After" ? throw new ViewsBehindException() : Task.CompletedTask;
        var answer = (await person.Get("/feed?after=0&limit=1", ("Request-Timeout", "0.5"))).Refused(503, "platform.behind");
        Assert.Equal(1, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sign_in_is_counted_once_and_does_not_tell_whether_the_password_is_right(bool right)
    {
        using var person = new Person(Node.Address);
        var calls = 0;
        Disturbance.After = (method, _) => method == "ISignInNameGrain.Try" && calls++ >= 0 ? throw new TimeoutException("Lost.") : Task.CompletedTask;
        (await person.TrySignIn("portugal", right ? Node.DemonstrationPassword : "not-the-password")).Refused(503, "platform.unavailable");
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("3601")]
    [InlineData("NaN")]
    [InlineData("5s")]
    public async Task A_time_that_is_none_is_refused(string time)
    {
        var person = await Node.As("finland");
        (await person.Get("/plans", ("Request-Timeout", time))).Refused(400, "request.timeout-unreadable");
    }

    [Fact]
    public async Task A_caller_who_has_gone_is_not_answered_any_more()
    {
        var person = await Node.As("finland");
        var (calls, called) = (0, new TaskCompletionSource());
        Disturbance.Before = (method, _) =>
        {
            if (method != "IPlanViewsGrain.List") return Task.CompletedTask;
            if (Interlocked.Increment(ref calls) == 2) called.SetResult();
            throw new SiloUnavailableException("Gone.");
        };
        using (var impatient = person.At(Node.Address))
        {
            var asked = impatient.Get("/plans");
            await called.Task.WaitAsync(TestContext.Current.CancellationToken);
            impatient.Dispose();
            await Assert.ThrowsAnyAsync<Exception>(() => asked);
        }

        await Task.Delay(300, TestContext.Current.CancellationToken);
        var then = Volatile.Read(ref calls);
        await Task.Delay(1_500, TestContext.Current.CancellationToken);
        Assert.Equal(then, Volatile.Read(ref calls));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task What_is_read_through_a_gateway_holds_what_was_written_through_it()
    {
        var (writer, reader) = (await Node.As("finland"), await Node.As("argentina"));
        var asked = new List<(string Method, Asker Asker)>();
        Disturbance.Before = (method, context) =>
        {
            for (var index = 0; index < context.Request.GetArgumentCount(); index++)
                // What the asker may do is asked of views that know the last change of a right; they may be older.
                if (context.Request.GetArgument(index) is Asker asker && method != "IStandingGrain.Of") lock (asked) asked.Add((method, asker));
            return Task.CompletedTask;
        };
        var written = (await writer.Post("/groups", new { name = $"Group {Guid.NewGuid():N}", members = (string[])["argentina"] }, match: null)).Done();
        foreach (var path in (string[])["/plans", "/plans/no-such-plan", "/milestones", "/requests", "/requests/no-such-request", "/groups", $"/groups/{written.Id}", $"/groups/{written.Id}/updates", "/bodies", "/bodies/finland", "/regions", "/inbox", "/subscriptions", "/feed", "/feed?after=1"])
            await reader.Get(path);
        (await reader.Post("/requests/no-such-request/accept", new { })).Refused(404, "request.not-found");
        Assert.Equal(16, asked.Count);
        Assert.All(asked, it => Assert.True(it.Asker.Seen >= written.Position, $"{it.Method} is asked for {it.Asker.Seen} after {written.Position} was written."));
    }

    private static async Task<string> Group(Person person) => (await person.Post("/groups", new { name = $"Group {Guid.NewGuid():N}" }, match: null)).Id;
}
