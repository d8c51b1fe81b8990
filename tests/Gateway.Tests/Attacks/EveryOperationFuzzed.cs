using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.Gateway.Tests.Attacks;

/// <summary>
/// Whatever is sent, by whomever, to each operation of the interface: nothing breaks, every refusal is a problem with a code, and a refusal never
/// moves the journal. To repeat a run, give its seed in COORDINATION_TEST_SEED.
/// </summary>
[Trait("Full", "soak")]
public sealed class EveryOperationFuzzed(People people, ITestOutputHelper output) : IClassFixture<People>
{
    private static readonly int Requests = TestSize.Of(5_000, 50_000);
    private static readonly int Invocations = TestSize.Of(400, 4_000);

    private readonly int _seed = Environment.GetEnvironmentVariable("COORDINATION_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture) : Random.Shared.Next(1, 1_000_000);

    [Fact]
    public async Task No_request_breaks_the_platform_and_no_refusal_writes()
    {
        var random = new Random(_seed);
        string[] callers = ["administrator", "arcadia", "borduria", "drusselia", "elbonia", "contributor", "grenyarnia", "nobody"];
        // Others than those who ask are what is worked on: who is erased, or has no role left, asks for nothing any more.
        var victims = people.Viewers.Where(viewer => viewer.IsSignedIn && !callers.Contains(viewer.Name)).ToArray();
        Hostile hostile = null!;
        hostile = new(people.Interface, random, Known);
        var operations = people.Interface.Operations.ToArray();
        var statuses = new SortedDictionary<int, int>();
        var position = people.Node.Position;
        for (var number = 0; number < Requests; number++)
        {
            var operation = operations[number % operations.Length];
            // Who signs out signs in again, which is made to take its time: few do.
            var who = operation is { Path: "/session", Method.Method: "DELETE" } && random.Next(10) > 0 ? "nobody" : hostile.Pick(callers);
            var path = operation.At(hostile.Segment) + hostile.Query(operation.Queries);
            var headers = hostile.Headers(operation.Parameters.Any(parameter => parameter.Name == "If-Match")).ToArray();
            var body = operation.Method == HttpMethod.Get ? null : hostile.Body(operation.Body);
            var what = $"seed {_seed}, request {number} by {who}: {operation.Method} {path} {string.Join(", ", headers)}\n{(body is null ? "" : Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 2_000))))}\n";
            var answer = await people[who].Person.Send(operation.Method, path, body is null ? null : Person.Raw(body, hostile.ContentType()), headers);
            var (status, moved) = ((int)answer.Status, people.Node.Position);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            Assert.True(status < 500, $"{what}{answer}");
            if (status >= 400)
            {
                Assert.True(answer.IsProblem && answer.Code is { Length: > 0 }, $"{what}A refusal is a problem with a code. {answer}");
                Assert.True(moved == position, $"{what}It was refused, and the journal moved from {position} to {moved}. {answer}");
            }
            else if (answer.Text.Length > 0 && answer.IsReceipt)
            {
                Assert.True(answer.Position <= moved, $"{what}It is told of {answer.Position}, and the journal ends at {moved}. {answer}");
            }

            if (operation.Method == HttpMethod.Get) Assert.True(moved == position, $"{what}It was read, and the journal moved.");
            position = moved;
            // Who has signed out, or given the cookie up with a new one, is signed in again.
            if (who != "nobody" && ((operation.Path.StartsWith("/session", StringComparison.Ordinal) && operation.Method != HttpMethod.Get && status < 300) || status == 401)) await people.Awake(who);
        }

        output.WriteLine($"Seed {_seed}: {Requests} requests to {operations.Length} operations, answered {string.Join(", ", statuses.Select(pair => $"{pair.Key} {pair.Value} times"))}; the journal ends at {position}.");
        Assert.True(statuses.Where(pair => pair.Key < 300).Sum(pair => pair.Value) > Requests / 10, "Hardly anything was taken: what is sent is not near enough to what is right.");
        foreach (var name in callers)
        {
            await people.Awake(name);
            if (people[name].IsSignedIn) (await people[name].Person.Get("/plans")).Done();
        }

        (await people["grenyarnia"].Person.Post("/plans", new { title = "The platform still serves" }, match: null)).Done();
        Assert.True((await people["grenyarnia"].Person.Get("/journal/verify")).Done().Json.GetProperty("ok").GetBoolean(), "The chain is broken.");

        string Known(string name) => name switch
        {
            "accounts" or "account" or "roles" => hostile.Pick(victims) is var victim && random.Next(2) == 0 ? victim.Person.Account : victim.Name,
            "bodies" or "body" or "members" or "lead" or "to" or "supporting" or "parent" => hostile.Pick(people.Known["bodies"]),
            "plans" or "plan" => hostile.Pick(people.Known["plans"]),
            "requests" => hostile.Pick(people.Known["requests"]),
            "groups" => people.Known["groups"][0],
            "reports" or "measures" or "milestones" or "updates" or "replyto" => hostile.Pick(people.Things.Select(thing => thing.Named(name)).OfType<string>().DefaultIfEmpty("x-zzzzzzzz").ToArray()),
            "measure" => hostile.Pick(people.Things.Where(thing => thing.Noun == "plans").Select(thing => $"{thing.Id}/{thing.Named("measures")}").ToArray()),
            "region" or "regions" => "Europe",
            "state" or "states" => "XAR",
            "timeZone" => "Europe/Paris",
            "topic" => "all",
            _ => $"s-{random.Next(100):D2}zzzzzz",
        };
    }

    [Fact]
    public async Task No_invocation_breaks_a_live_line_for_others()
    {
        var random = new Random(_seed);
        var hostile = new Hostile(people.Interface, random, _ => "all");
        // Whoever is worked on with the other requests may be signed out.
        string[] callers = ["arcadia", "drusselia", "elbonia", "contributor"];
        foreach (var name in (string[])[.. callers, "borduria", "grenyarnia"]) await people.Awake(name);
        await using var other = await people["grenyarnia"].Person.Watch("all");
        var position = people.Node.Position;
        Watch? watch = null;
        for (var number = 0; number < Invocations; number++)
        {
            watch ??= await Open(callers[number / 50 % callers.Length]);
            var method = hostile.Pick<string>(["Follow", "Unfollow", "follow", "Changed", "Position", "CatchUp", "Inbox", "Here", "SignedOut", "OnConnectedAsync", "Dispose", " ", "ToString", new('x', 5_000)]);
            object?[] given = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Argument())];
            try
            {
                // What is not awaited is not answered either; both must be borne.
                if (random.Next(4) == 0) await watch.Connection.SendCoreAsync(method, given, TestContext.Current.CancellationToken);
                else await watch.Connection.InvokeCoreAsync(method, typeof(object), given, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
            catch (Exception exception) when (exception is HubException or InvalidOperationException or OperationCanceledException or IOException or System.Net.WebSockets.WebSocketException)
            {
                // Refused, or the line was cut: its own fault. Nothing of the platform's inside is told.
                Assert.DoesNotContain("Coordination.", exception.Message, StringComparison.Ordinal);
            }

            if (watch.Connection.State is HubConnectionState.Connected) continue;
            await watch.DisposeAsync();
            watch = null;
        }

        if (watch is not null) await watch.DisposeAsync();
        Assert.Equal(position, people.Node.Position);
        var marker = await people["borduria"].Person.Post("/plans", new { title = $"After seed {_seed}" }, match: null);
        await other.Told(marker.Position, Watch.Promptly);
        await using var again = await Open("arcadia", "all");

        // Who has called too often waits before the next line.
        async Task<Watch> Open(string caller, params string[] topics)
        {
            for (; ; await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken))
            {
                try
                {
                    return await people[caller].Person.Watch(topics);
                }
                catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.TooManyRequests)
                {
                }
            }
        }

        object? Argument() => random.Next(9) switch
        {
            0 => null,
            1 => long.MaxValue,
            2 => "all",
            3 => (string?[])[null, "all"],
            4 => Enumerable.Repeat("x", 300).ToArray(),
            5 => (string[])[new('x', 3_000)],
            6 => new { a = 1 },
            7 => (object[])[1, (object[])["x"]],
            _ => (string[])[$"plan/{hostile.Segment("plans")}", "\u202E", "all"],
        };
    }
}
