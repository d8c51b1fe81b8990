using System.Globalization;

using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks.Load;

/// <summary>
/// One of the programs that are loaded in turn, with 64 clients. Each sends in turn for the coordinators of many bodies: nobody writes as much as
/// a client does, and the platform would not take it from one of them.
/// </summary>
public sealed class Side : IDisposable
{
    private const int Clients = 64;

    // As long as people write; part of each request, and random only so that nothing is the same twice.
    private const string Note = "Two of three regional workshops were held; the last one follows after the recess, when the new members of the commission are in office.";

    private readonly string _name;
    private readonly ServerProcess _server;
    private readonly PostgresServer? _postgres;
    private readonly Func<Task<long>> _written;
    private readonly Func<Random, (int Body, Func<string, byte[]> With)> _request;

    /// <summary>Of each body's coordinator.</summary>
    private readonly string[] _headers;

    /// <summary>For which body each client has sent last.</summary>
    private readonly int[] _last = new int[Clients];
    private readonly HttpLine[] _lines = new HttpLine[Clients];
    private readonly Random[] _dice = [.. Enumerable.Range(1, Clients).Select(seed => new Random(seed))];
    private readonly List<Round> _rounds = [];
    private readonly List<double> _processor = [];
    private readonly List<double> _database = [];

    private Side(string name, ServerProcess server, PostgresServer? postgres, string[] headers, Func<Random, (int Body, Func<string, byte[]> With)> request, Func<Task<long>> written)
    {
        (_name, _server, _postgres, _request, _written) = (name, server, postgres, request, written);
        _headers = [.. headers];
    }

    public static string Head => string.Create(
        CultureInfo.InvariantCulture, $"{"reports, 64 clients",-34} {"a second",9} {"of rounds",15} {"median",8} {"p99",8} {"of rounds",13} {"max",8} {"refused",8} {"µs CPU",7} {"database",8}");

    public double PerSecond => _rounds.Select(round => round.PerSecond).Middle();

    /// <summary>Middle of the rounds' 99th percentiles, in milliseconds.</summary>
    public double P99 => _rounds.Select(round => round.Times.At(0.99)).Middle();

    public long Acknowledged => _rounds.Sum(round => round.Acknowledged);

    public long Refused => _rounds.Sum(round => round.Refused);

    /// <summary>Reports that are in what the program keeps.</summary>
    public Task<long> Written() => _written();

    public static Task<Side> OfPlatform(string name, ServerProcess server, PostgresServer? postgres, People people)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
        foreach (var header in people.Headers[0].Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            http.DefaultRequestHeaders.TryAddWithoutValidation(header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        return Open(new(name, server, postgres, people.Headers, dice =>
        {
            var (plan, milestone) = (dice.Next(people.Plans.Length), dice.Next(People.Milestones));
            return (people.BodyOf(plan), own => HttpLine.Request("POST", $"/api/v1/plans/{people.Plans[plan]}/milestones/m{milestone}/reports", own, Body(dice)));
        }, () => Position(http)));
    }

    public static async Task<Side> OfYardstick(ServerProcess server, PostgresServer postgres, People people)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
        (await http.PostAsJsonAsync($"/fill?count={people.Plans.Length}&milestones={People.Milestones}", people.Bodies)).EnsureSuccessStatusCode();
        var headers = new string[people.Bodies.Length];
        for (var index = 0; index < headers.Length; index++)
        {
            using var answer = await http.PostAsJsonAsync("/session", new { account = people.Bodies[index] });
            headers[index] = $"Cookie: {answer.EnsureSuccessStatusCode().Headers.GetValues("Set-Cookie").Single().Split(';')[0]}\r\n";
        }

        return await Open(new("plain program", server, postgres, headers, dice =>
        {
            var (plan, milestone) = (dice.Next(people.Plans.Length), dice.Next(People.Milestones));
            return (people.BodyOf(plan), own => HttpLine.Request("POST", $"/plans/{plan + 1}/milestones/{plan * People.Milestones + milestone + 1}/reports", own, Body(dice)));
        }, () => http.GetFromJsonAsync<long>("/reports")));
    }

