using Coordination.Host.Accounts;
using Coordination.Host.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Coordination.Silo.Tests.Trust;

/// <summary>
/// Changes in every table and file beside the chain, and at its ends, by somebody who can write to all of them and does not know the secret: older rows that were whole once
/// among them. Each is found by the next start, by a verification, or by a head that was kept outside, and nothing of it is told.
/// </summary>
public sealed class Manipulations
{
    /// <summary>Who finds it.</summary>
    public enum By
    {
        Opening, Start, Verify, Head, Nobody,
    }

    /// <summary>Bytes as both databases write them: the name of the function differs.</summary>
    private const string Zeros = "ZEROS";

    private static readonly (string What, By By, string Sql)[] Changes =
    [
        ("nothing", By.Nobody, "UPDATE head SET commits = commits"),
        // The chain and its head.
        ("an entry's data", By.Start, $"UPDATE entries SET data = {Zeros}(12) WHERE position = 3"),
        ("an entry's audience", By.Start, "UPDATE entries SET audience = (SELECT audience FROM entries WHERE position = 1) WHERE fact = 'request.opened'"),
        ("an entry's actor", By.Start, "UPDATE entries SET actor = 'somebody' WHERE position = 5"),
        ("the last entry's data", By.Start, $"UPDATE entries SET data = {Zeros}(12) WHERE position = (SELECT position FROM head)"),
        ("an entry deleted", By.Start, "DELETE FROM entries WHERE position = 7"),
        ("the first entry deleted", By.Start, "DELETE FROM entries WHERE position = 1"),
        ("the last entry deleted", By.Start, "DELETE FROM entries WHERE position = (SELECT position FROM head); DELETE FROM trust WHERE name = 'checked'"),
        ("texts", By.Start, $"UPDATE texts SET texts = {Zeros}(4) WHERE position = (SELECT min(position) FROM texts)"),
        ("texts deleted", By.Start, "DELETE FROM texts WHERE position = (SELECT min(position) FROM texts)"),
        ("texts of no entry", By.Start, $"INSERT INTO texts VALUES (-1, {Zeros}(16), {Zeros}(2))"),
        ("the head's hash", By.Start, $"UPDATE head SET hash = {Zeros}(32)"),
        ("a shorter hash of the head", By.Start, $"UPDATE head SET hash = {Zeros}(5)"),
        ("the head's position, further", By.Start, "UPDATE head SET position = position + 1"),
        ("the head's position, back", By.Start, "UPDATE head SET position = position - 1"),
        ("the head's row deleted", By.Opening, "DELETE FROM head"),
        ("the head an earlier one", By.Start, "DELETE FROM head; INSERT INTO head SELECT * FROM older_head"),
        ("the tail cut off with the head", By.Start, CutOff),
        ("the tail cut off with head and mark", By.Start, $"{CutOff}; DELETE FROM trust; INSERT INTO trust SELECT * FROM older_trust"),
        ("the tail cut off with head, mark and signed heads", By.Start,
            $"{CutOff}; DELETE FROM trust; INSERT INTO trust SELECT * FROM older_trust; DELETE FROM heads; INSERT INTO heads SELECT * FROM older_heads"),
        ("the tail cut off with all that is in the tables", By.Head, EverythingOlder),
        // How far it was checked, and what was found.
        ("the mark of the checks further", By.Nobody, "UPDATE trust SET position = position + 1 WHERE name = 'checked'"),
        ("the mark of the checks deleted", By.Nobody, "DELETE FROM trust WHERE name = 'checked'"),
        ("the mark of the checks an earlier one", By.Nobody, "DELETE FROM trust WHERE name = 'checked'; INSERT INTO trust SELECT * FROM older_trust WHERE name = 'checked'"),
        ("the mark of the secret deleted", By.Opening, "DELETE FROM trust WHERE name = 'secret'"),
        ("the mark of the secret changed", By.Opening, $"UPDATE trust SET seal = {Zeros}(32) WHERE name = 'secret'"),
        ("all marks deleted", By.Opening, "DELETE FROM trust"),
        // Records.
        ("an account's name", By.Start, $"UPDATE records SET data = {Json("DisplayName", "Somebody else")} WHERE kind = 'account' AND id = 'a.person'"),
        ("another account's password", By.Start, "UPDATE records SET data = (SELECT data FROM records WHERE kind = 'account' AND id = 'outside') WHERE kind = 'account' AND id = 'a.person'"),
        ("another account's whole record", By.Start, "UPDATE records SET data = other.data, seal = other.seal, version = other.version FROM (SELECT * FROM records WHERE kind = 'account' AND id = 'outside') AS other WHERE records.kind = 'account' AND records.id = 'a.person'"),
        ("an older password", By.Start, "DELETE FROM records WHERE kind = 'account' AND id = 'a.person'; INSERT INTO records SELECT * FROM older_records WHERE kind = 'account' AND id = 'a.person'"),
        ("an older password with the version of now", By.Start, "UPDATE records SET data = older.data FROM (SELECT * FROM older_records) AS older WHERE records.kind = older.kind AND records.id = older.id AND records.id = 'a.person' AND records.kind = 'account'"),
        ("a record's version", By.Start, "UPDATE records SET version = version + 1 WHERE kind = 'account' AND id = 'a.person'"),
        ("an account deleted", By.Start, "DELETE FROM records WHERE kind = 'account' AND id = 'a.person'"),
        ("an account added", By.Start, "INSERT INTO records SELECT kind, 'c.person', version, data, seal FROM records WHERE kind = 'account' AND id = 'a.person'"),
        ("a seal", By.Start, $"UPDATE records SET seal = {Zeros}(32) WHERE kind = 'account' AND id = 'a.person'"),
        ("a seal taken away", By.Start, "UPDATE records SET seal = NULL WHERE kind = 'account' AND id = 'a.person'"),
        ("a sign-in name for another account", By.Start, "UPDATE records SET data = (SELECT data FROM records WHERE kind = 'sign-in-name' AND id = 'outside') WHERE kind = 'sign-in-name' AND id = 'a.person'"),
        ("a claim deleted", By.Start, "DELETE FROM records WHERE kind = 'body-name'"),
        ("all records deleted", By.Start, "DELETE FROM records"),
        ("all records deleted with their sums", By.Start, "DELETE FROM records; DELETE FROM sums"),
        ("a sum", By.Start, $"UPDATE sums SET sum = {Zeros}(32)"),
        ("a sum's count", By.Start, "UPDATE sums SET count = count + 1 WHERE bucket = 1"),
        ("the sum of another bucket", By.Start, "UPDATE sums SET count = other.count, sum = other.sum, seal = other.seal FROM (SELECT * FROM sums WHERE bucket = 2) AS other WHERE sums.bucket = 1"),
        ("older sums", By.Start, "DELETE FROM sums; INSERT INTO sums SELECT * FROM older_sums"),
        ("all older records with their sums", By.Start, "DELETE FROM records; INSERT INTO records SELECT * FROM older_records; DELETE FROM sums; INSERT INTO sums SELECT * FROM older_sums"),
        // Snapshots: one that is not the platform's is passed over, and an older one is only a longer way.
        ("a snapshot's data", By.Nobody, "UPDATE snapshots SET data = (SELECT data FROM snapshots ORDER BY stream LIMIT 1)"),
        ("a snapshot's stream", By.Nobody, "DELETE FROM snapshots WHERE stream <> 'plan/open-plan'; UPDATE snapshots SET stream = 'plan/closed-plan', version = 2"),
        ("a snapshot's form", By.Nobody, "UPDATE snapshots SET form = form + 1"),
        ("a snapshot beyond its stream", By.Start, "UPDATE snapshots SET version = version + 1000 WHERE stream = 'plan/open-plan'"),
        ("an older snapshot", By.Nobody, "DELETE FROM snapshots; INSERT INTO snapshots SELECT * FROM older_snapshots"),
        ("no snapshot", By.Nobody, "DELETE FROM snapshots"),
        // Receipts.
        ("a receipt's answer", By.Verify, "UPDATE commands SET answer = 'somewhere-else'"),
        ("a receipt's fingerprint", By.Verify, $"UPDATE commands SET fingerprint = {Zeros}(32)"),
        ("a receipt's position", By.Verify, "UPDATE commands SET position = 1"),
        ("a receipt's version", By.Verify, "UPDATE commands SET version = version + 1"),
        ("another command's receipt", By.Verify, "UPDATE commands SET answer = other.answer, fingerprint = other.fingerprint, seal = other.seal, position = other.position, version = other.version FROM (SELECT * FROM commands ORDER BY position LIMIT 1) AS other"),
        ("a receipt deleted", By.Verify, "DELETE FROM commands WHERE position = (SELECT max(position) FROM commands)"),
        ("a receipt added", By.Verify, $"INSERT INTO commands SELECT {Zeros}(32), fingerprint, key, answer, version, position, seal FROM commands ORDER BY position LIMIT 1"),
        // Inboxes and marks.
        ("a delivery for another body", By.Verify, "INSERT INTO inbox SELECT 'outside', position + 100000, reason, thread, NULL, seal FROM inbox WHERE body = 'valdoria' ORDER BY position LIMIT 1"),
        ("a delivery's reason", By.Verify, "UPDATE inbox SET reason = 'Addressed', seal = seal WHERE body = 'outside'; UPDATE inbox SET thread = 'plan/none'"),
        ("a delivery added", By.Verify, "INSERT INTO inbox (body, position, reason, thread) VALUES ('outside', 1, 'Addressed', 'plan/open-plan')"),
        // A fold of the journal would tell, nothing else does: see docs/journal.md.
        ("a delivery deleted", By.Nobody, "DELETE FROM inbox WHERE position = (SELECT max(position) FROM inbox)"),
        ("a mark of a reactor forward within the journal", By.Nobody, "INSERT INTO marks SELECT 'another', position FROM head"),
        ("the inboxes' mark beyond the journal", By.Start, "UPDATE marks SET position = position + 1000 WHERE reactor = 'inboxes'"),
        ("the inboxes' forgotten beyond the journal", By.Start, "UPDATE marks SET position = 1000000 WHERE reactor = 'inboxes forgotten'"),
        ("an unknown mark beyond the journal", By.Start, "INSERT INTO marks VALUES ('another', 1000000)"),
        // Signed heads.
        ("a signed head's hash", By.Nobody, $"UPDATE heads SET hash = {Zeros}(32)"),
        ("signed heads deleted", By.Nobody, "DELETE FROM heads"),
        ("a signed head of no moment", By.Nobody, "INSERT INTO heads SELECT position + 1000, hash, 9223372036854775807, beside, key, signature FROM heads"),
    ];

