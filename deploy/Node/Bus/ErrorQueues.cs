using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Coordination.Node.Bus;

/// <summary>The queues of what could not be handled, for an operator.</summary>
internal sealed class ErrorQueues(IConnection connection)
{
    /// <summary>Where what is in each of them comes from and goes back to.</summary>
    public static readonly IReadOnlyDictionary<string, string> Origins = new Dictionary<string, string> { [RabbitMq.Errors] = RabbitMq.Inboxes, [RabbitMq.Skipped] = RabbitMq.Inboxes };

    private static readonly TimeSpan Confirmed = TimeSpan.FromSeconds(10);

    /// <summary>Looks at the oldest messages and gives them back in their order. Nothing is consumed.</summary>
    /// <returns>What was seen, and how many there are.</returns>
    public async Task<(IReadOnlyList<SetAside> Seen, uint Count)> Look(string queue, int most, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        if (await Count(channel, queue, cancellation) is not { } count) return ([], 0);
        var (seen, tags) = (new List<SetAside>(), new List<ulong>());
        try
        {
            while (seen.Count < Math.Min(count, (uint)most) && await channel.BasicGetAsync(queue, autoAck: false, cancellation) is { } message)
            {
                tags.Add(message.DeliveryTag);
                seen.Add(SetAside.Of(seen.Count + 1, queue, message));
            }
        }
        finally
        {
            // One by one: given back together they may change places.
            foreach (var tag in tags) await channel.BasicNackAsync(tag, multiple: false, requeue: true, CancellationToken.None);
            await channel.CloseAsync(CancellationToken.None);
        }

        return (seen, count);
    }

    /// <summary>
    /// Moves what is there now back to where it came from, oldest first. A message is taken away only when the broker has
    /// confirmed that it stands in the other queue: an end in between leaves it in both, and consumers drop repeats.
    /// </summary>
    /// <returns>How many were moved, and how many there were.</returns>
    /// <exception cref="Refusal">The queue that it came from is not there or does not take it; what is not moved stays.</exception>
    public async Task<(int Moved, uint Count)> Replay(string queue, IProgress<long> progress, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(
            new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
        if (await Count(channel, queue, cancellation) is not { } count) return (0, 0);
        var (origin, moved) = (Origins[queue], 0);
        // No more than there were: what fails again comes back.
        while (moved < count && !cancellation.IsCancellationRequested && await channel.BasicGetAsync(queue, autoAck: false, CancellationToken.None) is { } message)
        {
            try
            {
                await channel.BasicPublishAsync("", origin, mandatory: true, AsItWas(message.BasicProperties), message.Body, CancellationToken.None)
                    .AsTask().WaitAsync(Confirmed, TimeProvider.System, CancellationToken.None);
            }
            catch (Exception exception) when (exception is PublishException or TimeoutException)
            {
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, CancellationToken.None);
                await channel.CloseAsync(CancellationToken.None);
                throw new Refusal(Exit.Unavailable, exception is PublishReturnException
                    ? $"{moved} moved. The queue '{origin}' is not there: start the platform first."
                    : $"{moved} moved. The broker has not confirmed the next one for '{origin}'; it stays in '{queue}'.");
            }

            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, CancellationToken.None);
            progress.Report(++moved);
        }

        await channel.CloseAsync(CancellationToken.None);
        return (moved, count);
    }

    /// <summary>Null when there is no such queue; the channel is then of no more use.</summary>
    private static async Task<uint?> Count(IChannel channel, string queue, CancellationToken cancellation)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellation)).MessageCount;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    /// <summary>Without what was written onto it when it was set aside.</summary>
    private static BasicProperties AsItWas(IReadOnlyBasicProperties properties) => new(properties)
    {
        Persistent = true,
        Headers = properties.Headers?.Where(header =>
            !header.Key.StartsWith("MT-Fault-", StringComparison.Ordinal) && header.Key is not "MT-Reason" &&
            !header.Key.StartsWith("x-death", StringComparison.Ordinal) && !header.Key.StartsWith("x-first-death-", StringComparison.Ordinal) &&
            !header.Key.StartsWith("x-last-death-", StringComparison.Ordinal) && header.Key is not ("x-delivery-count" or "x-acquired-count"))
            .ToDictionary(header => header.Key, header => header.Value),
    };
}

/// <summary>A message that could not be handled.</summary>
/// <param name="Number">From 1, the oldest, in its queue.</param>
/// <param name="At">When it was set aside, or else when it was sent, as far as it says so.</param>
/// <param name="Message">Its id, as far as it has one.</param>
/// <param name="Exception">Type of the exception, or null when there was none.</param>
/// <param name="Size">Bytes of its content.</param>
internal sealed record SetAside(int Number, string Queue, DateTimeOffset? At, string? Message, string? Exception, string Reason, int Size)
{
    public static SetAside Of(int number, string queue, BasicGetResult got)
    {
        var headers = got.BasicProperties.Headers ?? new Dictionary<string, object?>();
        var death = (headers.TryGetValue("x-death", out var deaths) ? deaths as IList<object?> : null)?.FirstOrDefault() as IDictionary<string, object?>;
        var reason = Text(headers, "MT-Fault-Message") ?? (death is not null ? $"set aside by the broker: {Text(death, "reason")}"
            : queue == RabbitMq.Skipped ? "a kind of message that nobody consumes" : "it does not say why");
        var at = DateTimeOffset.TryParse(Text(headers, "MT-Fault-Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var fault) ? fault
            : death?.TryGetValue("time", out var time) == true && time is AmqpTimestamp stamp ? DateTimeOffset.FromUnixTimeSeconds(stamp.UnixTime) : SentAt(got.Body);
        return new(number, queue, at, Shown(got.BasicProperties.MessageId), Text(headers, "MT-Fault-ExceptionType"), reason, got.Body.Length);
    }

    /// <summary>What its envelope says; nothing else tells of one that was skipped.</summary>
    private static DateTimeOffset? SentAt(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            return envelope.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("sentTime", out var sent)
                && sent.ValueKind == JsonValueKind.String && sent.TryGetDateTimeOffset(out var at) ? at : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(IDictionary<string, object?> headers, string name) => headers.TryGetValue(name, out var value)
        ? Shown(value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)) : null;

    /// <summary>On one line, and without what a terminal would obey.</summary>
    private static string? Shown(string? text) => text is null ? null : string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
