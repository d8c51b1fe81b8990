namespace Coordination.Gateway.Tests.Attacks;

/// <summary>One operation of the interface, as its description says: what is attacked is drawn from there, so that whatever is new is in it by itself.</summary>
/// <param name="Path">Under <c>/api/v1</c>, with its parameters in braces.</param>
public sealed record Operation(HttpMethod Method, string Path, ImmutableArray<Parameter> Parameters, JsonNode? Body)
{
    public string Name => $"{Method} {Path}";

    public IEnumerable<Parameter> Queries => Parameters.Where(parameter => parameter.In == "query");

    /// <summary>Parameters of the path, each with the noun that it names one of: the segment before it.</summary>
    public IEnumerable<(string Name, string Noun)> Places
    {
        get
        {
            var segments = Path.Split('/');
            for (var index = 1; index < segments.Length; index++)
                if (segments[index] is ['{', .. var name, '}']) yield return (name, segments[index - 1]);
        }
    }

    /// <summary>The path, with what each of its parameters names; one that is not given stays in braces.</summary>
    public string At(Func<string, string?> named) =>
        Places.Aggregate(Path, (path, place) => named(place.Noun) is { } id ? path.Replace($"{{{place.Name}}}", id, StringComparison.Ordinal) : path);
}

public sealed record Parameter(string Name, string In, JsonNode? Schema);

/// <summary>What <c>/openapi/v1.json</c> says that there is.</summary>
public sealed class Interface(JsonObject document)
{
    private const string Root = "/api/v1";

    public static async Task<Interface> Of(Node node)
    {
        using var nobody = new Person(node.Address);
        return new(JsonNode.Parse((await nobody.Get("//openapi/v1.json")).Done().Text)!.AsObject());
    }

    public IEnumerable<Operation> Operations =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        where method.Key is "get" or "post" or "put" or "patch" or "delete"
        select new Operation(
            new(method.Key.ToUpperInvariant()), path.Key.StartsWith(Root, StringComparison.Ordinal) ? path.Key[Root.Length..] : "/" + path.Key,
            [.. (method.Value!["parameters"]?.AsArray() ?? []).Select(it => new Parameter(it!["name"]!.GetValue<string>(), it["in"]!.GetValue<string>(), it["schema"]))],
            method.Value["requestBody"]?["content"]?["application/json"]?["schema"]);

    /// <summary>A schema, and not where it stands; of one that may be null, what it is otherwise.</summary>
    public JsonNode? Resolve(JsonNode? schema) => schema switch
    {
        JsonObject it when it["$ref"]?.GetValue<string>() is { } reference => Resolve(document["components"]!["schemas"]![reference.Split('/')[^1]]),
        JsonObject it when it["oneOf"] is JsonArray options => Resolve(options.FirstOrDefault(option => option?["type"]?.ToJsonString() != "\"null\"")),
        _ => schema,
    };

    /// <summary>What a schema is: <c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>.</summary>
    public static string TypeOf(JsonNode? schema) => schema?["type"] switch
    {
        JsonArray types => types.Select(type => type!.GetValue<string>()).First(type => type != "null"),
        JsonValue type => type.GetValue<string>(),
        _ => "object",
    };
}
