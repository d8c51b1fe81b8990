using System.Net.Http.Headers;

namespace Coordination.Gateway.Tests;

/// <summary>What the gateway answered, read whole.</summary>
public sealed record Answer(string Asked, HttpStatusCode Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders Content)
{
    public static async Task<Answer> Of(HttpResponseMessage response) => new(
        $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.PathAndQuery}", response.StatusCode,
        await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);

    /// <summary>Asks about what is hidden and about what is not there: both are to be answered alike.</summary>
    public static async Task Same(string hidden, string unknown, Func<string, Task<Answer>> ask)
    {
        var (there, never) = (await ask(hidden), await ask(unknown));
        // A session is renewed each minute, with whichever request comes then.
        if (there.Headers.Contains("Set-Cookie") != never.Headers.Contains("Set-Cookie")) (there, never) = (await ask(hidden), await ask(unknown));
        Assert.True(there.Seen(hidden) == never.Seen(unknown), $"Hidden and unknown differ:\n{there}\n{there.Seen(hidden)}\n\n{never}\n{never.Seen(unknown)}");
    }

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement[] Items => [.. Json.GetProperty("items").EnumerateArray()];

    /// <summary>Of a receipt: what was made or changed.</summary>
    public string Id => Done().Json.GetProperty("id").GetString()!;

    /// <summary>Whether it says what was made or changed, and where that stands.</summary>
    public bool IsReceipt => !IsProblem && Json is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty("version", out _) && said.TryGetProperty("position", out _) && said.TryGetProperty("id", out _);

    public long Position => Done().Json.GetProperty("position").GetInt64();

    public long Version => Done().Json.GetProperty("version").GetInt64();

    public string? ETag => Headers.ETag?.ToString();

    /// <summary>Of a problem: its stable code.</summary>
    public string? Code => IsProblem ? Json.GetProperty("code").GetString() : null;

    public string[] Pointers => IsProblem && Json.TryGetProperty("errors", out var errors)
        ? [.. errors.EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!)]
        : [];

    public bool IsProblem => Content.ContentType?.MediaType == "application/problem+json";

    /// <summary>This answer, which must be a success.</summary>
    public Answer Done() => (int)Status is >= 200 and < 300 ? this : throw new InvalidOperationException($"{this}");

    /// <summary>This answer, which must be a problem with this status and code.</summary>
    public Answer Refused(int status, string code)
    {
        Assert.True((int)Status == status && Code == code, $"Expected {status} {code}. {this}");
        return this;
    }

    /// <summary>All that a client can tell answers apart by, but for what each answer has of its own.</summary>
    public string Seen(params string[] own)
    {
        var headers = Headers.Concat(Content).Where(header => header.Key is not ("Date" or "Content-Length"))
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var body = Text;
        if (IsProblem)
        {
            var problem = JsonNode.Parse(Text)!.AsObject();
            Assert.True(problem.Remove("traceId"), $"A problem has a trace id. {this}");
            problem.Remove("instance");
            body = problem.ToJsonString();
        }

        foreach (var text in own) body = body.Replace(text, "…", StringComparison.Ordinal);
        return $"{(int)Status}\n{string.Join('\n', headers)}\n\n{body}";
    }

    public override string ToString() => $"{Asked} answered {(int)Status}: {(Text.Length > 600 ? Text[..600] + "…" : Text)}";
}
