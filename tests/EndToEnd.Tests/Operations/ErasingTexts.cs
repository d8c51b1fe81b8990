using Coordination.EndToEnd.Tests.Clusters;
using Coordination.EndToEnd.Tests.Faults;
using Npgsql;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>What is erased is found nowhere any more: not in what is answered, and not in the files of any server.</summary>
public sealed class ErasingTexts(LoadedData loaded)
{
    [Fact]
    public async Task Leaves_no_trace_in_the_folder_in_answers_exports_and_new_backups_and_none_in_an_older_backup_that_is_restored()
    {
        using var data = loaded.Copy();
        using var folder = new DataFolder();
        var older = Path.Combine(folder.Path, "older.backup");
        Canaries canaries;
        await using (var node = await NodeProcess.Start(data.Path, cancellation: Waiting.Cancellation))
        {
            canaries = new(node.Address, data.Path, "one");
            await canaries.Write();
            await canaries.ShouldAllBeIn(data.Path);
            await Tool.Succeed(null, "backup", older, "--data", data.Path);
            await ErasedTexts.Erase(node.Address, canaries, null);
            Assert.Equal(0, await End(node));
        }

        await Tool.Succeed(null, "journal", "compact", "--data", data.Path);
        await canaries.ShouldNotBeIn(data.Path, "the data folder");
        await ErasedTexts.Export(canaries, folder.Path, command => Tool.Succeed(null, [.. command, "--data", data.Path]));

        // An older backup still holds them. With the list it is without them too.
        var (list, restored, without) = (Path.Combine(folder.Path, "erasures"), Path.Combine(folder.Path, "restored"), Path.Combine(folder.Path, "without"));
        await Tool.Succeed(null, "journal", "erasures", list, "--data", data.Path);
        await Tool.Succeed(null, "restore", older, "--data", without);
        await Assert.ThrowsAnyAsync<Exception>(() => canaries.ShouldNotBeIn(without, "what was restored without the list"));
        Assert.Contains("Erased the texts of", await Tool.Succeed(null, "restore", older, "--erasures", list, "--data", restored), StringComparison.Ordinal);
        await Tool.Succeed(null, "journal", "compact", "--data", restored);
        await canaries.ShouldNotBeIn(restored, "what was restored with the list");
        Assert.Contains("the chain is whole", await Tool.Succeed(null, "journal", "verify", "--data", restored), StringComparison.Ordinal);
        var (refused, _, why) = await Tool.Run(null, "restore", older, "--erasures", older, "--data", Path.Combine(folder.Path, "refused"));
        Assert.Equal((65, true), (refused, why.Contains("nothing was restored", StringComparison.Ordinal)));
        // The account that was erased after the backup is none there either.
        await using (var node = await NodeProcess.Start(restored, cancellation: Waiting.Cancellation))
        {
            using var administrator = await canaries.As(node.Address, "administrator");
            Assert.DoesNotContain(canaries.Account, (await administrator.Get("bodies/ruritania", Waiting.Cancellation)).GetRawText(), StringComparison.Ordinal);
        }


        Assert.False(Directory.Exists(Path.Combine(folder.Path, "refused")));

        await using var again = await NodeProcess.Start(data.Path, cancellation: Waiting.Cancellation);
        await ErasedTexts.SayAgain(again.Address, canaries);
        await ErasedTexts.ShouldShowNone(again.Address, canaries);
    }

    private static async Task<int> End(NodeProcess node)
    {
        await node.Signal("TERM", Waiting.Cancellation);
        return await node.Ended(TimeSpan.FromSeconds(30), Waiting.Cancellation);
    }

    [Fact]
    public async Task Is_done_by_the_tool_where_no_platform_runs()
    {
        using var data = loaded.Copy();
        string word;
        Receipt update;
        await using (var node = await NodeProcess.Start(data.Path, cancellation: Waiting.Cancellation))
        {
            using var caller = await Caller.SignIn(node.Address, "ruritania", Waiting.Cancellation);
            word = $"tool-{Guid.NewGuid():N}";
            update = await caller.Write("groups/meridian-contact-group/updates", new { text = word }, Waiting.Cancellation);
            var (busy, _, reason) = await Tool.Run(null, "journal", "erase", $"{update.Position}", "--reason", "By mistake.", "--data", data.Path);
            Assert.Equal((69, true), (busy, reason.Contains("in use by another process", StringComparison.Ordinal)));
            Assert.Equal(0, await End(node));
        }

        var (unknown, _, why) = await Tool.Run(null, "journal", "erase", "999999", "--reason", "By mistake.", "--data", data.Path);
        Assert.Equal((64, true), (unknown, why.Contains("no entry at this position", StringComparison.Ordinal)));
        Assert.Contains($"Erased the texts at {update.Position}", await Tool.Succeed(null, "journal", "erase", $"{update.Position}", "--reason", "By mistake.", "--data", data.Path), StringComparison.Ordinal);
        Assert.Contains("no texts (any more)", await Tool.Succeed(null, "journal", "erase", $"{update.Position}", "--reason", "By mistake.", "--data", data.Path), StringComparison.Ordinal);
        // The views were stored before, and hold the word until the platform starts, or until they are folded anew here.
        await Tool.Succeed(null, "journal", "compact", "--data", data.Path);
        foreach (var file in Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(word, await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, Waiting.Cancellation), StringComparison.Ordinal);
        await using var again = await NodeProcess.Start(data.Path, cancellation: Waiting.Cancellation);
        using var reader = await Caller.SignIn(again.Address, "valdoria", Waiting.Cancellation);
        var told = (await reader.Feed(update.Position - 1, Waiting.Cancellation)).ToDictionary(entry => entry.GetProperty("type").GetString()!, entry => entry.GetProperty("data"));
        Assert.Equal(ErasedTexts.Erased, told["group.update-shared"].GetProperty("text").GetString());
        Assert.Equal("By mistake.", told["journal.texts-erased"].GetProperty("reason").GetString());
    }
}

