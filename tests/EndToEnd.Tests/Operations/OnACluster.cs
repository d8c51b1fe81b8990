using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Coordination.EndToEnd.Tests.Clusters;
using Coordination.EndToEnd.Tests.Durability;
using Coordination.EndToEnd.Tests.Faults;
using Coordination.Host.Views;
using Npgsql;
using RabbitMQ.Client;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>What an operator does to a cluster that runs: looks, repairs, saves, moves, ends a process. Nobody who uses it is refused for it.</summary>
[Trait("On", "cluster")]
public sealed partial class OnACluster(RunningCluster running, LoadedData loaded) : IClassFixture<RunningCluster>
{
    /// <summary>As long as <c>deploy/cluster/down</c> waits and, of all in deploy/ that ends a process, nothing waits less.</summary>
    private static readonly TimeSpan SiloEnds = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan GatewayEnds = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The secret of a platform that is begun from a backup.</summary>
    private const string Another = "YW5vdGhlciBwbGF0Zm9ybSBoYXMgYW5vdGhlciBzZWNyZXQ=";

    /// <summary>Why the broker itself sets a message aside.</summary>
    private const string GivenUp = "set aside by the broker: delivery_limit";

    private Cluster Cluster => running.Cluster;

    [Fact]
    public async Task What_cannot_be_read_is_listed_with_queue_time_and_reason_holds_up_nothing_and_is_tried_again_by_replay()
    {
        var (ruritania, valdoria) = (running.Sessions.Callers["ruritania"], running.Sessions.Callers["valdoria"]);
        await using var connection = await new ConnectionFactory { Uri = Cluster.Broker }.CreateConnectionAsync(Waiting.Cancellation);
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Waiting.Cancellation);

        // Other tests on this cluster leave theirs.
        await Purge(connection);

        var began = TimeProvider.System.GetUtcNow();
        byte[][] unreadable =
        [
            [0xFF, 0x00, 0x1E, .. "no message at all"u8],
            "{\"what\":\"is this\"}"u8.ToArray(),
            Envelope("Coordination.Contracts.Messages:Changes", "{\"previous\":\"seven\",\"items\":7}"),
            Envelope("Coordination.Contracts.Messages:Unheard", "{}"),
        ];
        foreach (var body in unreadable) await Publish(channel, "inboxes", body);
        var sent = Stopwatch.GetTimestamp();
        await Delivered(valdoria, await Share(ruritania, "written behind what nobody can read"));
        Waiting.Say($"In the inbox {Stopwatch.GetElapsedTime(sent).TotalSeconds:0.0} s after it was written behind {unreadable.Length} unreadable messages.");

        var (told, listed) = await Listed(unreadable.Length, began);
        Waiting.Say(told);
        // What is of an unknown kind may be for a later version; the rest is broken.
        Assert.Equal((string[])["inboxes_error", "inboxes_error", "inboxes_error", "inboxes_skipped"], listed.Select(one => one.Queue).Order(StringComparer.Ordinal));
        // Looking takes nothing away.
        Assert.Equal(listed, (await Listed(unreadable.Length, began)).Messages);

        // One that can be handled after all: each time, its consumer was gone before it was done, until the broker set it aside.
        await GiveUp(connection, await APublishedMessage(channel, ruritania));
        Assert.Contains((await Listed(unreadable.Length + 1, began)).Messages, one => one.Reason == GivenUp);

