using System.CommandLine;
using System.IO.Compression;
using Coordination.Journal;
using Coordination.Journal.Archives;

namespace Coordination.Node.Tool;

/// <summary><c>journal verify</c>, <c>journal export</c>, <c>journal compact</c>: whether the log is what was written, and what is left of what was erased.</summary>
internal static class JournalCommands
{
    private const string Plain = ".jsonl";

    public static Command Command()
    {
        var file = new Argument<string>("FILE") { Description = $"where to; it is made, readable for its owner alone, and never overwritten. Compressed with gzip unless it ends in {Plain}. - is standard output" };
        return new("journal", "the log")
        {
            Subcommands =
            {
                Operation.Does(new("verify", "recomputes every digest and hash from the first entry to the head; ends with 1 when the journal breaks"), (settings, _, cancellation) => Verify(settings, cancellation)),
                Operation.Does(
                    new("export", "writes every entry with all that verifies it, one JSON object a line, for tests/verify_journal.py or a verifier of one's own; while the platform runs") { Arguments = { file } },
                    (settings, said, cancellation) => Export(settings, said.GetRequiredValue(file), cancellation)),
                Operation.Does(
                    new("compact", "rewrites what may hold free text, so that what was erased leaves no bytes behind; writes wait meanwhile"),
                    (settings, _, cancellation) => Compact(settings, cancellation)),
            },
        };
    }

    private static async Task<int> Verify(Settings settings, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        var head = await store.Journal.ReadHead(cancellation);
        var found = await store.Journal.Verify(new ProgressLines("verified", head.Position), cancellation);
        if (found.BrokenAt is not { } position)
        {
            Console.WriteLine($"{found.Entries} entries, the chain is whole. Head: {found.Head}");
            return Exit.Done;
        }

        Console.WriteLine($"The chain breaks at position {position}. The {found.Entries} entries before it fit; hash of the last of them: {found.Head}");
        return Exit.No;
    }

    private static async Task<int> Export(Settings settings, string file, CancellationToken cancellation)
    {
        var (entries, head) = file == NewFile.Standard
            ? await ToStandardOutput(settings, cancellation)
            : await NewFile.Write(file, output => Write(settings, output, file.EndsWith(Plain, StringComparison.Ordinal), cancellation));
        await Console.Error.WriteLineAsync($"{file}: {entries} entries. Head: {Convert.ToHexStringLower(head.Hash)}");
        return Exit.Done;
    }

    private static async Task<(long Entries, Head Head)> ToStandardOutput(Settings settings, CancellationToken cancellation)
    {
        await using var output = Console.OpenStandardOutput();
        return await Write(settings, output, plain: true, cancellation);
    }

    private static async Task<(long Entries, Head Head)> Write(Settings settings, Stream output, bool plain, CancellationToken cancellation)
    {
        try
        {
            var items = BackupCommands.Archive(settings).Read(cancellation);
            if (plain) return await EntryLine.WriteAll(items, output, new ProgressLines("entries"), cancellation);
            await using var zip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
            return await EntryLine.WriteAll(items, zip, new ProgressLines("entries"), cancellation);
        }
        catch (InvalidDataException exception)
        {
            throw new Refusal(Exit.No, $"The journal cannot be exported. {exception.Message} journal verify says where it breaks.");
        }
    }

    private static async Task<int> Compact(Settings settings, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        await store.Compact(new StepLines(), cancellation);
        Console.WriteLine("Compacted. Older backups, archived logs and standbys still hold what was erased.");
        return Exit.Done;
    }

    /// <summary>Tells each step on standard error, in its order.</summary>
    private sealed class StepLines : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
