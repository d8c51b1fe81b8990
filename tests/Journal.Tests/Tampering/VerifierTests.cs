using System.Text.Json.Nodes;
using Coordination.Journal.Archives;
using Coordination.Journal.Sqlite;
using Coordination.Journal.Tests.Sqlite;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Tampering;

/// <summary>The verifier in Python, held against exports that are whole and that are not.</summary>
public sealed class VerifierTests : IAsyncLifetime
{
    private readonly SqliteFolder _folder = new();
    private string[] _lines = [];
    private int _files;

    private IJournal Journal => _folder.Store.Journal;

    public async ValueTask InitializeAsync()
    {
        await _folder.Open();
        await Journal.MustAppend(Facts.Saying("plan/a", 0, "first", "one", "two"));
        await Journal.MustAppend(Facts.To("plan/b", 0, "second") with { Cause = 1, Batch = "batch", Via = "web" });
        await Journal.MustAppend(Facts.Saying("plan/b", 1, null, "three"));
        await Journal.MustAppend(Facts.Erasing("erasures", 0, 1));
        var file = Path.Combine(_folder.Path, "export");
        await Verifier.Export(new SqliteArchive(_folder.Path), file);
        _lines = await File.ReadAllLinesAsync(file, Cancellation);
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task A_whole_journal_is_said_to_be_whole_with_its_head_compressed_or_not()
    {
        var head = await Journal.ReadHead(Cancellation);
        var (plain, zipped) = (await Write(_lines), Path.Combine(_folder.Path, "export.gz"));
        await using (var zip = new System.IO.Compression.GZipStream(File.Create(zipped), System.IO.Compression.CompressionLevel.Fastest))
            await zip.WriteAsync(await File.ReadAllBytesAsync(plain, Cancellation), Cancellation);
        foreach (var file in (string[])[plain, zipped])
        {
            var (found, code) = await Verifier.Run([file]);
            Assert.Equal(($"whole: 5 entries, head {Convert.ToHexStringLower(head.Hash)}", 0), (Assert.Single(found), code));
        }
    }

    [Fact]
    public async Task An_empty_journal_is_whole()
    {
        await using var folder = new SqliteFolder();
        await folder.Open();
        var file = Path.Combine(folder.Path, "export");
        await Verifier.Export(new SqliteArchive(folder.Path), file);
        Assert.Equal(($"whole: 0 entries, head {new string('0', 64)}", 0), (Assert.Single((await Verifier.Run([file])).Found), (await Verifier.Run([file])).Code));
    }

    [Fact]
    public Task Entries_that_are_hidden_from_the_reader_are_verified_by_their_digests() => ShouldFind(
        (null, [Hide(0), _lines[1], Hide(2), Hide(3), _lines[4], _lines[5]]),
        // Their digests are part of the chain, and texts are missing unless the reader may see an entry that says they were erased.
        (3, [Hide(0), _lines[1], Hide(2, line => line["contentDigest"] = new string('0', 64)), Hide(3), _lines[4], _lines[5]]),
        (1, [_lines[0], _lines[1], Hide(2), Hide(3), Hide(4), _lines[5]]));

    [Fact]
    public Task A_change_is_found_where_it_is() => ShouldFind(
        (2, [_lines[0], Change(1, line => line["actor"] = "account-8"), .. _lines[2..]]),
        (2, [_lines[0], Change(1, line => line["cause"] = 0), .. _lines[2..]]),
        (2, [_lines[0], Change(1, line => line["texts"] = "e30="), .. _lines[2..]]),
        (2, [_lines[0], Change(1, line => (line["texts"], line["textsSalt"]) = (null, null)), .. _lines[2..]]),
        (2, [_lines[0], Change(1, line => line["textsSalt"] = null), .. _lines[2..]]),
        (2, [_lines[0], Change(1, line => line.Remove("via")), .. _lines[2..]]),
        (3, [.. _lines[..2], Change(2, line => (line["texts"], line["textsSalt"]) = ("e30=", "00")), .. _lines[3..]]),
        (2, [_lines[0], "no JSON", .. _lines[2..]]),
        (2, [_lines[0], "[]", .. _lines[2..]]),
        (2, [_lines[0], .. _lines[2..]]),
        (3, [.. _lines[..2], _lines[3], _lines[2], .. _lines[4..]]),
        (3, [.. _lines[..2], .. _lines[1..]]),
        // Without the last entry nothing says any more that the first one's texts were erased.
        (1, [.. _lines[..4], _lines[5]]),
        (6, _lines[..5]),
        (6, [.. _lines, _lines[4]]),
        (5, [.. _lines[..5], Change(5, line => line["head"]!["hash"] = new string('0', 64))]),
        (5, [.. _lines[..5], Change(5, line => line["head"]!["position"] = 4)]),
        // The break is named and not the lawful erasure before it.
        (3, [.. _lines[..2], Change(2, line => line["version"] = 7), .. _lines[3..]]));

    [Fact]
    public async Task A_head_that_was_kept_elsewhere_finds_a_chain_that_was_written_anew()
    {
        var kept = (await Journal.ReadAt([3], Cancellation))[0];
        var now = await Journal.ReadHead(Cancellation);
        Assert.Equal(0, (await Verifier.Run([await Write(_lines)], new(3, kept.Hash))).Code);
        Assert.Equal(0, (await Verifier.Run([await Write(_lines)], now)).Code);
        Assert.Equal(6, Verifier.BrokenAt(Assert.Single((await Verifier.Run([await Write(_lines)], new(9, kept.Hash))).Found)));

        // Another journal that is whole by itself.
        await using var other = new SqliteFolder();
        await other.Open();
        await other.Store.Journal.MustAppend(Facts.To("plan/a", 0, count: 5));
        var file = Path.Combine(other.Path, "export");
        await Verifier.Export(new SqliteArchive(other.Path), file);
        Assert.Equal(0, (await Verifier.Run([file])).Code);
        var (found, code) = await Verifier.Run([file], new(3, kept.Hash));
        Assert.Equal((3, 1), (Verifier.BrokenAt(Assert.Single(found)), code));
    }

    private async Task ShouldFind(params (long? Position, string[] Lines)[] exports)
    {
        var files = new List<string>();
        foreach (var (_, lines) in exports)
            files.Add(await Write(lines));
        var (found, code) = await Verifier.Run(files);
        Assert.Equal(1, code);
        Assert.Equal(exports.Select(export => export.Position), found.Select(Verifier.BrokenAt));
    }

    private async Task<string> Write(string[] lines)
    {
        var file = Path.Combine(_folder.Path, $"{++_files}.jsonl");
        await File.WriteAllLinesAsync(file, lines, Cancellation);
        return file;
    }

    private string Change(int index, Action<JsonObject> change)
    {
        var line = JsonNode.Parse(_lines[index])!.AsObject();
        change(line);
        return line.ToJsonString();
    }

    /// <summary>What is left of a line for those who may not see the entry.</summary>
    private string Hide(int index, Action<JsonObject>? change = null) => Change(index, line =>
    {
        foreach (var name in line.Select(field => field.Key).Except(["position", "contentDigest", "hash"]).ToList())
            line.Remove(name);
        change?.Invoke(line);
    });
}
