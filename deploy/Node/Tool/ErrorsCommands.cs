using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Coordination.Node.Bus;
using RabbitMQ.Client.Exceptions;

namespace Coordination.Node.Tool;

/// <summary><c>errors list</c>, <c>errors replay</c>: messages that could not be handled.</summary>
internal static class ErrorsCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    private static readonly Option<bool> Json = new("--json") { Description = "as JSON" };
    private static readonly Option<int> Limit = new("--limit") { Description = "messages of a queue, the oldest first", HelpName = "N", DefaultValueFactory = _ => 100 };
    private static readonly Argument<string?> Queue = new("QUEUE") { Description = $"{string.Join(", ", ErrorQueues.Origins.Keys)}; without it all", Arity = ArgumentArity.ZeroOrOne };

    public static Command Command() => new("errors", "messages that could not be handled (RabbitMQ)")
    {
        Subcommands =
        {
            Operation.Does(
                new("list", "shows them and why; nothing is consumed") { Options = { Json, Limit } },
                (settings, said, cancellation) => List(settings, said.GetValue(Json), said.GetValue(Limit), cancellation)),
            Operation.Does(
                new("replay", "moves them back to the queue that they came from; may double one when it is killed, never loses one") { Arguments = { Queue } },
                (settings, said, cancellation) => Replay(settings, said.GetValue(Queue), cancellation)),
        },
    };

    private static async Task<int> List(Settings settings, bool json, int limit, CancellationToken cancellation)
    {
        if (limit < 1) throw new Refusal(Exit.Usage, "--limit is at least 1.");
        return await With(settings, async queues =>
        {
            var all = new List<(string Queue, IReadOnlyList<SetAside> Seen, uint Count)>();
            foreach (var queue in ErrorQueues.Origins.Keys)
            {
                var (seen, count) = await queues.Look(queue, limit, cancellation);
                all.Add((queue, seen, count));
            }

            if (json)
            {
                Console.WriteLine(JsonSerializer.Serialize(new { Queues = all.ToDictionary(one => one.Queue, one => one.Count), Messages = all.SelectMany(one => one.Seen) }, Indented));
                return Exit.Done;
            }

            foreach (var one in all.SelectMany(one => one.Seen))
            {
                var at = one.At?.ToString("u", CultureInfo.InvariantCulture) ?? "at a time unknown";
                Console.WriteLine($"{one.Number,4}  {one.Queue}  {at}  {one.Message ?? "without an id"}  {one.Size} bytes");
                Console.WriteLine($"      {(one.Exception is null ? "" : $"{one.Exception}: ")}{one.Reason}");
            }

            foreach (var (queue, seen, count) in all) Console.WriteLine($"{queue}: {count} messages{(seen.Count < count ? $", {seen.Count} shown" : "")}");
            return Exit.Done;
        }, cancellation);
    }

    private static async Task<int> Replay(Settings settings, string? name, CancellationToken cancellation)
    {
        if (name is not null && !ErrorQueues.Origins.ContainsKey(name)) throw new Refusal(Exit.Usage, $"There is no queue '{name}' for errors. There are: {string.Join(", ", ErrorQueues.Origins.Keys)}");
        return await With(settings, async queues =>
        {
            foreach (var queue in ErrorQueues.Origins.Keys.Where(queue => name is null || queue == name))
            {
                var (moved, count) = await queues.Replay(queue, new ProgressLines($"{queue}, moved"), cancellation);
                Console.WriteLine($"{queue}: {moved} of {count} messages moved to {ErrorQueues.Origins[queue]}");
                cancellation.ThrowIfCancellationRequested();
            }

            return Exit.Done;
        }, cancellation);
    }

    private static async Task<int> With(Settings settings, Func<ErrorQueues, Task<int>> action, CancellationToken cancellation)
    {
        var broker = settings.Broker() ?? throw new Refusal(Exit.Usage, GivenSettings.NotSet(nameof(settings.RabbitMq)));
        await broker.Await(settings.Name, Patience, cancellation);
        try
        {
            await using var connection = await broker.Connect(settings.Name, cancellation);
            return await action(new(connection));
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException)
        {
            throw new Refusal(Exit.Unavailable, $"RabbitMQ at {broker} has ended the connection or refused. ({exception.Message})");
        }
    }
}