    private const string CutOff =
        """
        DELETE FROM texts WHERE position > (SELECT position FROM older_head); DELETE FROM entries WHERE position > (SELECT position FROM older_head);
        DELETE FROM commands WHERE position > (SELECT position FROM older_head); DELETE FROM head; INSERT INTO head SELECT * FROM older_head
        """;

    private const string EverythingOlder =
        $"""
        {CutOff}; DELETE FROM trust; INSERT INTO trust SELECT * FROM older_trust; DELETE FROM heads; INSERT INTO heads SELECT * FROM older_heads;
        DELETE FROM records; INSERT INTO records SELECT * FROM older_records; DELETE FROM sums; INSERT INTO sums SELECT * FROM older_sums;
        DELETE FROM snapshots; INSERT INTO snapshots SELECT * FROM older_snapshots; DELETE FROM inbox; INSERT INTO inbox SELECT * FROM older_inbox;
        DELETE FROM marks; INSERT INTO marks SELECT * FROM older_marks; DELETE FROM outbox
        """;

    [Trait("On", "both")]
    [Fact]
    public async Task Are_found_and_nothing_of_them_is_told()
    {
        var (folder, outside) = await Prepared();
        using var _ = folder;
        Truth truth;
        await using (var store = await RunningSilo.OpenStore(folder)) truth = await Truth.Of(store);
        var (wrong, lines) = (new List<string>(), new List<string>());
        foreach (var (what, by, sql) in Changes)
        {
            using var changed = folder.Copy();
            // The file of heads stands in the folder, where who writes to the database does not come; where all tables are older, it is too.
            if (by is not By.Head) CopyHeads(folder, changed);
            changed.Tamper(In(sql));
            if (by is By.Head) changed.TamperViews(ClusterServers.Wanted ? "DELETE FROM view_items; DELETE FROM views" : "DELETE FROM items; DELETE FROM views");
            var found = await Found(changed, outside, truth, what, wrong);
            lines.Add($"{what}: {found}");
            if (found != by) wrong.Add($"{what} was to be found by {by} and was by {found}.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(Environment.NewLine, lines));
        Assert.True(Changes.Length >= 60, $"There are {Changes.Length}.");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Of_files_in_the_data_folder_are_found()
    {
        Assert.SkipWhen(ClusterServers.Wanted, "There are no such files.");
        var (folder, outside) = await Prepared();
        using var _ = folder;
        Truth truth;
        await using (var store = await RunningSilo.OpenStore(folder)) truth = await Truth.Of(store);
        var wrong = new List<string>();
        foreach (var (what, by, change) in new (string, By, Action<string>)[]
        {
            ("another secret", By.Opening, path => File.WriteAllText(Path.Combine(path, Secret.FileName), Convert.ToBase64String(new byte[32]))),
            ("no secret", By.Opening, path => File.Delete(Path.Combine(path, Secret.FileName))),
            ("a line of the heads", By.Start, path => File.WriteAllText(Path.Combine(path, Heads.FileName), "{}\n")),
            ("no heads", By.Nobody, path => File.Delete(Path.Combine(path, Heads.FileName))),
            // Whoever has none of the platform's heads has none that contradicts.
            ("somebody else's heads", By.Nobody, path => File.WriteAllBytes(Path.Combine(path, Heads.FileName), [.. HeadLine.Of(new HeadSigner(Secret.Random()).Sign(new(1, new byte[32]), 0, DateTimeOffset.UnixEpoch)).ToJson(), (byte)'\n'])),
        })
        {
            using var changed = folder.Copy();
            CopyHeads(folder, changed);
            change(changed.Path);
            if (await Found(changed, outside, truth, what, wrong) is var found && found != by) wrong.Add($"{what} was to be found by {by} and was by {found}.");
        }

        Assert.Empty(wrong);
    }

    private static void CopyHeads(DataFolder from, DataFolder to) => File.Copy(Path.Combine(from.Path, Heads.FileName), Path.Combine(to.Path, Heads.FileName));

    /// <summary>A platform that was busy for a week and stopped; beside its tables, copies of them from the middle of the week.</summary>
    private static async Task<(DataFolder Folder, IReadOnlyList<SignedHead> Outside)> Prepared()
    {
        var first = await RunningSilo.Start(configure: options => options.SnapshotEvery = 5);
        await Views.Restarts.ABusyWeek(first);
        await first.Settle();
        // The older rows must be whole: nothing is written meanwhile.
        var folder = await first.Stop();
        foreach (var table in (string[])["head", "records", "sums", "trust", "heads", "snapshots", "inbox", "marks"])
            folder.Tamper($"CREATE TABLE older_{table} AS SELECT * FROM {table}");
        await using (var second = await RunningSilo.Start(folder, options => options.SnapshotEvery = 5))
        {
            await second.Draft("ruritania", "later-plan");
            for (var time = 0; time < 12; time++) await second.Plan("open-plan").Give("ruritania", new ReportProgress("one", MilestoneStatus.InProgress, 30 + time));
            await second.Admit("later");
            // A password is replaced by another.
            var accounts = second.Services.GetRequiredService<AccountRecords>();
            var account = (await accounts.Find("a.person"))!;
            Assert.True(await accounts.Save(account with { PasswordHash = "the newer hash" }));
            await second.Settle();
            folder = await second.Stop();
            // Not gone with the silo.
            var copy = folder.Copy();
            CopyHeads(folder, copy);
            folder = copy;
        }

        await using var store = await RunningSilo.OpenStore(folder);
        return (folder, await store.Trust.Heads(null, 10, Waiting.Cancellation));
    }

    private static async Task<By> Found(DataFolder folder, IReadOnlyList<SignedHead> outside, Truth truth, string what, List<string> wrong)
    {
        IStore store;
        try
        {
            store = await RunningSilo.OpenStore(folder);
        }
        catch (JournalUnavailableException)
        {
            return By.Opening;
        }

        await using (store)
        {
            var heads = new Heads(store, new(store.Secret), Options.Create(new SiloOptions { Data = folder.Path }), TimeProvider.System, NullLogger<Heads>.Instance);
            try
            {
                await new StartCheck(store, heads, TimeProvider.System, NullLogger<StartCheck>.Instance).StartAsync(Waiting.Cancellation);
            }
            catch (JournalUnavailableException exception) when (exception.BrokenAt is null)
            {
                // Without its head row there is nothing to append to.
                return By.Start;
            }

            if (await truth.Contradicted(store) is { } untrue) wrong.Add($"After {what}, {untrue} is told.");
            if (await store.Trust.Broken(Waiting.Cancellation) is not null)
            {
                var append = new Append("plan/none", 0, null, null, DateTimeOffset.UnixEpoch, "somebody", null, [new("plan.none", 1, [], [], [])]);
                if (await Xunit.Record.ExceptionAsync(async () => await store.Journal.Append(append, Waiting.Cancellation)) is not JournalUnavailableException { BrokenAt: not null }) wrong.Add($"After {what}, something was appended.");
                return By.Start;
            }

            if ((await store.Journal.Verify(Waiting.Cancellation)).BrokenAt is not null || await store.Trust.CheckAllBeside(Waiting.Cancellation) is not null) return By.Verify;
            var head = await store.Journal.ReadHead(Waiting.Cancellation);
            foreach (var signed in outside)
                if (await Heads.Contradicts(store.Journal, signed, head, Waiting.Cancellation) is not null) return By.Head;
            return By.Nobody;
        }
    }

    private static string Json(string member, string value) => ClusterServers.Wanted
        ? $"convert_to(jsonb_set(convert_from(data, 'UTF8')::jsonb, '{{{member}}}', '\"{value}\"')::text, 'UTF8')"
        : $"CAST(json_set(CAST(data AS TEXT), '$.{member}', '{value}') AS BLOB)";

    private static string In(string sql) => ClusterServers.Wanted
        ? System.Text.RegularExpressions.Regex.Replace(sql, @"ZEROS\((\d+)\)", "decode(repeat('00', $1), 'hex')")
        : sql.Replace(Zeros, "zeroblob", StringComparison.Ordinal);

    /// <summary>What the rows beside the chain said before anybody changed them.</summary>
    private sealed class Truth
    {
        private static readonly string[] Kinds = ["account", "sign-in-name", "body-name", "id", "sessions"];
        private static readonly string[] Streams = ["plan/open-plan", "plan/closed-plan", "plan/later-plan", "body/ruritania"];
        private static readonly string[] Bodies = ["ruritania", "valdoria", "secretariat", "rapporteur", "outside"];
        private readonly Dictionary<(string Kind, string Id), Record> _records = [];
        private readonly HashSet<(string Body, Delivery Delivery)> _deliveries = [];
        private readonly Dictionary<string, Receipt> _receipts = [];

        public static async Task<Truth> Of(IStore store)
        {
            var truth = new Truth();
            foreach (var kind in Kinds)
                foreach (var record in await store.Records.List(kind, Waiting.Cancellation)) truth._records.Add((kind, record.Id), record);
            foreach (var body in Bodies)
                foreach (var delivery in await store.Inboxes.Read(body, null, 1_000, Waiting.Cancellation)) truth._deliveries.Add((body, delivery));
            foreach (var entry in await store.Journal.ReadFrom(0, 1_000, Waiting.Cancellation))
                if (entry.Command is { } command) truth._receipts[Convert.ToHexString(command)] = (await store.Journal.FindCommand(command, Waiting.Cancellation))!;
            Assert.Equal("the newer hash", AccountRecords.Read(truth._records[("account", "a.person")]).PasswordHash);
            Assert.True(truth._deliveries.Count > 20 && truth._receipts.Count > 20, "There is too little to change.");
            return truth;
        }

        /// <summary>What a reader is told now and was not so; null when there is nothing. To be refused is not to be told.</summary>
        public async Task<string?> Contradicted(IStore store)
        {
            var head = (await Patiently(() => store.Journal.ReadHead(Waiting.Cancellation)))?.Position ?? 0;
            // Of a journal that is older as a whole everything is as it was then: a head outside tells.
            if (head < _receipts.Values.Max(receipt => receipt.Position) && await store.Trust.Broken(Waiting.Cancellation) is null) return null;
            foreach (var kind in Kinds)
            {
                foreach (var record in await store.Records.List(kind, Waiting.Cancellation))
                    if (!_records.TryGetValue((kind, record.Id), out var then) || then.Version != record.Version || !then.Data.AsSpan().SequenceEqual(record.Data)) return $"the record {kind}/{record.Id}";
            }

            foreach (var (kind, id) in _records.Keys)
            {
                if (await Patiently(async () => await store.Records.Read(kind, id, Waiting.Cancellation)) is { } record && !record.Data.AsSpan().SequenceEqual(_records[(kind, id)].Data)) return $"the record {kind}/{id}";
            }

            foreach (var body in Bodies)
            {
                foreach (var delivery in await Patiently(() => store.Inboxes.Read(body, null, 1_000, Waiting.Cancellation)) ?? [])
                    if (!_deliveries.Contains((body, delivery))) return $"what lies in the inbox of {body}";
            }

            foreach (var (command, receipt) in _receipts)
            {
                if (await Patiently(async () => await store.Journal.FindCommand(Convert.FromHexString(command), Waiting.Cancellation)) is { } now && now != receipt) return "a receipt";
            }

            foreach (var stream in Streams)
            {
                // An older one that the platform wrote says nothing but what was so at its version.
                if (await store.Journal.ReadSnapshot(stream, Waiting.Cancellation) is { } snapshot && !await IsOwn(store, stream, snapshot)) return $"the snapshot of {stream}";
            }

            return null;
        }

        /// <summary>What it holds is what its stream comes to at its version: a snapshot of a plan names the position of that entry.</summary>
        private static async Task<bool> IsOwn(IStore store, string stream, Snapshot snapshot)
        {
            using var json = System.Text.Json.JsonDocument.Parse(snapshot.Data);
            var position = json.RootElement.EnumerateObject().Single(member => member.Name.Equals("position", StringComparison.OrdinalIgnoreCase)).Value.GetInt64();
            // One that was made of entries which were cut off since is the platform's own, too.
            return position > (await store.Journal.ReadHead(Waiting.Cancellation)).Position
                || (await store.Journal.ReadAt([position], Waiting.Cancellation)) is [var entry] && entry.Stream == stream && entry.Version == snapshot.Version;
        }

        private static async Task<T?> Patiently<T>(Func<Task<T>> ask) where T : class?
        {
            try
            {
                return await ask();
            }
            catch (JournalUnavailableException)
            {
                return null;
            }
        }
    }
}