        var replayed = TimeProvider.System.GetUtcNow();
        var (code, output, errors) = await Cluster.Operate("errors", "replay");
        Assert.True(code == 0, $"{code}: {output} {errors}");
        Waiting.Say(output);
        Assert.Contains("inboxes_error: 4 of 4 messages moved to inboxes", output, StringComparison.Ordinal);
        Assert.Contains("inboxes_skipped: 1 of 1 messages moved to inboxes", output, StringComparison.Ordinal);
        var (_, again) = await Listed(unreadable.Length, replayed);
        Assert.DoesNotContain(again, one => one.Reason == GivenUp);
        Assert.Equal(listed.Select(one => (one.Queue, one.Reason)).Order(), again.Select(one => (one.Queue, one.Reason)).Order());
        await Delivered(valdoria, await Share(ruritania, "written behind what was replayed"));
        await Waiting.Until("nothing waits in front of the inboxes", Patience, async () => await channel.MessageCountAsync("inboxes", Waiting.Cancellation) is > 0 and var count ? $"{count}" : null);
        await Purge(connection);
    }

    [Fact]
    public async Task Views_are_rebuilt_under_writes_nobody_is_refused_lists_answer_all_the_while_and_what_is_stored_is_what_the_journal_folds_to()
    {
        await using var ordeal = await running.Begin("rebuilt");
        var from = Stopwatch.GetTimestamp();
        var before = await Generations();
        using var stop = new CancellationTokenSource();
        var lists = Lists(running.Sessions.Callers["valdoria"], stop.Token);

        var began = Stopwatch.GetTimestamp();
        var (code, output, errors) = await Cluster.Operate("views", "rebuild");
        Assert.True(code == 0, $"{code}: {output} {errors}");
        var all = Stopwatch.GetElapsedTime(began);
        var (again, said, why) = await Cluster.Operate("views", "rebuild", "plans");
        Assert.True(again == 0, $"{again}: {said} {why}");
        await ordeal.Load.Continue(100, Patience);
        await stop.CancelAsync();
        var answered = await lists;
        await running.Sessions.Callers["valdoria"].Get("feed?after=0&limit=50", Waiting.Cancellation);

        var after = await Generations();
        Assert.All(Rebuilding.Names.Where(name => name != Rebuilding.Inboxes), name => Assert.True(after[name] > before.GetValueOrDefault(name), $"{name} was not dropped."));
        var account = await ordeal.End(from, []);
        Assert.Equal("nothing was refused", account.Refusals);
        var stored = "";
        await Waiting.Until("what is stored is what the journal folds to", Patience, async () =>
        {
            var fresh = await Operated("views", "digest");
            stored = await Operated("views", "digest", "--stored");
            return stored == fresh ? null : $"{stored} where {fresh} is due";
        });
        Assert.True(JsonDocument.Parse(stored).RootElement.GetProperty("position").GetInt64() >= account.Entries);
        Waiting.Say($"{output.Trim()} In {all.TotalSeconds:0.0} s, while {account.Acknowledged} writes were acknowledged and {answered} lists read; {account.Refusals}.");
    }

    [Fact]
    public async Task What_one_process_kept_on_SQLite_moves_into_PostgreSQL_and_is_the_same_platform_there()
    {
        using var original = loaded.Copy();
        using var folder = new DataFolder();
        var (file, local) = (Path.Combine(folder.Path, "backup"), Path.Combine(folder.Path, "local"));
        var sent = Burst.Of(1, 1)[0];
        Receipt written;
        JsonElement verified;
        await using (var node = await NodeProcess.Start(original.Path, cancellation: Waiting.Cancellation))
        {
            using var caller = await Caller.SignIn(node.Address, sent.Account, Waiting.Cancellation);
            written = await caller.Write(sent.Path, sent.Body, Waiting.Cancellation, sent.Key);
            verified = await caller.Get("journal/verify", Waiting.Cancellation);
            await Tool.Succeed(null, "backup", file, "--data", original.Path);
        }

        var head = verified.GetProperty("head").GetString()!;
        Assert.Equal(written.Position, verified.GetProperty("entries").GetInt64());
        var database = new Dictionary<string, string> { ["COORDINATION_POSTGRES"] = await Cluster.NewDatabase("moved"), ["COORDINATION_SECRET"] = Another };
        Assert.Equal(head, HeadIn(await Tool.Succeed(database, "restore", file)));
        Assert.Equal(head, HeadIn(await Tool.Succeed(database, "journal", "verify")));
        var digest = await Tool.Succeed(database, "views", "digest");
        await using (var node = await NodeProcess.Start(local, environment: database, cancellation: Waiting.Cancellation))
        {
            using var caller = await Caller.SignIn(node.Address, sent.Account, Waiting.Cancellation);
            var there = await caller.Get("journal/verify", Waiting.Cancellation);
            Assert.Equal((true, head), (there.GetProperty("ok").GetBoolean(), there.GetProperty("head").GetString()));
            // Said again it is known, and what is new goes on from it.
            Assert.Equal(written, await caller.Write(sent.Path, sent.Body, Waiting.Cancellation, sent.Key));
            Assert.True(await Share(caller, "written in its new home") > written.Position);
            await node.Signal("TERM", Waiting.Cancellation);
            Assert.Equal(0, await node.Ended(Patience, Waiting.Cancellation));
        }

        Waiting.Say($"{written.Position} entries with the head {head}, which fold to {digest}");
    }

    [Fact]
    public async Task What_a_cluster_keeps_is_backed_up_while_it_writes_and_is_the_same_platform_in_an_empty_folder()
    {
        using var folder = new DataFolder();
        var (file, data) = (Path.Combine(folder.Path, "backup"), Path.Combine(folder.Path, "data"));
        var ruritania = running.Sessions.Callers["ruritania"];
        var first = await Share(ruritania, "written before the backup");
        var last = first;
        var backup = Cluster.Operate("backup", file);
        while (!backup.IsCompleted) last = await Share(ruritania, "written while it is backed up");
        var (code, output, errors) = await backup;
        Assert.True(code == 0, $"{code}: {output} {errors}");
        var head = HeadIn(errors);

        Assert.Equal(head, HeadIn(await Tool.Succeed(null, "restore", file, "--data", data)));
        var verified = await Tool.Succeed(null, "journal", "verify", "--data", data);
        Assert.Equal(head, HeadIn(verified));
        var entries = long.Parse(Number().Match(verified).Value, CultureInfo.InvariantCulture);
        Assert.InRange(entries, first, last);
        Assert.Equal(head, await HashAt(Cluster.Database, entries));
        await using var node = await NodeProcess.Start(data, cancellation: Waiting.Cancellation);
        using var caller = await Caller.SignIn(node.Address, "ruritania", Waiting.Cancellation);
        var there = await caller.Get("journal/verify", Waiting.Cancellation);
        Assert.Equal((true, head), (there.GetProperty("ok").GetBoolean(), there.GetProperty("head").GetString()));
        Assert.True(await Share(caller, "written in its new home") > entries);
        Waiting.Say($"Written up to {first} before the backup and {last} when it ended; it holds {entries}, with the head {head}.");
    }

    [Fact]
    public async Task The_journal_is_verified_while_the_cluster_writes_and_one_changed_byte_is_found_where_it_is()
    {
        var ruritania = running.Sessions.Callers["ruritania"];
        var first = await Share(ruritania, "written before it is verified");
        var last = first;
        var verify = Cluster.Operate("journal", "verify");
        while (!verify.IsCompleted) last = await Share(ruritania, "written while it is verified");
        var (code, output, errors) = await verify;
        Assert.True(code == 0, $"{code}: {output} {errors}");
        Assert.Contains("the chain is whole", output, StringComparison.Ordinal);
        var entries = long.Parse(Number().Match(output).Value, CultureInfo.InvariantCulture);
        Assert.InRange(entries, first, last);
        Assert.Equal(await HashAt(Cluster.Database, entries), HeadIn(output));

        using var folder = new DataFolder();
        var file = Path.Combine(folder.Path, "backup");
        await Operated("backup", file);
        var copy = await Cluster.NewDatabase("changed");
        var database = new Dictionary<string, string> { ["COORDINATION_POSTGRES"] = copy, ["COORDINATION_SECRET"] = Another };
        var head = HeadIn(await Tool.Succeed(database, "restore", file));
        await using var changed = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(copy) { SearchPath = "coordination", Pooling = false });
        foreach (var (column, position) in (IEnumerable<(string, long)>)[("data", entries / 2), ("audience", 1), ("hash", entries)])
        {
            await Change(column, position);
            var (no, found, why) = await Tool.Run(database, "journal", "verify");
            Assert.True(no == 1, $"{no}: {found} {why}");
            Assert.Contains($"breaks at position {position}.", found, StringComparison.Ordinal);
            // The same again is as it was.
            await Change(column, position);
        }

        Assert.Equal(head, HeadIn(await Tool.Succeed(database, "journal", "verify")));

        async Task Change(string column, long position)
        {
            await using var command = changed.CreateCommand($"UPDATE entries SET {column} = set_byte({column}, 3, get_byte({column}, 3) # 1) WHERE position = $1");
            command.Parameters.Add(new() { Value = position });
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Waiting.Cancellation));
        }
    }

    [Fact]
    public async Task A_silo_and_a_gateway_that_are_asked_to_end_under_load_finish_what_they_accepted_and_no_client_is_refused()
    {
        await using var ordeal = await running.Begin("asked-to-end");
        // The silo that has most to give back.
        var (silo, gateway) = (await Leading(), Cluster.Gateways[0]);
        var held = await running.HeldBy(silo, ordeal);
        var from = Stopwatch.GetTimestamp();
        var took = new List<string>();
        var children = new List<Process>();
        try
        {
            foreach (var (member, within) in (IEnumerable<(Member, TimeSpan)>)[(silo, SiloEnds), (gateway, GatewayEnds)])
            {
                var asked = Stopwatch.GetTimestamp();
                await member.Stop(within);
                took.Add($"{member.Name} {Stopwatch.GetElapsedTime(asked).TotalSeconds:0.0} s");
                await ordeal.Load.Continue(50, Patience);
            }

            await ordeal.Load.ContinueOnEach(held, Patience);
            // How a process ended only its parent is told: the same two once more, as children of this process.
            children.Add(Child("silo", silo));
            children.Add(Child("gateway", gateway));
            await Ready(silo);
            await Ready(gateway);
            await Waiting.Until($"{silo.Name} holds something", Patience, async () => (await Cluster.Held(silo)).Count >= 3 ? null : "3 grains");
            await ordeal.Load.Continue(100, Patience);
            foreach (var (child, name, within) in (IEnumerable<(Process, string, TimeSpan)>)[(children[0], silo.Name, SiloEnds), (children[1], gateway.Name, GatewayEnds)])
            {
                var asked = Stopwatch.GetTimestamp();
                await Shell.Signal("TERM", [child.Id]);
                await child.WaitForExitAsync(Waiting.Cancellation).WaitAsync(within, Waiting.Cancellation);
                Assert.Equal(0, child.ExitCode);
                took.Add($"{name} {Stopwatch.GetElapsedTime(asked).TotalSeconds:0.0} s");
                await ordeal.Load.Continue(50, Patience);
            }
        }
        finally
        {
            foreach (var child in children)
            {
                if (!child.HasExited) child.Kill();
                await child.WaitForExitAsync(CancellationToken.None);
                child.Dispose();
            }

            await Cluster.Up();
        }

        await ordeal.Load.Continue(50, Patience);
        var account = await ordeal.End(from, held);
        Waiting.Say($"Ended within: {string.Join(", ", took)}. {account}");
        Assert.Equal("nothing was refused", account.Refusals);
    }

    /// <summary>Empties the queues of what is set aside; one is only there once something was.</summary>
    private static async Task Purge(IConnection connection)
    {
        foreach (var queue in (string[])["inboxes_error", "inboxes_skipped"])
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Waiting.Cancellation);
            try
            {
                await channel.QueuePurgeAsync(queue, Waiting.Cancellation);
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                // Nothing was ever set aside there.
            }
        }
    }

    /// <summary>A message that is none of the relay's, in MassTransit's envelope.</summary>
    private static byte[] Envelope(string type, string message) => Encoding.UTF8.GetBytes(
        $$"""{"messageId":"{{Guid.NewGuid()}}","messageType":["urn:message:{{type}}"],"sentTime":"{{TimeProvider.System.GetUtcNow():O}}","message":{{message}}}""");

    private static async Task Publish(IChannel channel, string queue, byte[] body) => await channel.BasicPublishAsync(
        "", queue, mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true }, body, Waiting.Cancellation);

    /// <summary>One that the relay has published and the inboxes have taken in.</summary>
    private static async Task<(BasicProperties Properties, ReadOnlyMemory<byte> Body)> APublishedMessage(IChannel channel, Caller writer)
    {
        var copies = (await channel.QueueDeclareAsync("", cancellationToken: Waiting.Cancellation)).QueueName;
        await channel.QueueBindAsync(copies, "inboxes", "", cancellationToken: Waiting.Cancellation);
        await Share(writer, "published once and kept");
        BasicGetResult? kept = null;
        await Waiting.Until("a message is published", Patience, async () => (kept = await channel.BasicGetAsync(copies, autoAck: true, Waiting.Cancellation)) is null ? "it" : null);
        await channel.QueueDeleteAsync(copies, cancellationToken: Waiting.Cancellation);
        return (new(kept!.BasicProperties), kept.Body.ToArray());
    }

    /// <summary>Has the broker set a message aside as it does with one of the inboxes that brings its consumer down each time.</summary>
    private static async Task GiveUp(IConnection connection, (BasicProperties Properties, ReadOnlyMemory<byte> Body) message)
    {
        const string queue = "inboxes-given-up";
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Waiting.Cancellation);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 2, ["x-dead-letter-exchange"] = "inboxes_error" }, cancellationToken: Waiting.Cancellation);
        await channel.BasicPublishAsync("", queue, mandatory: true, message.Properties, message.Body, Waiting.Cancellation);
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            await using var consumer = await connection.CreateChannelAsync(cancellationToken: Waiting.Cancellation);
            await Waiting.Until($"delivery {delivery}", Patience, async () => await consumer.BasicGetAsync(queue, autoAck: false, Waiting.Cancellation) is null ? "it" : null);
        }

        await Waiting.Until("it is set aside", Patience, async () => await channel.MessageCountAsync(queue, Waiting.Cancellation) == 0 ? null : "it waits still");
        await channel.QueueDeleteAsync(queue, cancellationToken: Waiting.Cancellation);
    }

    /// <summary>What is set aside, as it is told to people and to programs, once there is so much of it and all of it since a moment.</summary>
    private async Task<(string Told, List<SetAside> Messages)> Listed(int count, DateTimeOffset since)
    {
        var messages = new List<SetAside>();
        await Waiting.Until($"{count} messages are set aside", Patience, async () =>
        {
            using var json = JsonDocument.Parse(await Operated("errors", "list", "--json"));
            messages = [.. json.RootElement.GetProperty("messages").EnumerateArray().Select(SetAside.Of)];
            Assert.Equal(messages.Count, json.RootElement.GetProperty("queues").EnumerateObject().Sum(queue => queue.Value.GetInt32()));
            // To the second: that is how a fault tells its time.
            return messages.Count == count && messages.TrueForAll(one => one.Queue == "inboxes_skipped" || one.At >= since.AddSeconds(-1)) ? null : string.Join('\n', messages);
        });
        Assert.All(messages, one => Assert.InRange(one.At!.Value, since.AddMinutes(-1), TimeProvider.System.GetUtcNow()));
        Assert.All(messages, one => Assert.False(string.IsNullOrWhiteSpace(one.Reason) || one.Reason == "it does not say why", $"{one} does not say why."));
        var told = await Operated("errors", "list");
        Assert.All(messages, one => Assert.Contains(one.Reason, told, StringComparison.Ordinal));
        return (told, messages);
    }

    /// <summary>How often each stored view has been dropped.</summary>
    private async Task<Dictionary<string, long>> Generations()
    {
        await using var command = Cluster.Database.CreateCommand("SELECT view, generation FROM views");
        await using var rows = await command.ExecuteReaderAsync(Waiting.Cancellation);
        var generations = new Dictionary<string, long>();
        while (await rows.ReadAsync(Waiting.Cancellation)) generations.Add(rows.GetString(0), rows.GetInt64(1));
        return generations;
    }

    /// <summary>Reads lists on and on. Each must answer, and none shows less than it did.</summary>
    /// <returns>How many it has read.</returns>
    private static async Task<int> Lists(Caller reader, CancellationToken stop)
    {
        var (read, shown) = (0, new Dictionary<string, int>());
        while (!stop.IsCancellationRequested)
        {
            foreach (var path in (string[])["plans", "milestones", "requests", "groups", "bodies"])
            {
                var count = (await reader.All(path, Waiting.Cancellation)).Count;
                Assert.True(count > 0 && count >= shown.GetValueOrDefault(path), $"{path} shows {count} where it showed {shown.GetValueOrDefault(path)}.");
                shown[path] = count;
                read++;
            }

            await reader.Get("inbox", Waiting.Cancellation);
            await Feed(reader);
            read += 2;
        }

        return read;
    }

    /// <summary>The feed is read from the database, and says to come back while it is stored anew.</summary>
    private static async Task Feed(Caller reader)
    {
        try
        {
            await reader.Get("feed?after=0&limit=50", Waiting.Cancellation);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is HttpStatusCode.ServiceUnavailable && exception.Message.Contains("platform.behind", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), Waiting.Cancellation);
        }
    }

    private static async Task<string> HashAt(NpgsqlDataSource database, long position)
    {
        await using var command = database.CreateCommand("SELECT encode(hash, 'hex') FROM entries WHERE position = $1");
        command.Parameters.Add(new() { Value = position });
        return (string)(await command.ExecuteScalarAsync(Waiting.Cancellation))!;
    }

    /// <summary>Starts a member of the cluster that does not run, as a child of this process and with its own settings.</summary>
    private Process Child(string role, Member member)
    {
        var start = new ProcessStartInfo(
            "sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", Path.Combine(Cluster.Data, "log", $"{member.Name}.log"), Tools.Dotnet, Tools.NodeProgram, role, "--settings", SettingsOf(member)])
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["COORDINATION_DEMO_PASSWORD"] = NodeProcess.Password;
        start.Environment[Load.OpenThings] = Load.Enough;
        return Process.Start(start)!;
    }

    /// <summary>The silo that holds the lease.</summary>
    private async Task<Member> Leading()
    {
        await using var command = Cluster.Database.CreateCommand("SELECT holder FROM leases WHERE lease = 'relay'");
        var holder = (string)(await command.ExecuteScalarAsync(Waiting.Cancellation))!;
        return Cluster.Silos.Single(silo => holder.Contains($"-{silo.Pid}-", StringComparison.Ordinal));
    }

    private async Task Ready(Member member)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(SettingsOf(member), Waiting.Cancellation));
        var ready = new Uri(new(settings.RootElement.GetProperty("Ops").GetString()!), "/health/ready");
        await Waiting.Until($"{member.Name} is ready", Patience, async () =>
        {
            try
            {
                using var answer = await http.GetAsync(ready, Waiting.Cancellation);
                return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode}";
            }
            catch (HttpRequestException exception)
            {
                return exception.Message;
            }
        });
    }

    private string SettingsOf(Member member) => Path.Combine(Cluster.Data, member.Name, "settings.json");

    private async Task<string> Operated(params string[] command)
    {
        var (code, output, errors) = await Cluster.Operate(command);
        return code == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}:\n{output}\n{errors}");
    }

    private static async Task<long> Share(Caller caller, string text) =>
        (await caller.Write($"groups/{Writers.Group}/updates", new { text, mark = "community" }, Waiting.Cancellation)).Position;

    private static Task Delivered(Caller reader, long position) => Waiting.Until($"the inbox holds {position}", Patience, async () =>
        (await reader.Get("inbox?limit=50", Waiting.Cancellation)).GetProperty("items").EnumerateArray().Any(item => item.GetProperty("position").GetInt64() == position) ? null : "it");

    private static string HeadIn(string said) => Head().Match(said) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException($"No head is told: {said}");

    /// <summary>A message as <c>errors list --json</c> tells of it.</summary>
    private sealed record SetAside(string Queue, DateTimeOffset? At, string Reason, string? Exception)
    {
        public static SetAside Of(JsonElement told) => new(
            told.GetProperty("queue").GetString()!, told.GetProperty("at").ValueKind is JsonValueKind.Null ? null : told.GetProperty("at").GetDateTimeOffset(),
            told.GetProperty("reason").GetString()!, told.GetProperty("exception").GetString());
    }

    [GeneratedRegex("Head: ([0-9a-f]{64})")]
    private static partial Regex Head();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