/// <inheritdoc cref="ErasingTexts"/>
[Trait("On", "cluster")]
public sealed class ErasingTextsOnACluster(RunningCluster running) : IClassFixture<RunningCluster>
{
    [Fact]
    public async Task Leaves_no_trace_in_the_files_of_PostgreSQL_and_RabbitMQ_in_answers_exports_and_new_backups()
    {
        var cluster = running.Cluster;
        var canaries = new Canaries(cluster.Address, cluster.Data, $"c{Random.Shared.Next():x}");
        await canaries.Write();
        await canaries.ShouldAllBeIn(cluster.Data);
        // Messages never hold them.
        await canaries.ShouldNotBeIn(cluster.Data, "RabbitMQ", file => file.Contains("rabbitmq", StringComparison.Ordinal));
        await ErasedTexts.Erase(cluster.Address, canaries, Operate);
        await Operate("journal", "compact");
        await canaries.ShouldNotBeIn(cluster.Data, "the files of all servers");
        // What PostgreSQL has compressed is read by PostgreSQL.
        await using (var connection = await cluster.Database.OpenConnectionAsync(Waiting.Cancellation))
        {
            foreach (var table in (string[])["entries", "texts", "commands", "snapshots", "views", "view_items", "inbox", "records"])
            {
                await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || encode($1::bytea, 'hex') || '%'", connection)
                {
                    Parameters = { new() { Value = canaries.Prefix } },
                };
                Assert.Equal((table, 0L), (table, (long)(await command.ExecuteScalarAsync(Waiting.Cancellation))!));
            }
        }

        using var folder = new DataFolder();
        await ErasedTexts.Export(canaries, folder.Path, Operate);
        await ErasedTexts.SayAgain(cluster.Address, canaries);
        await ErasedTexts.ShouldShowNone(cluster.Address, canaries);

        async Task<string> Operate(params string[] command)
        {
            var (code, output, errors) = await cluster.Operate(command);
            return code == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)}: {code} {output} {errors}");
        }
    }
}

/// <summary>How texts are erased, and where they are looked for.</summary>
internal static class ErasedTexts
{
    public const string Erased = "[erased]";

    /// <summary>Who looks at it: those who wrote it, an outsider, an administrator.</summary>
    private static readonly string[] Viewers = ["ruritania", "valdoria", "sweden", "administrator"];

