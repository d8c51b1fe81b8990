namespace Coordination.EndToEnd.Tests.Nodes;

/// <summary>What a write answered.</summary>
public sealed record Receipt(string Id, long Version, long Position);

/// <summary>Someone signed in over HTTP.</summary>
public sealed class Caller : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>What people choose who are invited in tests.</summary>
    public const string Chosen = "seven grey herons wade";

    private readonly CookieContainer _cookies;
    private readonly HttpClient _http;
    private string _token = "";

    private Caller(Uri node, CookieContainer? cookies = null)
    {
        _cookies = cookies ?? new();
        _http = new(new SocketsHttpHandler { CookieContainer = _cookies, UseCookies = true }, disposeHandler: true)
        {
            BaseAddress = new(node, "/api/v1/"),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>The cookies of the session, for a browser that continues it or a live connection.</summary>
    public CookieContainer Cookies => _cookies;

    public static async Task<Caller> SignIn(Uri node, string account, CancellationToken cancellation, string password = NodeProcess.Password)
    {
        var caller = new Caller(node);
        using var answer = await caller._http.PostAsJsonAsync("session", new { account, password }, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{account} cannot sign in: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}", null, answer.StatusCode);
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        caller._token = session.GetProperty("csrfToken").GetString()!;
        return caller;
    }

    /// <summary>Takes up the account that somebody was invited to, with the password <see cref="Chosen"/>.</summary>
    public static async Task Accept(Uri node, HttpResponseMessage invited, CancellationToken cancellation)
    {
        var link = JsonElement.Parse(await invited.Content.ReadAsStringAsync(cancellation)).GetProperty("link").GetString()!;
        using var caller = new Caller(node);
        using var answer = await caller._http.PostAsJsonAsync("invitations/accept", new { token = link.Split('#')[1], password = Chosen }, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Reads one thing; fails when the answer is not a success.</summary>
    public async Task<JsonElement> Get(string path, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(path, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new HttpRequestException($"GET {path}: {(int)answer.StatusCode} {text}", null, answer.StatusCode);
    }

    /// <summary>Reads every page of a list.</summary>
    public async Task<List<JsonElement>> All(string path, CancellationToken cancellation)
    {
        var items = new List<JsonElement>();
        var join = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (string? next = null; ;)
        {
            var page = await Get($"{path}{join}limit=500{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}", cancellation);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
            if (next is null) return items;
        }
    }

    /// <summary>Reads the whole feed in order, from a position on.</summary>
    public async Task<List<JsonElement>> Feed(long after, CancellationToken cancellation, string topics = "")
    {
        var entries = new List<JsonElement>();
        while (true)
        {
            var page = await Get($"feed?after={after}&limit=500{topics}", cancellation);
            var items = page.GetProperty("items").EnumerateArray().ToList();
            if (items.Count == 0) return entries;
            entries.AddRange(items);
            after = items[^1].GetProperty("position").GetInt64();
        }
    }

    /// <summary>Writes.</summary>
    /// <param name="match">The version that is to be changed; any will do when not given.</param>
    public async Task<HttpResponseMessage> Send(string path, object body, string? key, CancellationToken cancellation, string match = "*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-CSRF-Token", _token);
        request.Headers.TryAddWithoutValidation("If-Match", match);
        if (key is not null) request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        return await _http.SendAsync(request, cancellation);
    }

    /// <summary>Writes, and fails when it is refused.</summary>
    public async Task<Receipt> Write(string path, object body, CancellationToken cancellation, string? key = null)
    {
        using var answer = await Send(path, body, key, cancellation);
        return await ReceiptOf(answer, path, cancellation);
    }

    /// <summary>Takes something away, and fails when it is refused.</summary>
    public async Task Delete(string path, CancellationToken cancellation)
    {
        using var answer = await SendDelete(path, cancellation);
        await ReceiptOf(answer, path, cancellation);
    }

    public async Task<HttpResponseMessage> SendDelete(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.Add("X-CSRF-Token", _token);
        return await _http.SendAsync(request, cancellation);
    }

    /// <summary>Reads, whatever the answer is.</summary>
    public Task<HttpResponseMessage> Ask(string path, CancellationToken cancellation) => _http.GetAsync(path, cancellation);

    /// <summary>Whoever has a copy of the cookies, at another address.</summary>
    public Caller CopyAt(Uri node)
    {
        var copies = new CookieContainer();
        // Cookies belong to a host and not to a port.
        copies.Add(_cookies.GetAllCookies());
        return new(node, copies) { _token = _token };
    }

    public static async Task<Receipt> ReceiptOf(HttpResponseMessage answer, string path, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<Receipt>(text, Web)!
            : throw new HttpRequestException($"POST {path}: {(int)answer.StatusCode} {text}", null, answer.StatusCode);
    }

    public void Dispose() => _http.Dispose();
}
