namespace Coordination.Gateway.Tests.Attacks;

/// <summary>Values that fit a schema, and values that are sent by mistake or in malice. The same seed gives the same ones.</summary>
internal sealed class Hostile(Interface its, Random random, Func<string, string> known)
{
    private static readonly string[] Texts =
    [
        "", " ", "\t\n", "x", "<script>alert(1)</script>", "&#60;b&#62;", "a\u0000b", "a\u001Bb", "a\u009Bb", "\u202Eb", "\u2067", "\u200B\u200D", "é\u0301", "😀", "العربية", "中文",
        "' OR 1=1--", "../../etc/passwd", "%00", "{}", "[]", "null", "true", "NaN", "__proto__", "javascript:alert(1)", "java\tscript:alert(1)", "https://user:pw@example.org/", "//example.org",
        "administrator", "#platform", "ﬀ", "İ", "ſ", "\uFEFF", "\uFFFF", "\uE000", "a--b", "-a", "A", "named,parties", "0", "-1",
    ];

    private static readonly string[] Dates =
        ["2026-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-1-1", "2026-01-01T00:00:00Z", "2031-01-01", "2024-02-29", "yesterday", "-001-01-01", "٢٠٢٦-٠١-٠١"];

    private static readonly string[] Numbers =
        ["0", "-1", "1", "1.5", "-0", "1e400", "1E2", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "2147483648", "0x10", "01", "NaN", "100", "101"];

