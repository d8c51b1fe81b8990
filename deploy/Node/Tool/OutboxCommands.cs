using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coordination.Journal;

namespace Coordination.Node.Tool;

/// <summary><c>outbox list</c>, <c>outbox retry</c>, <c>outbox drop</c>: what has to leave the platform and could not be sent.</summary>
internal static class OutboxCommands
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    private static readonly Option<bool> Json = new("--json") { Description = "as JSON" };
    private static readonly Option<bool> Waiting = new("--waiting") { Description = "those that wait to be sent, instead of those that were given up" };
    private static readonly Option<int> Limit = new("--limit") { Description = "deliveries, the oldest first", HelpName = "N", DefaultValueFactory = _ => 100 };
    private static readonly Option<string?> Channel = new("--channel") { Description = "only those of this channel", HelpName = "NAME" };
    private static readonly Argument<long?> Number = new("NUMBER") { Description = "one of them, as it is listed", Arity = ArgumentArity.ZeroOrOne };

    public static Command Command() => new("outbox", "deliveries that could not be sent")
    {
        Subcommands =
        {
            Operation.Does(
                new("list", "shows them and why, and how much waits") { Options = { Waiting, Channel, Json, Limit } },
                (settings, said, cancellation) => List(settings, said.GetValue(Waiting), said.GetValue(Channel), said.GetValue(Json), said.GetValue(Limit), cancellation)),
            Operation.Does(
                new("retry", "tries one again at once, or all that were given up") { Arguments = { Number }, Options = { Channel } },
                (settings, said, cancellation) => Retry(settings, said.GetValue(Number), said.GetValue(Channel), cancellation)),
            Operation.Does(
                new("drop", "drops one for good, or all of a channel that were given up") { Arguments = { Number }, Options = { Channel } },
                (settings, said, cancellation) => Drop(settings, said.GetValue(Number), said.GetValue(Channel), cancellation)),
        },
    };

    private static async Task<int> List(Settings settings, bool waiting, string? channel, bool json, int limit, CancellationToken cancellation)
    {
        if (limit < 1) throw new Refusal(Exit.Usage, "--limit is at least 1.");
        await using var store = await Stores.OpenThere(settings, cancellation);
        var rows = await store.Outbox.List(channel, waiting ? OutgoingState.Waiting : OutgoingState.GivenUp, 0, limit, cancellation);
        var backlogs = (await store.Outbox.Backlogs(cancellation)).Where(backlog => channel is null || backlog.Channel == channel).ToList();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Channels = backlogs, Deliveries = rows }, Indented));
            return Exit.Done;
        }

        foreach (var row in rows)
        {
            Console.WriteLine($"{row.Number,6}  {row.Channel}  to {row.Recipient}  {row.Id}  since {Moment(row.Put)}  {row.Attempts} attempts");
            Console.WriteLine($"        {row.Reason ?? "Not tried yet."}{(waiting ? $" Next at {Moment(row.Due)}." : "")}");
        }

        foreach (var (name, waits, givenUp, oldest) in backlogs)
            Console.WriteLine($"{name}: {waits} wait{(oldest is { } since ? $", the oldest since {Moment(since)}" : "")}; {givenUp} given up");
        if (backlogs.Count == 0) Console.WriteLine("Nothing waits, and nothing was given up.");
        return Exit.Done;
    }

    private static async Task<int> Retry(Settings settings, long? number, string? channel, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        var count = await store.Outbox.Retry(channel, number, TimeProvider.System.GetUtcNow(), cancellation);
        return Tell(count, number, "due again");
    }

    private static async Task<int> Drop(Settings settings, long? number, string? channel, CancellationToken cancellation)
    {
        if (number is null && channel is null) throw new Refusal(Exit.Usage, "Say which: the NUMBER of one, or --channel for all of it that were given up.");
        await using var store = await Stores.OpenThere(settings, cancellation);
        return Tell(await store.Outbox.Drop(channel, number, cancellation), number, "dropped");
    }

    private static int Tell(int count, long? number, string done)
    {
        if (number is not null && count == 0)
        {
            Console.Error.WriteLine($"There is no delivery {number} that waits or was given up.");
            return Exit.No;
        }

        Console.WriteLine($"{count} deliveries are {done}.");
        return Exit.Done;
    }

    private static string Moment(DateTimeOffset moment) => moment.ToString("u", CultureInfo.InvariantCulture);
}
