using System.Text;
using System.Text.RegularExpressions;
using Coordination.Journal.Archives;
using Coordination.Journal.Postgres;
using Coordination.Journal.Sqlite;
using Coordination.Journal.Tests.Postgres;
using Coordination.Journal.Tests.Sqlite;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Archives;

/// <summary>A store, written down and taken in again by itself and by the other kind.</summary>
public sealed class ArchiveTests(PostgresServer server)
{
    [Fact]
    public async Task From_SQLite_to_PostgreSQL_and_back_nothing_changes()
    {
        await using var first = new SqliteFolder();
        await Fill(await first.Open());
        // More texts than PostgreSQL takes in at a time.
        await first.Store.Journal.MustAppend(Facts.Saying("plan/texts", 0, null, [.. Enumerable.Range(1, 5_100).Select(number => $"text {number}")]));
        // While it is open: a backup is made of a platform that runs.
        var file = await Write(new SqliteArchive(first.Path));
        await using var schema = new PostgresSchema(server);
        await Read(new PostgresArchive(schema.Options), file);
        var postgres = await schema.Open();
        await Same(first.Store, postgres);
        var again = await Write(new PostgresArchive(schema.Options));
        Assert.Equal(await Text(file), await Text(again));

        await using var second = new SqliteFolder();
        await Read(new SqliteArchive(second.Path), again);
        await Same(first.Store, await second.Open());
        // And both go on.
        foreach (var store in (IStore[])[postgres, second.Store])
        {
            Assert.IsType<AppendOutcome.Repeated>(await store.Journal.Append(Facts.To("plan/2", 0, "command-2"), Cancellation));
            await store.Journal.MustAppend(Facts.To("plan/2", 1, "command-new"));
            Assert.Null((await store.Journal.Verify(Cancellation)).BrokenAt);
        }
    }

    [Fact]
    public async Task An_empty_store_is_an_archive_too()
    {
        await using var first = new SqliteFolder();
        await first.Open();
        var file = await Write(new SqliteArchive(first.Path));
        await using var schema = new PostgresSchema(server);
        await Read(new PostgresArchive(schema.Options), file);
        Assert.Equal(0, (await (await schema.Open()).Journal.ReadHead(Cancellation)).Position);
    }

    [Fact]
    public async Task What_is_damaged_cut_off_or_something_else_is_refused_and_leaves_an_empty_store()
    {
        await using var first = new SqliteFolder();
        await Fill(await first.Open());
        var file = await Write(new SqliteArchive(first.Path));
        var text = await Text(file);
        var lines = text.Split('\n');
        byte[][] wrong =
        [
            [],
            "no backup"u8.ToArray(),
            file[..(file.Length / 2)],
            file[..^20],
            [.. file[..(file.Length / 2)], (byte)(file[file.Length / 2] ^ 1), .. file[(file.Length / 2 + 1)..]],
            await Zip("{}\n"),
            await Zip(string.Join('\n', lines[..^2]) + "\n"),
            await Zip(text.Replace("\"actor\":\"account-7\"", "\"actor\":\"account-8\"", StringComparison.Ordinal)),
            await Zip(string.Join('\n', lines.Where(line => !line.StartsWith("{\"record\"", StringComparison.Ordinal)))),
            await Zip(string.Join('\n', lines.Where(line => !line.StartsWith("{\"entry\":3,", StringComparison.Ordinal)))),
            await Zip(text + lines[1] + "\n"),
            await Zip(text.Replace("{\"coordination-backup\":2,", "{\"coordination-backup\":1,", StringComparison.Ordinal)),
            await Zip(Changed(lines, "\"texts\":\"[^\"]+\"", "\"texts\":\"e30=\"")),
            await Zip(Changed(lines, "\"textsSalt\":\"[^\"]+\"", "\"textsSalt\":null")),
            await Zip(Changed(lines, "\"texts\":\"[^\"]+\",\"textsSalt\":\"[^\"]+\"", "\"texts\":null,\"textsSalt\":null")),
            await Zip(Changed(lines, "\"via\":\"platform\"", "\"via\":\"web\"")),
        ];
        await using var schema = new PostgresSchema(server);
        await using var folder = new SqliteFolder();
        foreach (var (index, bytes) in wrong.Index())
        {
            foreach (var archive in (IArchive[])[new PostgresArchive(schema.Options), new SqliteArchive(folder.Path)])
            {
                var refused = await Assert.ThrowsAnyAsync<Exception>(() => Read(archive, bytes));
                Assert.True(refused is InvalidDataException, $"Number {index} in {archive.GetType().Name}: {refused}");
            }
        }

        // As empty as before: the sound one goes in.
        await Read(new PostgresArchive(schema.Options), file);
        await Read(new SqliteArchive(folder.Path), file);
        await Same(first.Store, await schema.Open());
        await Same(first.Store, await folder.Open());
    }

