namespace Coordination.Domain;

/// <summary>Names under which changes can be followed.</summary>
public static class Topics
{
    /// <summary>A body, and the State that it belongs to.</summary>
    /// <param name="directory">Who there is.</param>
    /// <param name="body">Its id.</param>
    /// <param name="state">Its State when the directory may not know it yet.</param>
    public static IEnumerable<string> OfBody(IDirectory directory, string body, string? state = null)
    {
        yield return $"body/{body}";
        if ((state ?? directory.Body(body)?.State) is { } iso3) yield return $"state/{iso3}";
    }

    /// <summary>A milestone of a plan, with the reports on it.</summary>
    public static string OfMilestone(string plan, string milestone) => $"plan/{plan}/{milestone}";
}
