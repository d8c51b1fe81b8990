using System.Globalization;
using Microsoft.OpenApi;

namespace Coordination.Gateway.Developers;

/// <summary>A piece of what is said of a value.</summary>
/// <param name="Link">Where on the page it is described; null when it says all itself.</param>
internal sealed record Part(string Text, string? Link = null);

/// <summary>How a value looks, in few words. What a shape of its own describes is linked.</summary>
internal static class Shape
{
    public static string IdOf(string name) => "shape-" + name;

    public static IEnumerable<Part> Of(IOpenApiSchema schema) => schema switch
    {
        OpenApiSchemaReference { Reference.Id: { } name } => [new(name, "#" + IdOf(name))],
        { OneOf: { Count: > 0 } some } => some.Select(Of).Aggregate((left, right) => [.. left, new(" or "), .. right]),
        { Enum: { Count: > 0 } names } => [new(string.Join(" | ", names.Select(name => name?.ToString() ?? "null")))],
        { Items: { } item } => [new("array of "), .. Of(item), .. OrNull(schema)],
        { AdditionalProperties: { } value } => [new("object of "), .. Of(value), .. OrNull(schema)],
        _ => [new(Word(schema)), .. OrNull(schema)],
    };

    /// <summary>What a value keeps to besides its shape; empty when nothing is said.</summary>
    public static string Bounds(IOpenApiSchema schema)
    {
        string?[] bounds =
        [
            Range(schema.MinLength, schema.MaxLength, "characters"),
            Range(schema.MinItems, schema.MaxItems, "items"),
            Range(schema.Minimum, schema.Maximum, null),
            schema.Pattern is { } pattern ? $"as {pattern}" : null,
        ];
        return string.Join(", ", bounds.OfType<string>());
    }

    private static string Word(IOpenApiSchema schema)
    {
        var word = (schema.Type & ~JsonSchemaType.Null) is { } type and not 0 ? string.Join(" or ", type.ToIdentifiers()) : schema.Type is null ? "any" : "null";
        return schema.Format is { } format ? $"{word} ({format})" : word;
    }

    private static Part[] OrNull(IOpenApiSchema schema) => schema.Type is { } type && type != JsonSchemaType.Null && type.HasFlag(JsonSchemaType.Null) ? [new(" or null")] : [];

    private static string? Range(object? least, object? most, string? of)
    {
        var (from, to) = (Convert.ToString(least, CultureInfo.InvariantCulture), Convert.ToString(most, CultureInfo.InvariantCulture));
        var range = (from, to) switch
        {
            ("", "") => null,
            (_, "") => $"at least {from}",
            ("", _) => $"at most {to}",
            _ => $"{from} to {to}",
        };
        return range is null || of is null ? range : $"{range} {of}";
    }
}
