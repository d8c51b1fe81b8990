using System.Security.Cryptography;
using System.Text;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>One write: who sends what where, and whose grain decides on it.</summary>
/// <param name="Text">Found again in what the write leaves; null for a read mark, which leaves no words.</param>
public sealed record Write(string Key, string Account, string Stream, string Path, object Body, string? Text)
{
    /// <summary>How the journal names the command, in hexadecimal.</summary>
    /// <param name="id">Id of the account.</param>
    public string CommandOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}\0{Key}")));
}

/// <summary>A write that was acknowledged.</summary>
/// <param name="Sent">Timestamp of its first sending.</param>
/// <param name="Refused">Timestamp at which it was refused first, or null.</param>
/// <param name="Done">Timestamp of the acknowledgement.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Replayed">The platform had carried it out before and said so.</param>
public sealed record Acknowledged(Write Write, Receipt Receipt, long Sent, long? Refused, long Done, int Attempts, bool Replayed);

/// <summary>A plan that the load reports on: its body, who may see it, and its one milestone.</summary>
public sealed record LoadedPlan(string Id, string Account, string Mark)
{
    public const string Milestone = "m1";

    public string Stream => $"plan/{Id}";

    public string Topic => Stream;
}

/// <summary>Writers of the load, each an account that speaks for the body of its name.</summary>
public static class Writers
{
    public const string Group = "meridian-contact-group";

    public static readonly string[] Members = ["ruritania", "valdoria", "meridian-secretariat"];

    /// <summary>Whose plans are reported on. Finland has a national rapporteur, who sees what its State is party to.</summary>
    public static readonly string[] Planners = ["ruritania", "valdoria", "meridian-secretariat", "finland", "canada", "argentina"];

    private static readonly string[] PlanMarks = ["public", "community", "parties"];
    private static readonly string[] RequestMarks = ["public", "community", "parties", "named"];
    private static readonly string[] UpdateMarks = ["parties", "community", "public", "parties"];

    /// <summary>Name to ask for, whose and for whom the plan of this number is.</summary>
    public static (string Name, string Account, string Mark) Plan(string run, int number)
    {
        var planner = number % Planners.Length;
        // Every planner has plans of every mark: the mark moves on with each round of planners.
        return ($"{run}-{number}", Planners[planner], PlanMarks[(number / Planners.Length + planner) % PlanMarks.Length]);
    }

    public static Write Report(string run, LoadedPlan plan, int number) => new(
        $"{run}-{plan.Id}-{number}", plan.Account, plan.Stream, $"plans/{plan.Id}/milestones/{LoadedPlan.Milestone}/reports",
        new { status = "in-progress", progress = number % 100, note = $"{run} {plan.Id} report {number}" }, $"{run} {plan.Id} report {number}");

    public static Write Update(string run, string member, int number) => new(
        $"{run}-update-{member}-{number}", member, $"group/{Group}", $"groups/{Group}/updates",
        new { text = $"{run} {member} update {number}", mark = UpdateMarks[number % UpdateMarks.Length] }, $"{run} {member} update {number}");

    public static Write Request(string run, string from, int number)
    {
        var others = Planners.Where(body => body != from).ToArray();
        return new(
            $"{run}-request-{from}-{number}", from, "request", "requests",
            new
            {
                to = new[] { others[number % others.Length], others[(number + 1) % others.Length] },
                kind = "information",
                subject = $"{run} {from} request {number}",
                mark = RequestMarks[number % RequestMarks.Length],
            },
            $"{run} {from} request {number}");
    }

    /// <summary>Asks every party that has plans here, and the words are as long as a feed shows them.</summary>
    public static Write LargeRequest(string run, int number) => new(
        $"{run}-large-{number}", "canada", "request", "requests",
        new { to = Planners.Where(body => body != "canada").ToArray(), kind = "information", subject = $"{run} large {number} {new string('x', 250)}", mark = "community" },
        $"{run} large {number} {new string('x', 250)}");

    /// <summary>A mark beyond the last one: only that is written down.</summary>
    public static Write ReadMark(string run, string body, long upTo) =>
        new($"{run}-read-{body}-{upTo}", body, $"inbox/{body}", "inbox/read", new { upTo }, null);
}