    /// <summary>A body, as bytes: mostly near what the schema says, since what is nothing like it is refused at the door.</summary>
    public byte[] Body(JsonNode? schema) => random.Next(28) switch
    {
        0 => [],
        1 => Encoding.UTF8.GetBytes(Pick<string>(["null", "[]", "\"x\"", "5", "{", "{}{}", "<xml/>", "{\"a\"}", "   ", "{'a':1}", "{/**/}"])),
        2 => Encoding.Unicode.GetBytes("{\"text\":\"x\"}"),
        3 => [.. "{\"text\":\"a"u8, (byte)random.Next(256), 0xff, .. "b\"}"u8],
        4 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Pick<string>(["[", "{\"a\":", "{\"to\":["]), random.Next(40, 3_000)))),
        5 when random.Next(4) == 0 => Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 300_000)}\"}}"),
        _ => Encoding.UTF8.GetBytes(Json(schema, wrong: random.Next(2) == 0 ? 0 : random.Next(1, 12), 0)),
    };

    /// <param name="wrong">In how many of 32 places something else stands than the schema says.</param>
    private string Json(JsonNode? schema, int wrong, int depth, string name = "")
    {
        schema = its.Resolve(schema);
        if (random.Next(32) < wrong) return Anything(depth);
        if (schema?["enum"] is JsonArray names) return names[random.Next(names.Count)]?.ToJsonString() ?? "null";
        switch (Interface.TypeOf(schema))
        {
            case "object":
                var members = new List<string>();
                foreach (var (member, its) in schema?["properties"]?.AsObject() ?? [])
                {
                    var needed = schema!["required"]?.AsArray().Any(one => one!.GetValue<string>() == member) == true;
                    if (!needed && random.Next(2) == 0 || random.Next(64) < wrong) continue;
                    members.Add($"{Quoted(member)}:{Json(its, wrong, depth + 1, member)}");
                    if (random.Next(64) < wrong) members.Add($"{Quoted(random.Next(2) == 0 ? member : member.ToUpperInvariant())}:{Json(its, wrong, depth + 1, member)}");
                }

                if (random.Next(32) < wrong) members.Add($"{Quoted(Pick(Texts))}:{Anything(depth)}");
                return $"{{{string.Join(',', members)}}}";
            case "array":
                return $"[{string.Join(',', Enumerable.Range(0, random.Next(64) < wrong ? 600 : random.Next(4)).Select(_ => Json(schema!["items"], wrong, depth + 1, name)))}]";
            case "integer" or "number":
                return random.Next(32) < wrong ? Pick(Numbers) : Pick<string>(["0", "1", "7", "50", "100"]);
            case "boolean":
                return Pick<string>(["true", "false"]);
            default:
                if (schema?["format"]?.GetValue<string>() == "date") return Quoted(random.Next(32) < wrong ? Pick(Dates) : Pick<string>(["2031-01-01", "2030-06-30", "2029-12-31"]));
                return Quoted(random.Next(32) < wrong ? Pick(Texts) : random.Next(3) == 0 ? Pick<string>(["Something", "Größe", "abc", "2031"]) : known(name));
        }
    }

    private string Anything(int depth) => random.Next(10) switch
    {
        0 => "null",
        1 => Pick(Numbers),
        2 => "true",
        3 => "{}",
        4 => "[]",
        5 => "\"\\ud800\"",
        6 => "\"a\\udc00b\"",
        7 => $"\"{new string('x', random.Next(20_000))}\"",
        8 when depth < 4 => $"[{Anything(depth + 1)},{Anything(depth + 1)}]",
        _ => Quoted(Pick(Texts)),
    };

    /// <summary>Of a path or query, encoded; a zero byte in a path is refused by the server before any of our code.</summary>
    public string Segment(string noun) => random.Next(5) switch
    {
        0 => Uri.EscapeDataString(Pick([.. Texts.Where(text => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)), new('x', random.Next(1, 2_000)), "..", "."])),
        1 when random.Next(4) == 0 => Pick<string>(["%FF%FE", "a%2Fb", "%ED%A0%80", "%0A", "%E2%80%AE"]),
        _ => known(noun),
    };

    public string Query(IEnumerable<Parameter> parameters)
    {
        var parts = parameters.Where(_ => random.Next(3) == 0).Select(parameter => $"{parameter.Name}={random.Next(4) switch
        {
            0 => Uri.EscapeDataString(Pick(Texts)),
            1 => Uri.EscapeDataString(Pick(Numbers)),
            2 => Uri.EscapeDataString(Pick(Dates)),
            _ => its.Resolve(parameter.Schema)?["enum"] is JsonArray names ? names[random.Next(names.Count)]!.GetValue<string>() : Uri.EscapeDataString(known(parameter.Name.ToLowerInvariant())),
        }}").ToList();
        if (random.Next(10) == 0) parts.Add(Pick<string>(["=", "&&", "a=b", "limit=1&limit=2", "%=%", "topic=all&topic=all", "seen"]));
        return parts.Count == 0 ? "" : $"?{string.Join('&', parts)}";
    }

    public IEnumerable<(string Name, string Value)> Headers(bool takesVersion)
    {
        if (takesVersion && random.Next(12) > 0) yield return ("If-Match", random.Next(3) > 0 ? "*" : Pick<string>(["\"v1\"", "\"v3\"", "v", "\"\"", "W/\"v1\"", "\"v1\", \"v2\"", "\"v-1\"", "\"v99999999999999999999\"", "\"v٣\"", "*, *"]));
        if (random.Next(20) == 0) yield return ("Idempotency-Key", Pick<string>(["\"\"", "x", "\"same\"", $"\"{new string('k', 201)}\"", "\"Schlüssel\"", "\"\\\""]));
        if (random.Next(20) == 0) yield return ("X-CSRF-Token", InAHeader());
        if (random.Next(20) == 0) yield return ("Acting-For", random.Next(2) == 0 ? known("bodies") : InAHeader());
        if (random.Next(20) == 0) yield return ("Content-Language", Pick<string>(["fr", "pt-BR", "", "x", "*", new('a', 300), "en, fr", "zh-Hant-TW"]));
        if (random.Next(20) == 0) yield return ("Accept-Language", Pick<string>(["ar;q=9", "*;q=0", new('e', 1_000), "en-US,en;q=0.5", "\"", ",,,"]));
        if (random.Next(20) == 0) yield return ("Accept", Pick<string>(["text/html", "image/*", "x", "application/json;q=0", "*"]));
        // A time that is too short is refused as such, truly; what is no time is what is tried.
        if (random.Next(20) == 0) yield return ("Request-Timeout", Pick<string>(["NaN", "-1", "1e400", "x", "30", "Infinity", "99999999999"]));
        if (random.Next(20) == 0) yield return ("Range", Pick<string>(["bytes=0-", "bytes=9-1", "x=1"]));
        if (random.Next(20) == 0) yield return ("If-None-Match", Pick<string>(["*", "\"v1\"", "x"]));
        if (random.Next(20) == 0) yield return ("X-Forwarded-For", Pick<string>(["127.0.0.1", "x", "::1, 1.2.3.4", new('1', 2_000)]));
        if (random.Next(20) == 0) yield return ("traceparent", Pick<string>(["00-x", "00-00000000000000000000000000000000-0000000000000000-00", "\u00e9"]));
        if (random.Next(20) == 0) yield return ("Unattended", Pick<string>(["1", "x", ""]));
        if (random.Next(20) == 0) yield return ("Origin", Pick<string>(["null", "https://example.org", "x"]));
    }

    public string? ContentType() => random.Next(24) switch
    {
        0 => Pick<string>(["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]),
        1 => Pick<string>(["application/json; charset=foo", "application/json; charset=utf-16", "application/json; charset=\"utf-8\"", "application/json; a=b", "application/problem+json"]),
        2 when random.Next(3) == 0 => null,
        _ => "application/json",
    };

    /// <summary>A control character in a header is refused by the server before any of our code.</summary>
    private string InAHeader() => Pick([.. Texts.Where(text => !text.Any(char.IsControl))]).Trim();

    public T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>As JSON; half a letter, which no encoder writes, is said by its escape elsewhere.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
