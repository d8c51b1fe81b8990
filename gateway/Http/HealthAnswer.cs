using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coordination.Gateway.Http;

/// <summary>What is ready and what is not, by name; 503 when anything is not.</summary>
/// <param name="Status"><c>ready</c> or <c>not-ready</c>.</param>
public sealed record HealthAnswer(string Status, HealthAnswer.Check[] Checks)
{
    /// <param name="Status"><c>ready</c> or <c>not-ready</c>.</param>
    /// <param name="Text">How it stands, in words and with positions of the journal; null for strangers.</param>
    public sealed record Check(string Name, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text);

    /// <summary>Checks with this tag are asked. Not the usual word: the bus adds a check of its own under that, and calls itself well while its broker is away.</summary>
    public const string Tag = "coordination";

    /// <summary>How long one check may take.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(3);

    /// <param name="endpoints">Get the two paths.</param>
    /// <param name="inWords">Who is told how it stands and not only whether.</param>
    public static void Map(IEndpointRouteBuilder endpoints, Func<HttpContext, bool> inWords)
    {
        endpoints.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = Write });
        endpoints.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Tag), ResponseWriter = Write });

        Task Write(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(new HealthAnswer(
            Word(report.Status), [.. report.Entries.Select(entry => new Check(entry.Key, Word(entry.Value.Status), inWords(http) ? Text(entry.Value) : null))]));
    }

    private static string Word(HealthStatus status) => status == HealthStatus.Healthy ? "ready" : "not-ready";

    // An exception's own words may hold addresses and names.
    private static string Text(HealthReportEntry entry) => entry.Exception is { } exception ? $"It does not answer ({exception.GetType().Name})." : entry.Description ?? "";
}
