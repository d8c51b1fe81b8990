namespace Coordination.EndToEnd.Tests.Durability;

/// <summary>One write of a burst: what is sent, and by what text it is found again.</summary>
public sealed record Sent(string Account, string Kind, string Path, object Body, string Text, string Key);

/// <summary>A thousand writes of three bodies: reports, updates and requests, each with a text and a key of its own.</summary>
public static class Burst
{
    public const string Group = "meridian-contact-group";

    /// <summary>The bodies that write, each with its plan.</summary>
    public static readonly (string Account, string Plan)[] Writers =
        [("ruritania", "ruritania-plan"), ("valdoria", "valdoria-plan"), ("meridian-secretariat", "meridian-plan")];

    private static readonly string[] Milestones = ["m05", "m10", "m15", "m20", "m25", "m30", "m35"];

    public static List<Sent> Of(int round, int count) => [.. Enumerable.Range(0, count).Select(index => One(round, index))];

    private static Sent One(int round, int index)
    {
        var (account, plan) = Writers[index % Writers.Length];
        var other = Writers[(index + 1) % Writers.Length].Account;
        var text = $"burst {round}, write {index:0000}";
        var key = $"burst-{round}-{index}";
        return (index / Writers.Length % 4) switch
        {
            0 => new(account, "update", $"groups/{Group}/updates", new { text, mark = "community" }, text, key),
            1 => new(account, "request", "requests", new { to = new[] { other }, kind = "information", subject = text, text, mark = "community" }, text, key),
            _ => new(account, "report", $"plans/{plan}/milestones/{Milestones[index % Milestones.Length]}/reports",
                new { status = "in-progress", progress = index % 100, note = text }, text, key),
        };
    }
}
