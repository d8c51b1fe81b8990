using System.Text.RegularExpressions;

namespace Coordination.Gateway.Tests.Interfaces;

/// <summary>What /openapi/v1.json says of the interface. Refresh the copy with UPDATE_OPENAPI=1.</summary>
public sealed class TheDescription(RunningNode running) : IAsyncLifetime
{
    private const string Copy = "gateway/openapi.v1.json";
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    private JsonObject _document = null!;

    public async ValueTask InitializeAsync()
    {
        using var nobody = new Person(running.Node.Address);
        _document = JsonNode.Parse((await nobody.Get("//openapi/v1.json")).Done().Text)!.AsObject();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Is_the_one_that_is_checked_in()
    {
        var now = _document.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ReplaceLineEndings("\n") + "\n";
        var file = Repository.File(Copy);
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1") await File.WriteAllTextAsync(file, now, TestContext.Current.CancellationToken);
        var kept = File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "";
        Assert.True(kept == now, $"The interface has changed. If it is meant, run this test with UPDATE_OPENAPI=1 and look at the difference in {Copy}.");
    }

    [Fact]
    public void Numbers_are_numbers_and_names_are_lists()
    {
        Walk(_document, "#", (at, node) =>
        {
            var types = Types(node);
            if (types.Contains("integer") || types.Contains("number"))
            {
                Assert.False(types.Contains("string"), $"{at} is a number or a text.");
                Assert.False(node.ContainsKey("pattern"), $"{at} is a number with a pattern.");
            }

            if (types.Contains("array"))
            {
                Assert.True(node["items"] is JsonObject { Count: > 0 }, $"{at} is a list of anything.");
            }

            if (node["enum"] is JsonArray names)
            {
                Assert.NotEmpty(names);
                Assert.All(names.Where(name => name is not null), name => Assert.Matches("^-?[a-z]+(-[a-z]+)*$", name!.GetValue<string>()));
            }
        });
    }

    [Fact]
    public void Every_enumeration_of_the_contracts_is_a_list_of_names()
    {
        var schemas = _document["components"]!["schemas"]!.AsObject();
        var enumerations = typeof(Contracts.Mark).Assembly.GetExportedTypes().Where(type => type.IsEnum && schemas.ContainsKey(type.Name)).ToArray();
        Assert.True(enumerations.Length >= 10, $"Only {enumerations.Length} enumerations are described.");
        foreach (var type in enumerations)
        {
            var names = schemas[type.Name]!["enum"]!.AsArray().Select(name => name!.GetValue<string>());
            Assert.Equal(Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName), names);
            Assert.Equal(["string"], Types(schemas[type.Name]!.AsObject()));
        }
    }

    [Fact]
    public void Every_schema_says_what_it_is()
    {
        foreach (var (name, schema) in _document["components"]!["schemas"]!.AsObject())
        {
            if (schema!["properties"] is not JsonObject properties) continue;
            foreach (var (property, its) in properties)
            {
                string[] says = ["type", "$ref", "oneOf", "anyOf", "allOf", "enum"];
                Assert.True(name == "ProblemDetails" || says.Any(its!.AsObject().ContainsKey), $"{name}.{property} could be anything: {its!.ToJsonString()}");
            }
        }
    }

    [Fact]
    public void Every_operation_has_a_name_an_answer_and_its_problems()
    {
        var names = new HashSet<string>();
        var operations = 0;
        foreach (var (path, item) in _document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject().Where(pair => Methods.Contains(pair.Key)))
            {
                operations++;
                var at = $"{method} {path}";
                var name = operation!["operationId"]?.GetValue<string>();
                Assert.True(name?.Length > 0 && names.Add(name), $"{at} has no name of its own.");
                Assert.True(operation["summary"]?.GetValue<string>().Length > 0, $"{at} says nothing.");
                var responses = operation["responses"]!.AsObject();
                Assert.True(responses.Any(pair => pair.Key[0] == '2'), $"{at} never succeeds.");
                var problems = responses.Where(pair => pair.Key[0] == '4').ToList();
                Assert.True(problems.Count > 0, $"{at} has no problems.");
                if (operation["requestBody"] is { } body)
                {
                    var most = path.StartsWith("/api/v1/session", StringComparison.Ordinal) || path.StartsWith("/api/v1/invitations", StringComparison.Ordinal) ? 16_384 : 262_144;
                    Assert.Equal($"JSON in UTF-8, at most {most} bytes.", body["description"]!.GetValue<string>());
                    Assert.True(responses.ContainsKey("413") && responses.ContainsKey("415"), $"{at} takes a body of any size and type.");
                }

                Assert.All(problems, problem => Assert.True(problem.Value!["content"]?["application/problem+json"] is not null, $"{at} {problem.Key} is no problem+json."));
            }
        }

        Assert.True(operations >= 40, $"Only {operations} operations are described.");
    }

    [Theory]
    [InlineData("limit")]
    [InlineData("Limit")]
    public async Task What_it_names_in_camel_case_is_taken_in_either_spelling(string limit) =>
        Assert.Single((await (await running.Node.As("finland")).Get($"/bodies?{limit}=1")).Done().Items);

    [Fact]
    public async Task Can_be_read_as_a_page_that_leaves_nothing_out_and_runs_nothing()
    {
        var page = (await (await running.Node.As("finland")).Get("//developers")).Done();
        Assert.Equal("text/html", page.Content.ContentType!.MediaType);
        Assert.Contains("<title>Coordination API</title>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|<style| style=| on[a-z]+=", page.Text);
        var ids = Regex.Matches(page.Text, " id=\"([^\"]+)\"").Select(id => id.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var operation in _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())) Assert.Contains(operation.Value!["operationId"]!.GetValue<string>(), ids);
        foreach (var shape in _document["components"]!["schemas"]!.AsObject()) Assert.Contains("shape-" + shape.Key, ids);
        Assert.All(Regex.Matches(page.Text, " href=\"#([^\"]+)\""), link => Assert.Contains(link.Groups[1].Value, ids));
        // A shape that may be left out, and bounds of a text.
        Assert.Contains("null or <a href=\"#shape-BodyView\">BodyView</a>", page.Text, StringComparison.Ordinal);
        Assert.Contains("string, 1 to 80 characters", page.Text, StringComparison.Ordinal);
    }

    private static string[] Types(JsonObject node) => node["type"] switch
    {
        JsonArray types => [.. types.Select(type => type!.GetValue<string>())],
        JsonValue type when type.TryGetValue<string>(out var name) => [name],
        _ => [],
    };

    private static void Walk(JsonNode? node, string at, Action<string, JsonObject> visit)
    {
        switch (node)
        {
            case JsonObject it:
                visit(at, it);
                foreach (var (name, child) in it) Walk(child, $"{at}/{name}", visit);
                break;
            case JsonArray it:
                for (var index = 0; index < it.Count; index++) Walk(it[index], $"{at}/{index}", visit);
                break;
        }
    }
}