    public async Task Load(TimeSpan length, bool keep)
    {
        var (before, databaseBefore) = (_server.Processor, _postgres?.Processor ?? default);
        var round = await Round.Run(_name, _lines, Next, length);
        if (!keep) return;
        _rounds.Add(round);
        _processor.Add((_server.Processor - before).TotalMicroseconds / Math.Max(1, round.Acknowledged));
        _database.Add(((_postgres?.Processor ?? default) - databaseBefore).TotalMicroseconds / Math.Max(1, round.Acknowledged));
        if (round.Refused > 0) Console.WriteLine($"{_name}: {round.Refused} refused, the first with {round.FirstRefusal}");
    }

    private byte[] Next(int client)
    {
        if (_lines[client].TakeCookie() is { } cookie)
        {
            // As a browser does: the session is renewed once in a while.
            var (name, headers) = (cookie[..(cookie.IndexOf('=', StringComparison.Ordinal) + 1)], _headers[_last[client]]);
            var from = headers.IndexOf(name, StringComparison.Ordinal);
            var to = headers.AsSpan(from).IndexOfAny(';', '\r') + from;
            _headers[_last[client]] = headers[..from] + cookie + headers[to..];
        }

        var (body, with) = _request(_dice[client]);
        _last[client] = body;
        return with(_headers[body]);
    }

    /// <summary>Sends so many reports as fast as the clients can; answers the highest position that was acknowledged.</summary>
    public async Task<long> Burst(int count)
    {
        var (sent, last) = (0, 0L);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref sent) <= count)
            {
                var position = await Report(client);
                for (var known = Volatile.Read(ref last); position > known; known = Volatile.Read(ref last)) Interlocked.CompareExchange(ref last, position, known);
            }
        })));
        return last;
    }

    /// <summary>One report of one client; answers its position.</summary>
    public async Task<long> Report(int client)
    {
        for (var attempt = 0; ; attempt++)
        {
            var status = await _lines[client].Send(Next(client));
            if (status == 200) return _lines[client].Number("\"position\":"u8);
            // A starved machine may fail the journal's own limits.
            if (status != 503 || attempt == 20) throw new InvalidOperationException($"A report was answered with {status}.");
            await Task.Delay(500);
        }
    }

    /// <summary>A change as viewers are told it, as JSON, with its position.</summary>
    public async Task<(string Change, long Position)> AnyChange()
    {
        var position = await Report(0);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/feed?after={position - 1}&limit=1&seen={position}");
        request.Headers.TryAddWithoutValidation("Cookie", _headers[0].Split("\r\n")[0]["Cookie: ".Length..]);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _server.Address };
        using var answer = await http.SendAsync(request);
        return ((await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0].GetRawText(), position);
    }

    /// <summary>As many reports as there are plans, each on a plan of choice: on each one, so that later figures are not about plans that nobody has touched for long.</summary>
    public async Task<TimeSpan> Touch(People people, Func<int, int> choose)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Clients, async (client, _) =>
        {
            for (var index = client; index < people.Plans.Length; index += Clients)
            {
                var plan = choose(index);
                await _lines[client].Send(HttpLine.Request(
                    "POST", $"/api/v1/plans/{people.Plans[plan]}/milestones/m0/reports", people.Headers[people.BodyOf(plan)], Body(_dice[client])));
            }
        });
        return System.Diagnostics.Stopwatch.GetElapsedTime(began);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_name,-34} {PerSecond,9:0} {_rounds.Select(round => round.PerSecond).Span("0"),15} {_rounds.Select(round => round.Times.Median).Middle(),8:0.0} {P99,8:0.0} {_rounds.Select(round => round.Times.At(0.99)).Span("0.0"),13} {_rounds.Max(round => round.Times.At(1)),8:0.0} {Refused,8} {_processor.Middle(),7:0} {_database.Middle(),8:0}");

    public void Dispose()
    {
        foreach (var line in _lines) line.Dispose();
    }

    private static async Task<Side> Open(Side side)
    {
        for (var client = 0; client < Clients; client++) side._lines[client] = await HttpLine.Open(side._server.Address);
        return side;
    }

    private static string Body(Random dice) => $$"""{"status":"in-progress","progress":{{dice.Next(1, 100)}},"note":"{{Note}} ({{dice.Next()}})"}""";

    /// <summary>Where the journal stands: nothing but reports is written while they are counted.</summary>
    private static async Task<long> Position(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/v1/feed?limit=1")).GetProperty("position").GetInt64();
}