    [Theory]
    [InlineData("DELETE FROM records WHERE id = 'id 7'", "Records")]
    [InlineData("UPDATE records SET version = 2 WHERE id = 'id 7'", "A record of the kind")]
    [InlineData("UPDATE sums SET count = count + 1 WHERE bucket = 3", "Records")]
    [InlineData("DELETE FROM commands WHERE version = 1 AND position = 1", "receipts for")]
    [InlineData("UPDATE commands SET answer = 'another' WHERE position = 1", "The receipt of a command")]
    [InlineData("UPDATE head SET broken = 3", "has stopped writing")]
    public async Task Of_a_store_in_which_something_does_not_fit_no_backup_is_made(string change, string why)
    {
        await using var folder = new SqliteFolder();
        await using var schema = new PostgresSchema(server);
        foreach (var store in (IStore[])[await folder.Open(), await schema.Open()]) await Fill(store);
        await folder.Close();
        await Write(new SqliteArchive(folder.Path));
        folder.Tamper(change);
        await schema.Sql(change);
        foreach (var archive in (IArchive[])[new SqliteArchive(folder.Path), new PostgresArchive(schema.Options)])
        {
            var refused = await Assert.ThrowsAsync<InvalidDataException>(() => Write(archive));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_was_taken_in_is_marked_as_the_platform_s_own()
    {
        await using var first = new SqliteFolder();
        await Fill(await first.Open());
        var file = await Write(new SqliteArchive(first.Path));
        await using var schema = new PostgresSchema(server);
        await using var folder = new SqliteFolder();
        await Read(new PostgresArchive(schema.Options), file);
        await Read(new SqliteArchive(folder.Path), file);
        foreach (var store in (IStore[])[await schema.Open(), await folder.Open()])
        {
            Assert.Null(await store.Trust.CheckAllBeside(Cancellation));
            // All of it again, which is more than one look's worth.
            await store.Trust.SealAnew(Cancellation);
            Assert.Null(await store.Trust.CheckAllBeside(Cancellation));
            Assert.Equal(600, await store.Trust.RecordWrites(Cancellation));
        }
    }

    [Fact]
    public async Task A_store_that_holds_something_is_refused()
    {
        await using var first = new SqliteFolder();
        await Fill(await first.Open());
        var file = await Write(new SqliteArchive(first.Path));
        await using var schema = new PostgresSchema(server);
        await using var folder = new SqliteFolder();
        foreach (var store in (IStore[])[await schema.Open(), await folder.Open()])
            await store.Records.Write("account", "somebody", [1], null, Cancellation);
        await folder.Close();
        await Assert.ThrowsAsync<NotEmptyException>(() => Read(new PostgresArchive(schema.Options), file));
        await Assert.ThrowsAsync<NotEmptyException>(() => Read(new SqliteArchive(folder.Path), file));

        await using var other = new PostgresSchema(server);
        await (await other.Open()).Leases.Hold("relay", "silo-1", TimeSpan.FromMinutes(1), Cancellation);
        await Assert.ThrowsAsync<NotEmptyException>(() => Read(new PostgresArchive(other.Options), file));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Read(new SqliteArchive(first.Path), file));
    }

    [Fact]
    public async Task A_backup_is_of_one_moment_while_appends_go_on()
    {
        await using var schema = new PostgresSchema(server);
        var store = await schema.Open();
        await Fill(store);
        var reading = new PostgresArchive(schema.Options).Read(Cancellation).Checked(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await reading.MoveNextAsync());
        var head = Assert.IsType<Archived.OfHead>(reading.Current).Head;
        await store.Journal.MustAppend(Facts.To("plan/later", 0, "command-later"));
        var commands = new List<string>();
        while (await reading.MoveNextAsync())
        {
            if (reading.Current is Archived.OfCommand command) commands.Add(Convert.ToHexStringLower(command.Command));
        }

        await reading.DisposeAsync();
        Assert.Contains(Convert.ToHexStringLower(Facts.Digest("command-1")), commands);
        Assert.DoesNotContain(Convert.ToHexStringLower(Facts.Digest("command-later")), commands);
        Assert.True(head.Position < (await store.Journal.ReadHead(Cancellation)).Position);
    }

    [Fact]
    public async Task A_backup_of_after_an_erasure_holds_neither_the_texts_nor_the_keys_of_their_commands()
    {
        await using var folder = new SqliteFolder();
        await using var schema = new PostgresSchema(server);
        foreach (var (store, archive) in new (IStore, IArchive)[] { (await folder.Open(), new SqliteArchive(folder.Path)), (await schema.Open(), new PostgresArchive(schema.Options)) })
        {
            await store.Journal.MustAppend(Facts.Saying("plan/a", 0, "erased", "a secret", "another"));
            await store.Journal.MustAppend(Facts.Saying("plan/b", 0, "kept", "what stays"));
            var key = (await store.Journal.FindCommand("erased", Cancellation))!.Fingerprint!.Key!;
            Assert.True(await Holds("a secret"u8.ToArray(), key), "It is looked for in the wrong place.");
            await store.Journal.MustAppend(Facts.Erasing("erasures", 0, 1));
            Assert.False(await Holds("a secret"u8.ToArray(), []));
            Assert.False(await Holds([], key));
            Assert.True(await Holds("another"u8.ToArray(), (await store.Journal.FindCommand("kept", Cancellation))!.Fingerprint!.Key!));

            async Task<bool> Holds(byte[] text, byte[] hex)
            {
                var found = await Text(await Write(archive));
                return found.Contains(Convert.ToBase64String(text), StringComparison.Ordinal) && found.Contains(Convert.ToHexStringLower(hex), StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The first line in which a pattern is found, changed; all others as they are.</summary>
    private static string Changed(string[] lines, string pattern, string replacement)
    {
        var index = Array.FindIndex(lines, line => Regex.IsMatch(line, pattern));
        Assert.True(index >= 0, pattern);
        return string.Join('\n', lines.Select((line, at) => at == index ? Regex.Replace(line, pattern, replacement) : line));
    }

    /// <summary>More than one look's worth of everything.</summary>
    private static async Task Fill(IStore store)
    {
        foreach (var number in Enumerable.Range(1, 600))
            await store.Journal.MustAppend(Facts.To($"plan/{number}", 0, number % 3 == 0 ? null : $"command-{number}") with
            {
                Trace = number % 2 == 0 ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : null,
                Body = number % 5 == 0 ? null : "body-é",
                Entries = [number % 4 == 0 ? Facts.With($"text {number} 🌊") : Facts.Some()],
                Cause = number % 7 == 0 ? number - 1 : null,
                Batch = number % 11 == 0 ? "batch-é" : null,
            });
        await store.Journal.MustAppend(Facts.To("plan/1", 1, "command-many", count: 7));
        await store.Journal.MustAppend(Facts.Erasing("erasures", 0, 4, 40));
        foreach (var number in Enumerable.Range(1, 300))
            await store.Records.Write(number % 2 == 0 ? "account" : "reminder", $"id {number}", [0, 255, (byte)(number % 256)], null, Cancellation);
        await store.Records.Write("account", "id 2", [], null, Cancellation);
    }

    private static async Task Same(IStore expected, IStore actual)
    {
        var head = await expected.Journal.ReadHead(Cancellation);
        Assert.Equivalent(head, await actual.Journal.ReadHead(Cancellation), strict: true);
        Assert.Equivalent(await expected.Journal.ReadFrom(0, int.MaxValue, Cancellation), await actual.Journal.ReadFrom(0, int.MaxValue, Cancellation), strict: true);
        foreach (var command in (string[])["command-1", "command-2", "command-599", "command-many", "command-3"])
            Assert.Equal(await expected.Journal.FindCommand(command, Cancellation), await actual.Journal.FindCommand(command, Cancellation));
        foreach (var kind in (string[])["account", "reminder"])
            Assert.Equivalent(await expected.Records.List(kind, Cancellation), await actual.Records.List(kind, Cancellation), strict: true);
        Assert.Equal(new(head.Position, null, Convert.ToHexStringLower(head.Hash)), await actual.Journal.Verify(Cancellation));
        Assert.Equal(0, await actual.Inboxes.DeliveredUpTo(Cancellation));
    }

    private static async Task<byte[]> Write(IArchive archive)
    {
        using var file = new MemoryStream();
        await ArchiveFile.Write(archive.Read(Cancellation), file, null, Cancellation);
        return file.ToArray();
    }

    private static async Task Read(IArchive archive, byte[] file)
    {
        using var stream = new MemoryStream(file);
        await archive.Fill(ArchiveFile.Read(stream, null, Cancellation), Cancellation);
    }

    private static async Task<string> Text(byte[] file)
    {
        await using var zip = new System.IO.Compression.GZipStream(new MemoryStream(file), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(zip, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static async Task<byte[]> Zip(string text)
    {
        using var file = new MemoryStream();
        await using (var zip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            await zip.WriteAsync(Encoding.UTF8.GetBytes(text), Cancellation);
        return file.ToArray();
    }
}
