using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Coordination.Gateway.Tests;

/// <summary>Someone at a browser: keeps cookies, sends the token back with each write.</summary>
public sealed class Person : IDisposable
{
    private static int _places;
    private readonly HttpClient _http;

    public Person(Uri address) : this(address, new())
    {
    }

    private Person(Uri address, CookieContainer cookies, IPAddress? from = null)
    {
        (Address, Cookies) = (address, cookies);
        // Sign-ins are limited by network, so everyone comes from a loopback network of their own, unless a neighbour is asked for.
        from ??= NextPlace();
        From = from;
        _http = new(new SocketsHttpHandler
        {
            CookieContainer = Cookies,
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    /// <summary>Somebody else, from the same network.</summary>
    public Person Neighbour()
    {
        var bytes = From.GetAddressBytes();
        bytes[3]++;
        return new(Address, new(), new(bytes));
    }

    private IPAddress From { get; }

    private static IPAddress NextPlace()
    {
        var place = Interlocked.Increment(ref _places);
        return new([127, (byte)(1 + place / 250), (byte)(1 + place % 250), 1]);
    }

    public CookieContainer Cookies { get; }

    /// <summary>Sent with every write; null sends none.</summary>
    public string? Token { get; set; }

    /// <summary>What the sign-in answered.</summary>
    public JsonElement Session { get; private set; }

    /// <summary>Id of the account.</summary>
    public string Account => Session.GetProperty("account").GetString()!;

    public string SignInName => Session.GetProperty("signInName").GetString()!;

    public static async Task<Person> SignIn(Uri address, string account, string password)
    {
        var person = new Person(address);
        var answer = await person.TrySignIn(account, password);
        // On a machine that does much else the platform says that it did not answer in time, and whoever wants in asks again.
        for (var again = 0; again < 5 && answer.Status is HttpStatusCode.ServiceUnavailable; again++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            answer = await person.TrySignIn(account, password);
        }

        answer.Done();
        return person;
    }

    /// <summary>What people choose who are invited in tests.</summary>
    public const string Chosen = "seven grey herons wade";

    /// <summary>Invites somebody new, who takes the account up and is signed in.</summary>
    public static async Task<Person> Invite(Person by, string body, string name, string role, string? displayName = null)
    {
        var person = new Person(by.Address);
        (await person.TryAccept(TokenIn(await by.Post($"/bodies/{body}/invitations", new { account = name, role, displayName }, match: null))!)).Done();
        return person;
    }

    /// <summary>What stands behind the number sign of an invitation's link; null when none was answered.</summary>
    public static string? TokenIn(Answer invited) => invited.Done().Json.TryGetProperty("link", out var link) ? link.GetString()!.Split('#')[1] : null;

    public async Task<Answer> TryAccept(string token, string password = Chosen) => Begin(await Post("/invitations/accept", new { token, password }, match: null));

    public async Task<Answer> TrySignIn(string account, string password, params (string Name, string Value)[] headers) =>
        Begin(await Post("/session", new { account, password }, match: null, headers: headers));

    /// <summary>Acts for another body from now on.</summary>
    public async Task<Answer> TryActFor(string body) => Begin(await Post("/session/body", new { body }, match: null));

    private Answer Begin(Answer answer)
    {
        if (answer.Status is HttpStatusCode.OK) (Session, Token) = (answer.Json, answer.Json.GetProperty("csrfToken").GetString());
        return answer;
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    /// <summary>A write that takes any version, unless <paramref name="match"/> says otherwise.</summary>
    public Task<Answer> Post(string path, object? body, string? match = "*", string? key = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, Json(body), [.. Of(match, key), .. headers]);

    public Task<Answer> Post(string path, HttpContent? content, string? match = "*", string? key = null) =>
        Send(HttpMethod.Post, path, content, [.. Of(match, key)]);

    public Task<Answer> Delete(string path, string? key = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Delete, path, null, [.. Of(null, key), .. headers]);

    /// <param name="path">Under <c>/api/v1</c>, or from the root with two slashes.</param>
    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("//", StringComparison.Ordinal) ? path[1..] : "/api/v1" + path) { Content = content };
        if (Token is { } token && method != HttpMethod.Get) request.Headers.Add("X-CSRF-Token", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        return await Answer.Of(response);
    }

    /// <summary>The same browser at another address, with its cookies and token: after a restart.</summary>
    public Person At(Uri address) => new(address, Cookies, From) { Token = Token, Session = Session };

    /// <summary>The same, as somebody who has these cookies of it.</summary>
    public Person With(CookieContainer cookies) => new(Address, cookies) { Token = Token, Session = Session };

    /// <summary>Accepts the invitation of the own body to a group.</summary>
    public async Task<Answer> Join(string group) => (await Post($"/groups/{group}/join", (object?)null, match: null)).Done();

    /// <summary>Follows topics live; all of them when none is named.</summary>
    public Task<Watch> Watch(params string[] topics) => Tests.Watch.Start(this, topics.Length == 0 ? ["all"] : topics);

    public void Dispose() => _http.Dispose();

    public static HttpContent Json(object? body) => Raw(body is null ? "" : JsonSerializer.Serialize(body, JsonSerializerOptions.Web));

    public static HttpContent Raw(string text, string? type = "application/json") => Raw(Encoding.UTF8.GetBytes(text), type);

    public static HttpContent Raw(byte[] bytes, string? type = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        if (type is not null && bytes.Length > 0) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static IEnumerable<(string, string)> Of(string? match, string? key)
    {
        if (match is not null) yield return ("If-Match", match);
        if (key is not null) yield return ("Idempotency-Key", $"\"{key}\"");
    }
}
