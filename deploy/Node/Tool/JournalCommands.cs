using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using Coordination.Domain;
using Coordination.Host;
using Coordination.Host.Erasures;
using Coordination.Host.Views;
using Coordination.Journal;
using Coordination.Journal.Archives;
using Microsoft.Extensions.Options;

namespace Coordination.Node.Tool;

/// <summary>
/// <c>journal verify</c>, <c>journal trust</c>, <c>journal export</c>, <c>journal erase</c>, <c>journal erasures</c>, <c>journal compact</c>: whether the log is what
/// was written, and what is erased from it.
/// </summary>
internal static class JournalCommands
{
    private const string Plain = ".jsonl";

    public static Command Command()
    {
        var file = new Argument<string>("FILE") { Description = $"where to; it is made, readable for its owner alone, and never overwritten. Compressed with gzip unless it ends in {Plain}. - is standard output" };
        var positions = new Argument<long[]>("POSITION") { Description = "positions of entries, as feed and export tell them", Arity = ArgumentArity.OneOrMore };
        var reason = new Option<string>("--reason") { Description = "why, told to everyone who may see one of the entries", Required = true };
        var heads = new Option<string[]>("--heads") { Description = "a file of signed heads that was kept elsewhere, one JSON object a line: the journal must be the one that they were made of", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var accept = new Option<bool>("--accept") { Description = "take what stands beside the chain (accounts, receipts, inboxes) for right as it is, and mark it with the secret that is given now" };
        var list = new Argument<string>("FILE") { Description = "where to; it is made, readable for its owner alone, and never overwritten" };
        return new("journal", "the log")
        {
            Subcommands =
            {
                Operation.Does(
                    new("verify", "recomputes every digest and hash from the first entry to the head, compares it with signed heads and looks at what stands beside it; ends with 1 when something does not fit") { Options = { heads } },
                    (settings, said, cancellation) => TrustCommands.Verify(settings, said.GetValue(heads) ?? [], cancellation)),
                Operation.Does(
                    new("trust", "when something did not fit and was put right: verifies all of it as verify does, and lets the platform write again") { Options = { heads, accept } },
                    (settings, said, cancellation) => TrustCommands.Trust(settings, said.GetValue(heads) ?? [], said.GetValue(accept), cancellation)),
                Operation.Does(
                    new("export", "writes every entry with all that verifies it, one JSON object a line, for tests/verify_journal.py or a verifier of one's own; while the platform runs") { Arguments = { file } },
                    (settings, said, cancellation) => Export(settings, said.GetRequiredValue(file), cancellation)),
                Operation.Does(
                    new("erase", "erases, for good, what people wrote in entries; the entries and the chain stay, and the bodies concerned are told. Afterwards run journal erasures, and keep its list beside the backups of before") { Arguments = { positions }, Options = { reason } },
                    (settings, said, cancellation) => Erase(settings, said.GetRequiredValue(positions), said.GetRequiredValue(reason), cancellation)),
                Operation.Does(
                    new("erasures", "writes the list of all that was erased, entries and accounts, one JSON object a line, for restore --erasures: what an older backup still holds") { Arguments = { list } },
                    (settings, said, cancellation) => Erasures(settings, said.GetRequiredValue(list), cancellation)),
                Operation.Does(
                    new("compact", "rewrites what may hold free text, so that what was erased leaves no bytes behind; writes wait meanwhile"),
                    (settings, _, cancellation) => Compact(settings, cancellation)),
            },
        };
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

    private static async Task<int> Erase(Settings settings, long[] positions, string reason, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        var (erased, refusal) = await (await Erasing(store, cancellation)).Erase(positions, reason, cancellation);
        if (refusal is not null) throw new Refusal(Exit.Usage, $"Nothing was erased. {refusal.Detail}");
        Console.WriteLine(erased.Count == 0
            ? "There are no texts (any more) at these positions."
            : $"Erased the texts at {string.Join(", ", erased)}. Run journal compact when all is erased: until then the database's files may still hold them.");
        return Exit.Done;
    }

    public static async Task<Erasing> Erasing(IStore store, CancellationToken cancellation) => new(
        store.Journal, new(store.Records, new(), new(store.Records, store.Journal, TimeProvider.System), Options.Create(new SiloOptions())), await ViewsCommands.Folding(store).Now(cancellation), TimeProvider.System);

    private static async Task<int> Erasures(Settings settings, string file, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        var count = await NewFile.Write(file, output => Write(store, output, cancellation));
        await Console.Error.WriteLineAsync($"{file}: {count} entries and accounts that were erased.");
        return Exit.Done;
    }

    private static async Task<int> Write(IStore store, Stream output, CancellationToken cancellation)
    {
        var count = 0;
        var world = await ViewsCommands.Folding(store).Now(cancellation);
        await foreach (var erased in Host.Erasures.Erasing.List(store.Journal, world, cancellation))
        {
            await JsonSerializer.SerializeAsync(output, erased, FactJson.Options, cancellation);
            output.WriteByte((byte)'\n');
            count++;
        }

        return count;
    }

    private static async Task<int> Compact(Settings settings, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        await new Rebuilding(store, ViewsCommands.Folding(store), TimeProvider.System, Console.Error.WriteLine).TakeInErasures(cancellation);
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
