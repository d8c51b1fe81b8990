namespace Coordination.Benchmarks.Servers;

/// <summary>Coordinators of bodies of the demonstration, signed in, and plans of theirs.</summary>
/// <param name="Headers">Of each body's coordinator, for a write.</param>
/// <param name="Plans">Ids, the bodies' in turn.</param>
public sealed record People(string[] Bodies, string[] Headers, string[] Plans)
{
    /// <summary>So many that none of them writes more than the platform takes of one account.</summary>
    public const int BodyCount = 112;
    public const int PlanCount = 2_000;
    public const int Measures = 5;
    public const int MilestonesEach = 4;
    public const int Milestones = Measures * MilestonesEach;

    private static readonly string[] Pillars = ["legislation", "investigation-and-prosecution", "victim-protection", "research-and-data", "training"];

    /// <summary>Signs coordinators in and opens plans with measures and milestones, over HTTP as anyone would.</summary>
    public static async Task<People> Prepare(Uri platform, int planCount = PlanCount)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(platform, "/api/v1/") };
        var bodies = await Offered(http);
        var headers = await SignIn(http, bodies);
        var plans = new string[planCount];
        await Parallel.ForAsync(0, planCount, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (index, cancellation) =>
        {
            var own = headers[index % bodies.Length];
            plans[index] = await Write(http, own, "plans", new { id = $"nap-{index}", title = $"National action plan {index}", status = "under-implementation", mark = "community" }, cancellation);
            for (var measure = 0; measure < Measures; measure++)
            {
                await Write(http, own, $"plans/{plans[index]}/measures", new { id = $"p{measure}", pillar = Pillars[measure], title = $"Measure {measure} of the plan" }, cancellation);
                for (var milestone = 0; milestone < MilestonesEach; milestone++)
                {
                    await Write(http, own, $"plans/{plans[index]}/measures/p{measure}/milestones",
                        new { id = $"m{measure * MilestonesEach + milestone}", title = $"Milestone {milestone} of measure {measure}", due = "2027-06-30" }, cancellation);
                }
            }
        });
        return new(bodies, headers, plans);
    }

    /// <summary>Signs the same coordinators in at another gateway, or after a restart.</summary>
    public async Task<People> Again(Uri platform)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(platform, "/api/v1/") };
        return this with { Headers = await SignIn(http, Bodies) };
    }

    /// <summary>The body that a plan belongs to.</summary>
    public int BodyOf(int plan) => plan % Bodies.Length;

    /// <summary>Accounts of the demonstration, each the coordinator of the body of the same name, when all are there.</summary>
    public static async Task<string[]> Accounts(Uri platform)
    {
        using var http = new HttpClient { BaseAddress = new(platform, "/api/v1/") };
        return await Offered(http);
    }

    private static async Task<string[]> Offered(HttpClient http)
    {
        // The demonstration is loaded by the first start, for a moment after it answers.
        for (var attempt = 0; ; attempt++)
        {
            var offered = await http.GetFromJsonAsync<JsonElement>("session/demonstration");
            var bodies = offered.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("account").GetString()!).ToArray();
            if (bodies.Length >= BodyCount) return bodies[..BodyCount];
            if (attempt == 300) throw new InvalidOperationException("The platform offers no demonstration accounts.");
            await Task.Delay(100);
        }
    }

    public static async Task<string[]> SignIn(HttpClient http, string[] bodies)
    {
        var headers = new string[bodies.Length];
        for (var index = 0; index < bodies.Length; index++)
        {
            using var answer = await SignIn(http, bodies[index]);
            var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
            var cookies = string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]));
            headers[index] = $"Cookie: {cookies}\r\nX-CSRF-Token: {session.GetProperty("csrfToken").GetString()}\r\nIf-Match: *\r\n";
        }

        return headers;
    }

    /// <summary>So many sign in from one place that the platform asks them to wait now and then.</summary>
    private static async Task<HttpResponseMessage> SignIn(HttpClient http, string account)
    {
        while (true)
        {
            var answer = await http.PostAsJsonAsync("session", new { account, password = Platform.Password });
            if (answer.StatusCode is not HttpStatusCode.TooManyRequests) return answer.EnsureSuccessStatusCode();
            answer.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Writes one thing, and the same again while the platform says that it cannot at the moment.</summary>
    private static async Task<string> Write(HttpClient http, string headers, string path, object body, CancellationToken cancellation)
    {
        var key = Guid.NewGuid().ToString("N");
        for (var attempt = 0; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", $"\"{key}\"");
            foreach (var header in headers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            {
                var colon = header.IndexOf(':', StringComparison.Ordinal);
                request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 2)..]);
            }

            using var answer = await http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.IsSuccessStatusCode) return JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable || attempt == 20)
                throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {text}");
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }
}