    /// <summary>Erases all that was written, over HTTP as an administrator does, and then the reason for it and the account too.</summary>
    /// <param name="operate">Runs the operator's tool while the platform runs, where that is possible; then the reason is erased with it.</param>
    public static async Task Erase(Uri address, Canaries canaries, Func<string[], Task<string>>? operate)
    {
        using var administrator = await canaries.As(address, "administrator");
        using var coordinator = await Caller.SignIn(address, "ruritania", Waiting.Cancellation);
        using var refused = await coordinator.Send("journal/erasures", new { positions = canaries.Positions, reason = "Not mine to do." }, null, Waiting.Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        var before = await administrator.Get("journal/verify", Waiting.Cancellation);
        var erased = await administrator.Write("journal/erasures", new { positions = canaries.Positions, reason = canaries.Word("why") }, Waiting.Cancellation);
        // What the facts say that are written for it; each viewer is told of what it could see.
        var facts = Enumerable.Range((int)before.GetProperty("entries").GetInt64() + 1, (int)(erased.Position - before.GetProperty("entries").GetInt64())).Select(position => (long)position).ToList();
        Assert.True(facts.Count >= 4, $"Entries of several audiences take several facts, and there are {facts.Count}.");
        await Waiting.Until("the writer finds it in its inbox", TimeSpan.FromSeconds(20), async () =>
            (await coordinator.All($"inbox?seen={erased.Position}", Waiting.Cancellation)).Count(item => item.GetProperty("reason").GetString() == "erasure") >= 3 ? null : "three erasures");
        if (operate is null) await administrator.Write("journal/erasures", new { positions = facts, reason = "The reason names a person." }, Waiting.Cancellation);
        else await operate(["journal", "erase", .. facts.Select(position => $"{position}"), "--reason", "The reason names a person."]);
        await administrator.Delete($"accounts/{canaries.Account}", Waiting.Cancellation);
        await ShouldShowNone(address, canaries);
        Assert.True((await administrator.Get("journal/verify", Waiting.Cancellation)).GetProperty("ok").GetBoolean());
    }

    /// <summary>No answer that anyone can get holds a word of it.</summary>
    public static async Task ShouldShowNone(Uri address, Canaries canaries)
    {
        foreach (var viewer in Viewers)
        {
            using var caller = await canaries.As(address, viewer);
            foreach (var list in (string[])["bodies", "plans", "milestones", "requests", "groups", "inbox", "subscriptions", "feed", $"groups/{canaries.Group}/updates"])
                canaries.ShouldNotBeSaid(string.Join('\n', (await caller.All(list, Waiting.Cancellation)).Select(item => item.GetRawText())), $"{list} of {viewer}");
            foreach (var entry in await Entries(caller)) canaries.ShouldNotBeSaid(entry, $"the journal's entries of {viewer}");
        }

        using var ruritania = await Caller.SignIn(address, "ruritania", Waiting.Cancellation);
        foreach (var page in (string[])[$"plans/{canaries.Plan}", $"plans/{canaries.Plan}/measures", $"plans/{canaries.Plan}/milestones/{canaries.Milestone}", $"plans/{canaries.Plan}/milestones/{canaries.Milestone}/reports", $"requests/{canaries.Request}", $"groups/{canaries.Group}", "bodies/ruritania", $"bodies/{canaries.Body}"])
        {
            var shown = (await ruritania.Get(page, Waiting.Cancellation)).GetRawText();
            canaries.ShouldNotBeSaid(shown, page);
            Assert.Contains(Erased, shown, StringComparison.Ordinal);
        }
    }

    private static async Task<List<string>> Entries(Caller caller)
    {
        var entries = new List<string>();
        for (var after = "0"; ;)
        {
            var page = await caller.Get($"journal/entries?after={after}", Waiting.Cancellation);
            foreach (var entry in page.GetProperty("items").EnumerateArray())
            {
                entries.Add(string.Join('\n', ((string[])["data", "texts", "audience"]).Select(name =>
                    entry.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? System.Text.Encoding.UTF8.GetString(value.GetBytesFromBase64()) : "")));
            }

            if (!page.TryGetProperty("next", out var next) || next.ValueKind is JsonValueKind.Null) return entries;
            after = next.GetString()!;
        }
    }

    /// <summary>A repeat of what was erased gets its first answer, whatever it says now: what it said then nobody knows any more.</summary>
    public static async Task SayAgain(Uri address, Canaries canaries)
    {
        using var writer = await Caller.SignIn(address, "ruritania", Waiting.Cancellation);
        var (path, body, key, receipt) = canaries.First;
        Assert.Equal(receipt, await writer.Write(path, body, Waiting.Cancellation, key));
        Assert.Equal(receipt, await writer.Write(path, new { title = "Something else" }, Waiting.Cancellation, key));
    }

    public static async Task Export(Canaries canaries, string folder, Func<string[], Task<string>> operate)
    {
        var (export, backup, digest) = (Path.Combine(folder, "export.jsonl"), Path.Combine(folder, "new.backup"), "");
        await operate(["journal", "export", export]);
        // Texts stand in it in base64.
        foreach (var line in await File.ReadAllLinesAsync(export, Waiting.Cancellation))
        {
            var entry = JsonDocument.Parse(line).RootElement;
            foreach (var name in (string[])["data", "texts"])
                if (entry.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String) canaries.ShouldNotBeSaid(System.Text.Encoding.UTF8.GetString(value.GetBytesFromBase64()), "the export");
        }

        Assert.StartsWith("whole: ", (await Shell.Succeed(Tools.Python, [Path.Combine(Tools.Repository, "tests", "verify_journal.py"), export], TimeSpan.FromSeconds(60), null)).Trim(), StringComparison.Ordinal);
        await operate(["backup", backup]);
        // It holds texts in base64 too; what it restores does not.
        var fresh = Path.Combine(folder, "fresh");
        await Tool.Succeed(null, "restore", backup, "--data", fresh);
        await canaries.ShouldNotBeIn(fresh, "a new backup");
        foreach (var how in (string[][])[["views", "digest"], ["views", "digest", "--stored"]])
        {
            var now = await operate(how);
            Assert.True(digest.Length == 0 || digest == now, $"The journal folds to {digest}, and {now} is stored.");
            digest = how.Length == 2 ? now : digest;
        }
    }
}
