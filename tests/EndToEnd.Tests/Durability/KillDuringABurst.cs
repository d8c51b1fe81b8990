using System.Collections.Concurrent;

namespace Coordination.EndToEnd.Tests.Durability;

/// <summary>The process is ended without a word while 16 clients write; whoever was told "done" can rely on it.</summary>
public sealed class KillDuringABurst(LoadedData loaded) : IAsyncLifetime
{
    private static readonly int Writes = TestSize.Of(400, 1_000);

    /// <summary>After how many acknowledgements each round's process is killed.</summary>
    private static readonly int[] Kills = TestSize.Of<int[]>([57, 271], [137, 500, 871]);

    private const int Clients = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DataFolder _folder = loaded.Copy();
    private readonly List<Caller> _clients = [];
    private NodeProcess _node = null!;
    private Caller _reader = null!;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeProcess.Start(_folder.Path, cancellation: Waiting.Cancellation);
        _port = _node.Address.Port;
        // Someone whom none of it concerns: everything is shared with the community, so all of it is seen.
        _reader = await Caller.SignIn(_node.Address, "canada", Waiting.Cancellation);
        for (var client = 0; client < Clients; client++)
            _clients.Add(await Caller.SignIn(_node.Address, Burst.Writers[client % Burst.Writers.Length].Account, Waiting.Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        foreach (var client in _clients) client.Dispose();
        if (_node is not null) await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Trait("Full", "scale")]
    [Fact]
    public async Task Every_acknowledged_write_is_there_once_after_kill_9_and_the_chain_holds_and_views_and_inboxes_catch_up()
    {
        var expected = new Dictionary<long, Sent>();
        var before = (await _reader.Feed(0, Waiting.Cancellation))[^1].GetProperty("position").GetInt64();
        foreach (var (index, killAfter) in Kills.Index())
        {
            var round = index + 1;
            var writes = Burst.Of(round, Writes);
            var acknowledged = await WriteAndKill(writes, killAfter);
            _node = await NodeProcess.Start(_folder.Path, _port, cancellation: Waiting.Cancellation);

            var fed = Find(writes, await _reader.Feed(before, Waiting.Cancellation), expected);
            foreach (var (sent, receipt) in acknowledged)
                Assert.True(
                    fed.TryGetValue(sent, out var entry) && entry.GetProperty("position").GetInt64() == receipt.Position,
                    $"{sent.Text} was acknowledged at {receipt.Position} and is not there after the restart.");
            await Verify();
            await ViewsAgree(fed.Select(pair => (pair.Key, pair.Value)), "after the restart");
            Waiting.Say($"Round {round}: killed after {killAfter} acknowledgements; {acknowledged.Count} were acknowledged, {fed.Count} of {Writes} were kept.");

            var receipts = await Resend(writes);
            foreach (var (sent, receipt) in acknowledged) Assert.Equal(receipt, receipts[sent]);
            foreach (var (sent, entry) in fed) Assert.Equal(entry.GetProperty("position").GetInt64(), receipts[sent].Position);
            foreach (var (sent, receipt) in receipts) expected.Add(receipt.Position, sent);

            var feed = await _reader.Feed(before, Waiting.Cancellation);
            Assert.Equal(expected.Keys.Order(), feed.Select(entry => entry.GetProperty("position").GetInt64()));
            foreach (var entry in feed) AssertIs(expected[entry.GetProperty("position").GetInt64()], entry);
            await Verify();
            await ViewsAgree(feed.Select(entry => (expected[entry.GetProperty("position").GetInt64()], entry)), "after everything was sent again");
            await InboxesAgree(expected);
        }
    }

    /// <summary>Sends until the process is gone; answers what was acknowledged.</summary>
    private async Task<Dictionary<Sent, Receipt>> WriteAndKill(List<Sent> writes, int killAfter)
    {
        var acknowledged = new ConcurrentDictionary<Sent, Receipt>();
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var kill = killed.Task.ContinueWith(_ => _node.Kill(Waiting.Cancellation), TaskScheduler.Default).Unwrap();
        await Task.WhenAll(ByClient(writes).Select(async pair =>
        {
            foreach (var sent in pair.Writes)
            {
                try
                {
                    using var answer = await pair.Client.Send(sent.Path, sent.Body, sent.Key, Waiting.Cancellation);
                    acknowledged[sent] = await Caller.ReceiptOf(answer, sent.Path, Waiting.Cancellation);
                    if (Interlocked.Increment(ref count) == killAfter) killed.SetResult();
                }
                catch (HttpRequestException) when (killed.Task.IsCompleted)
                {
                    return;
                }
            }
        }));
        Assert.True(killed.Task.IsCompleted, $"Only {count} writes were acknowledged; the process was to be killed after {killAfter}.");
        await kill;
        await _node.DisposeAsync();
        return new(acknowledged);
    }

    /// <summary>All of it again, with the same keys.</summary>
    private async Task<Dictionary<Sent, Receipt>> Resend(List<Sent> writes)
    {
        var receipts = new ConcurrentDictionary<Sent, Receipt>();
        await Task.WhenAll(ByClient(writes).Select(async pair =>
        {
            foreach (var sent in pair.Writes)
                receipts[sent] = await pair.Client.Write(sent.Path, sent.Body, Waiting.Cancellation, sent.Key);
        }));
        return new(receipts);
    }

    /// <summary>Each client has the writes of its own account, evenly.</summary>
    private IEnumerable<(Caller Client, List<Sent> Writes)> ByClient(List<Sent> writes)
    {
        for (var client = 0; client < Clients; client++)
        {
            var writer = client % Burst.Writers.Length;
            var mates = Enumerable.Range(0, Clients).Where(other => other % Burst.Writers.Length == writer).ToList();
            var own = writes.Where(sent => sent.Account == Burst.Writers[writer].Account).Where((_, index) => mates[index % mates.Count] == client);
            yield return (_clients[client], [.. own]);
        }
    }

    /// <summary>Where the feed has the writes of this round; what earlier rounds left must still be there, and nothing else may be.</summary>
    private static Dictionary<Sent, JsonElement> Find(List<Sent> writes, List<JsonElement> feed, Dictionary<long, Sent> earlier)
    {
        var byText = writes.ToDictionary(sent => sent.Text);
        var found = new Dictionary<Sent, JsonElement>();
        var left = new HashSet<long>(earlier.Keys);
        foreach (var entry in feed)
        {
            var position = entry.GetProperty("position").GetInt64();
            if (earlier.TryGetValue(position, out var old))
            {
                AssertIs(old, entry);
                left.Remove(position);
                continue;
            }

            Assert.True(byText.TryGetValue(TextOf(entry), out var sent), $"Nobody wrote what the feed has at {position}: {entry}");
            Assert.True(found.TryAdd(sent!, entry), $"{sent!.Text} is there twice: {entry}");
            AssertIs(sent!, entry);
        }

        Assert.Empty(left);
        return found;
    }

    private static string TextOf(JsonElement entry)
    {
        var data = entry.GetProperty("data");
        return (entry.GetProperty("type").GetString() == "request.opened" ? data.GetProperty("subject") : data.GetProperty("text")).GetString()!;
    }

    private static void AssertIs(Sent sent, JsonElement entry)
    {
        Assert.Equal(sent.Kind switch { "update" => "group.update-shared", "request" => "request.opened", _ => "plan.milestone-reported" }, entry.GetProperty("type").GetString());
        Assert.Equal(sent.Text, TextOf(entry));
        Assert.Equal(sent.Account, entry.GetProperty("body").GetString());
    }

    private async Task Verify()
    {
        var verified = await _reader.Get("journal/verify", Waiting.Cancellation);
        Assert.True(verified.GetProperty("ok").GetBoolean(), $"The chain is broken: {verified}");
    }

    /// <summary>Plans, milestones, requests and groups show what the feed's entries came to, without anybody writing again.</summary>
    private async Task ViewsAgree(IEnumerable<(Sent Sent, JsonElement Entry)> entries, string when)
    {
        var all = entries.OrderBy(pair => pair.Entry.GetProperty("position").GetInt64()).ToList();
        var seen = all.Count == 0 ? 0 : all[^1].Entry.GetProperty("position").GetInt64();
        foreach (var (_, plan) in Burst.Writers)
        {
            var listed = (await _reader.All($"milestones?plan={plan}&seen={seen}", Waiting.Cancellation)).ToDictionary(milestone => milestone.GetProperty("id").GetString()!);
            var reports = all.Where(pair => pair.Sent.Kind == "report" && pair.Entry.GetProperty("subject").GetProperty("id").GetString() == plan)
                .GroupBy(pair => pair.Entry.GetProperty("data").GetProperty("milestone").GetString()!);
            foreach (var milestone in reports)
            {
                var (sent, entry) = milestone.Last();
                var alone = await _reader.Get($"plans/{plan}/milestones/{milestone.Key}?seen={seen}", Waiting.Cancellation);
                foreach (var view in new[] { alone, listed[milestone.Key] })
                {
                    Assert.Equal(entry.GetProperty("data").GetProperty("progress").GetString(), view.GetProperty("progress").GetRawText());
                    Assert.Equal(entry.GetProperty("version").GetInt64(), view.GetProperty("version").GetInt64());
                }

                // Views keep the newest reports: exactly the last ones, each once.
                var told = (await _reader.All($"plans/{plan}/milestones/{milestone.Key}/reports?seen={seen}", Waiting.Cancellation))
                    .Select(report => report.GetProperty("note").GetString()!).ToList();
                Assert.True(sent.Text == told[0], $"{plan} {milestone.Key} {when}: {told[0]}");
                var written = milestone.Select(pair => pair.Sent.Text).Reverse().ToList();
                var both = Math.Min(told.Count, written.Count);
                Assert.Equal(written.Take(both), told.Take(both));
            }
        }

        var requests = (await _reader.All($"requests?seen={seen}", Waiting.Cancellation)).ToLookup(request => request.GetProperty("subject").GetString());
        foreach (var (sent, entry) in all.Where(pair => pair.Sent.Kind == "request"))
            Assert.Equal(entry.GetProperty("subject").GetProperty("id").GetString(), Assert.Single(requests[sent.Text]).GetProperty("id").GetString());

        var updates = (await _reader.All($"groups/{Burst.Group}/updates?seen={seen}", Waiting.Cancellation)).ToLookup(update => update.GetProperty("text").GetString());
        foreach (var (sent, entry) in all.Where(pair => pair.Sent.Kind == "update"))
            Assert.Equal(entry.GetProperty("position").GetInt64(), Assert.Single(updates[sent.Text]).GetProperty("position").GetInt64());
    }

    /// <summary>Each request is in its addressee's inbox once, each update in the other members'.</summary>
    private async Task InboxesAgree(Dictionary<long, Sent> expected)
    {
        foreach (var (account, _) in Burst.Writers)
        {
            using var body = await Caller.SignIn(_node.Address, account, Waiting.Cancellation);
            var due = expected.Where(pair => Concerns(pair.Value, account)).Select(pair => pair.Key).ToHashSet();
            List<long> positions = [];
            await Waiting.Until($"the inbox of {account} holds all {due.Count} requests and updates", Patience, async () =>
            {
                positions = [.. (await body.All("inbox", Waiting.Cancellation)).Select(item => item.GetProperty("position").GetInt64())];
                var missing = due.Except(positions).Order().ToList();
                return missing.Count == 0 ? null : $"{missing.Count}, the first at {missing[0]}";
            });
            Assert.Equal(positions.Distinct().Count(), positions.Count);
        }
    }

    private static bool Concerns(Sent sent, string account) => sent.Account != account && sent.Kind switch
    {
        "update" => true,
        "request" => JsonSerializer.SerializeToElement(sent.Body).GetProperty("to")[0].GetString() == account,
        _ => false,
    };
}
