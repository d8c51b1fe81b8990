using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Coordination.Gateway.Tests.BadInput;

/// <summary>Whatever is sent, the answer is a clear problem, nothing is written and nothing breaks.</summary>
public sealed class ToEveryWrite(Writes writes) : IClassFixture<Writes>
{
    private static readonly Dictionary<string, byte[]> NotTheBody = new Dictionary<string, string>
    {
        ["an array"] = "[]",
        ["an array with an object"] = "[{}]",
        ["a text"] = "\"x\"",
        ["a number"] = "5",
        ["a truth"] = "true",
        ["half an object"] = "{",
        ["an object and more"] = "{}{}",
        ["a comma too many"] = """{"text":"x",}""",
        ["a comment"] = """{/* x */}""",
        ["single quotes"] = "{'text':'x'}",
        ["no JSON at all"] = "<xml/>",
        ["deep arrays"] = $$"""{"deep":{{new string('[', 5_000)}}{{new string(']', 5_000)}}}""",
        ["deep objects"] = string.Concat(Enumerable.Repeat("""{"to":""", 2_000)) + "1" + new string('}', 2_000),
        ["a property without a value"] = """{"text"}""",
        ["not a number"] = """{"progress":NaN}""",
        ["only spaces"] = "   ",
    }.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value))
        .Concat(new Dictionary<string, byte[]>
        {
            ["UTF-16"] = Encoding.Unicode.GetBytes("""{"text":"x"}"""),
            ["a zero byte"] = [.. "{\"text\":\"a"u8, 0, .. "b\"}"u8],
            ["zero bytes only"] = new byte[64],
        }).ToDictionary();

    public static TheoryData<string> All => Writes.Names;

    public static TheoryData<string> WithBody => Writes.NamesWithBody;

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task What_is_not_the_body_is_refused(string name)
    {
        var write = writes[name];
        foreach (var (what, bytes) in NotTheBody) await writes.Refused(write, Person.Raw(bytes), $"{name}, {what}");
        if (write.Optional) return;
        await writes.Refused(write, Person.Raw("null"), $"{name}, null");
        await writes.Refused(write, Person.Raw(""), $"{name}, nothing");
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_that_is_not_said_to_be_JSON_is_refused(string name)
    {
        var write = writes[name];
        foreach (var type in (string?[])["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", null])
            await writes.Refused(write, Person.Raw(write.Good!, type), $"{name} as {type}");
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_that_is_not_said_to_be_in_UTF_8_is_refused(string name)
    {
        var write = writes[name];
        foreach (var charset in (string[])["foo", "\"foo\"", "utf-16", "iso-8859-1", "utf-7"])
        {
            await writes.Refused(write, Person.Raw(write.Good!, $"application/json; charset={charset}"), $"{name} in {charset}");
            (await (await writes.Node.As(write.By)).Post(write.Path, Person.Raw(write.Good!, $"application/json; charset={charset}"))).Refused(415, "request.not-json");
        }

        foreach (var type in (string[])["text/plain", "application/xml", "application/x-www-form-urlencoded"])
            (await (await writes.Node.As(write.By)).Post(write.Path, Person.Raw(write.Good!, type))).Refused(415, "request.not-json");
    }

    [Fact]
    public async Task A_refusal_is_a_problem_whatever_the_caller_accepts()
    {
        var person = await writes.Node.As("ruritania");
        foreach (var accept in (string[])["text/html", "image/*", "x", "application/json;q=0"])
        {
            (await person.Send(HttpMethod.Post, "/plans", Person.Raw("{}"), ("Accept", accept))).Refused(400, "request.invalid");
            (await person.Send(HttpMethod.Get, "/no-such-thing", null, ("Accept", accept))).Refused(404, "path.not-found");
        }
    }

    [Fact]
    public async Task UTF_8_may_be_said()
    {
        var person = await writes.Node.As("ruritania");
        foreach (var charset in (string[])["utf-8", "UTF-8", "\"utf-8\"", "\"Utf-8\""])
            (await person.Post("/plans", Person.Raw("""{"title":"Größe"}""", $"application/json; charset={charset}"), match: null)).Done();
    }

    [Fact]
    public async Task Nobody_breaks_the_sign_in_with_an_encoding()
    {
        using var nobody = new Person(writes.Node.Address);
        (await nobody.Post("/session", Person.Raw("""{"account":"a","password":"b"}""", "application/json; charset=foo"), match: null)).Refused(415, "request.not-json");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Ten_megabytes_are_refused_however_they_come(string name)
    {
        var write = writes[name];
        var big = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 10 * 1024 * 1024)}}"}""");
        await writes.Refused(write, Person.Raw(big), $"{name}, 10 MB");
        using var chunked = new StreamContent(new Unsized(big));
        chunked.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await writes.Refused(write, chunked, $"{name}, 10 MB in chunks");
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(writes.Node.Address.Host, writes.Node.Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request.too-slow\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"title\":\"Too slow\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7FFFFFFFFFFFFFFF")]
    [InlineData("7FFFFFFFFFFFFFFE")]
    [InlineData("FFFFFFFFFFFFFFFF")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("-1")]
    [InlineData("x")]
    public async Task A_chunk_of_an_impossible_size_is_the_senders_fault(string size)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(writes.Node.Address.Host, writes.Node.Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admit a body")]
    [InlineData("form a group")]
    [InlineData("draft a plan")]
    [InlineData("add a measure")]
    [InlineData("add a milestone")]
    public async Task An_id_that_no_path_could_name_is_refused(string name)
    {
        var write = writes[name];
        foreach (var id in (string[])["", " ", "A", "a b", "a--b", "-a", "a-", "a/b", "a.b", "é", "a\n", new('a', 81)])
        {
            var body = JsonNode.Parse(write.Good!)!.AsObject();
            body["id"] = id;
            await writes.Refused(write, Person.Raw(body.ToJsonString()), $"{name} with the id '{id}'", "#/id");
        }
    }

    [Fact]
    public async Task A_code_that_was_given_and_is_empty_is_not_taken_for_one_that_was_not()
    {
        var write = writes["admit a body"];
        foreach (var field in (string[])["state", "m49"])
        {
            var body = JsonNode.Parse(write.Good!)!.AsObject();
            body[field] = "";
            await writes.Refused(write, Person.Raw(body.ToJsonString()), $"{field} empty", $"#/{field}");
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_property_twice_is_refused(string name)
    {
        var write = writes[name];
        foreach (var (property, value) in JsonNode.Parse(write.Good!)!.AsObject())
        {
            var text = write.Good![..^1] + $",\"{property}\":{value!.ToJsonString()}}}";
            await writes.Refused(write, Person.Raw(text), $"{name}, {property} twice");
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_field_of_the_wrong_kind_is_pointed_at(string name)
    {
        var write = writes[name];
        foreach (var (field, given) in JsonNode.Parse(write.Good!)!.AsObject())
        {
            foreach (var (what, bad) in Wrong(field, given!))
            {
                var body = JsonNode.Parse(write.Good!)!.AsObject();
                body[field] = "@bad@";
                var text = body.ToJsonString().Replace("\"@bad@\"", bad, StringComparison.Ordinal);
                // A sign-in that long is not even parsed.
                await writes.Refused(write, Person.Raw(text), $"{name}, {field} as {what}", name == "sign in" && text.Length > 16 * 1024 ? null : $"#/{field}");
            }
        }
    }

    /// <summary>The edge alone asks for these: rules are given what has passed it.</summary>
    [Theory]
    [InlineData("admit a body", "kind")]
    [InlineData("change a plan's status", "status")]
    [InlineData("add a measure", "pillar")]
    [InlineData("add a milestone", "due")]
    [InlineData("move a milestone", "due")]
    [InlineData("report", "status")]
    [InlineData("open a request", "kind")]
    [InlineData("propose a date", "date")]
    [InlineData("decline", "ground")]
    [InlineData("appoint a chair", "from")]
    [InlineData("subscribe", "about")]
    public async Task What_is_needed_is_asked_for(string name, string field)
    {
        var write = writes[name];
        var body = JsonNode.Parse(write.Good!)!.AsObject();
        body[field] = null;
        await writes.Refused(write, Person.Raw(body.ToJsonString()), $"{name}, {field} null", $"#/{field}");
        body.Remove(field);
        await writes.Refused(write, Person.Raw(body.ToJsonString()), $"{name} without {field}", $"#/{field}");
    }

    [Theory]
    [InlineData("report", "progress", "-1")]
    [InlineData("report", "progress", "101")]
    [InlineData("submit a report", "progress", "101")]
    [InlineData("change a profile", "idleMinutes", "4")]
    [InlineData("change a profile", "idleMinutes", "721")]
    public async Task A_number_out_of_its_bounds_is_pointed_at(string name, string field, string value)
    {
        var write = writes[name];
        var body = JsonNode.Parse(write.Good!)!.AsObject();
        body[field] = JsonNode.Parse(value);
        await writes.Refused(write, Person.Raw(body.ToJsonString()), $"{name}, {field} {value}", $"#/{field}");
    }

    [Fact]
    public async Task A_list_that_is_too_long_is_pointed_at()
    {
        var write = writes["change a profile"];
        var body = JsonNode.Parse(write.Good!)!.AsObject();
        body["focalPoints"] = new JsonArray([.. Enumerable.Range(0, 51).Select(at => (JsonNode)new JsonObject { ["subject"] = $"Subject {at}", ["office"] = "Office" })]);
        await writes.Refused(write, Person.Raw(body.ToJsonString()), "51 focal points", "#/focalPoints");
        var administrator = await writes.Node.As("administrator");
        foreach (var positions in (long[][])[[], [.. Enumerable.Range(1, 1_001).Select(at => (long)at)]])
            Assert.Contains("#/positions", (await administrator.Post("/journal/erasures", new { positions, reason = "Too many" }, match: null)).Refused(400, "request.invalid").Pointers);
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Bytes_that_are_no_UTF_8_are_pointed_at(string name)
    {
        var write = writes[name];
        foreach (var (field, given) in JsonNode.Parse(write.Good!)!.AsObject())
        {
            if (given!.GetValueKind() is not JsonValueKind.String) continue;
            var body = JsonNode.Parse(write.Good!)!.AsObject();
            body[field] = "@bad@";
            var parts = body.ToJsonString().Split("@bad@");
            byte[] bytes = [.. Encoding.UTF8.GetBytes(parts[0]), 0xC3, 0x28, 0xFF, .. Encoding.UTF8.GetBytes(parts[1])];
            await writes.Refused(write, Person.Raw(bytes), $"{name}, {field} in no UTF-8", $"#/{field}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_version_or_key_that_cannot_be_read_is_refused(string name)
    {
        var write = writes[name];
        if (name == "sign in") return;
        foreach (var match in (string[])["nonsense", "\"\"", "\"x1\"", "W/\"v1\"", "\"v-1\"", "\"v1.5\"", "\"v99999999999999999999\"", "\"v1\", \"v2\"", "\"v٣\"", "v"])
            await writes.Refused(write, Person.Raw(write.Good ?? ""), $"{name}, If-Match {match}", match: match);
        foreach (var key in (string[])["\"\"", "", "\"a\tb\"", $"\"{new string('k', 201)}\"", "\"Schlüssel\""])
            await writes.Refused(write, Person.Raw(write.Good ?? ""), $"{name}, Idempotency-Key {key}", headers: ("Idempotency-Key", key));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Without_the_token_or_with_that_of_another_nothing_is_written(string name)
    {
        var write = writes[name];
        if (name == "sign in") return;
        var person = await writes.Node.As(write.By);
        var token = person.Token;
        try
        {
            foreach (var wrong in (string?[])[null, "", "nonsense", token![..^4] + "AAAA", (await writes.Node.As("togo")).Token])
            {
                person.Token = wrong;
                var before = writes.Node.Position;
                (await person.Post(write.Path, Person.Raw(write.Good ?? ""))).Refused(403, "session.csrf");
                Assert.Equal(before, writes.Node.Position);
            }
        }
        finally
        {
            person.Token = token;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Without_a_session_nothing_is_written(string name)
    {
        if (name == "sign in") return;
        var write = writes[name];
        using var nobody = new Person(writes.Node.Address);
        var before = writes.Node.Position;
        (await nobody.Post(write.Path, Person.Raw(write.Good ?? ""))).Refused(401, "session.required");
        (await nobody.Post(write.Path, Person.Raw("{"))).Refused(401, "session.required");
        Assert.Equal(before, writes.Node.Position);
    }

    /// <summary>What a field cannot be, as JSON, by what it is in the good body.</summary>
    private static IEnumerable<(string What, string Json)> Wrong(string field, JsonNode given)
    {
        var kind = given.GetValueKind();
        if (kind is not JsonValueKind.Object) yield return ("an object", "{}");
        if (kind is not JsonValueKind.True and not JsonValueKind.False) yield return ("a truth", "true");
        switch (kind)
        {
            case JsonValueKind.String:
                yield return ("a number", "5");
                yield return ("a list", "[\"x\"]");
                yield return ("half a letter", "\"\\ud800\"");
                yield return ("half a letter and more", "\"a\\udc00b\"");
                // A password is nobody's to read and may hold anything.
                if (field == "password") break;
                yield return ("100 000 letters", $"\"{new string('x', 100_000)}\"");
                yield return ("markup", "\"<b>bold</b>\"");
                yield return ("a script", "\"x <script>alert(1)</script>\"");
                yield return ("an entity", "\"&#60;b&#62;\"");
                yield return ("a NUL", "\"a\\u0000b\"");
                yield return ("an override of direction", "\"a\\u202Eb\"");
                yield return ("an embedding of direction", "\"a\\u202Bb\\u202C\"");
                yield return ("an isolate that does not end", "\"a\\u2067b\"");
                yield return ("an isolate that ends in another paragraph", "\"a\\u2068b\\nc\\u2069\"");
                yield return ("an escape", "\"a\\u001Bb\"");
                yield return ("a control of eight bits", "\"a\\u009Bb\"");
                if (IsTitle(field))
                {
                    yield return ("two lines", "\"a\\nb\"");
                    yield return ("an isolate of direction", "\"a\\u2067b\\u2069\"");
                    foreach (var hidden in (string[])["\\u200B", "\\u2060", "\\uFEFF", "\\u034F", "\\udb40\\udc41"]) yield return ($"with {hidden}", $"\"a{hidden}b\"");
                    yield return ("nothing to see", "\"\\u200B\\u200D\"");
                }

                if (field is "name" or "acronym" or "displayName")
                    foreach (var hidden in (string[])["\\u00AD", "\\u200B", "\\u200C", "\\u200D", "\\u200E", "\\u061C", "\\uFE0F", "\\u3164"]) yield return ($"with {hidden}", $"\"a{hidden}b\"");

                if (field is "timeZone")
                    foreach (var zone in (string[])["Europe/Nowhere", "europe/vienna", "W. Europe Standard Time", "+02:00", "posixrules", "localtime", "Factory", ""]) yield return ($"the zone {zone}", $"\"{zone}\"");

                if (IsDate(given))
                {
                    foreach (var date in (string[])["2026-02-30", "2026-13-01", "2025-02-29", "0000-01-01", "-001-01-01", "10000-01-01", "0001-01-01", "0206-05-01", "1989-12-31", "2101-01-01", "9999-12-31", "2026-1-1", "01.02.2026", "2026-01-01T00:00:00Z", "yesterday", ""])
                        yield return ($"the date {date}", $"\"{date}\"");
                    yield return ("a date as a number", "20260101");
                }

                if (IsName(field))
                {
                    foreach (var name in (string[])["no-such-name", "", "0", "1", "named,parties"]) yield return ($"the name {name}", $"\"{name}\"");
                    yield return ("a number for a name", "0");
                    yield return ("a huge number for a name", "99999999999999999999");
                }

                break;
            case JsonValueKind.Number:
                foreach (var number in (string[])["\"5\"", "-1", "1.5", "1e400", "99999999999999999999", "[1]", "\"abc\""]) yield return ($"the number {number}", number);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                foreach (var truth in (string[])["\"true\"", "1", "[]", "\"yes\""]) yield return ($"the truth {truth}", truth);
                break;
            case JsonValueKind.Array:
                foreach (var list in (string[])["\"x\"", "5", "[5]", "[[]]", "[\"\\ud800\"]", "[\"<b>x</b>\"]", $"[{string.Join(',', Enumerable.Repeat("\"x\"", 600))}]"]) yield return ($"the list {(list.Length > 40 ? "of 600" : list)}", list);
                break;
            case JsonValueKind.Object:
                foreach (var other in (string[])["\"x\"", "[]", "5", """{"from":"2026-02-30"}""", """{"from":"0206-05-01"}""", """{"to":"9999-12-31"}""", """{"from":5}"""]) yield return ($"the object {other}", other);
                break;
        }
    }

    private static bool IsDate(JsonNode given) => given.GetValue<string>() is { Length: 10 } text && DateOnly.TryParseExact(text, "yyyy-MM-dd", out _);

    private static bool IsTitle(string field) => field is "title" or "name" or "subject";

    private static bool IsName(string field) => field is "kind" or "role" or "iteration" or "status" or "mark" or "pillar" or "urgency" or "ground" or "about";

    /// <summary>A stream that does not say how long it is, so that it goes out in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
