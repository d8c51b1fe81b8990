using System.CommandLine;
using System.Text.Json;
using Coordination.Host.Accounts;
using Coordination.Host.Erasures;
using Coordination.Host.Relay;
using Coordination.Journal;
using Coordination.Journal.Archives;
using Coordination.Journal.Postgres;
using Coordination.Journal.Sqlite;

namespace Coordination.Node.Tool;

/// <summary><c>backup</c>, <c>restore</c>: one file of all that cannot be folded from something else, for either kind of store.</summary>
internal static class BackupCommands
{
    public static Command Backup()
    {
        var file = new Argument<string>("FILE") { Description = "where to; it is made, readable for its owner alone, and never overwritten. - is standard output" };
        return Operation.Does(
            new("backup", "writes log, receipts of commands and records (hashes of passwords and, of a cluster, the keys that protect cookies among them) of one moment, while the platform runs") { Arguments = { file } },
            (settings, said, cancellation) => Backup(settings, said.GetRequiredValue(file), cancellation));
    }

    public static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "what backup has written. - is standard input" };
        var erasures = new Option<string[]>("--erasures") { Description = "a list of journal erasures: what it names is erased from the backup too. Give all lists that were made since the backup; they may repeat each other", AllowMultipleArgumentsPerToken = true };
        return Operation.Does(
            new("restore", "takes a backup into an empty store, all of it or nothing; views and inboxes are folded at the next start") { Arguments = { file }, Options = { erasures } },
            (settings, said, cancellation) => Restore(settings, said.GetRequiredValue(file), said.GetValue(erasures) ?? [], cancellation));
    }

    private static async Task<int> Backup(Settings settings, string file, CancellationToken cancellation)
    {
        var progress = new ProgressLines("entries", await Extent(settings, cancellation));
        if (file == NewFile.Standard)
        {
            if (!Console.IsOutputRedirected) throw new Refusal(Exit.Usage, "A backup is no text for a terminal. Send standard output somewhere, or name a file.");
            await using var output = Console.OpenStandardOutput();
            await Say(await Write(settings, output, progress, cancellation), "standard output");
            return Exit.Done;
        }

        await Say(await NewFile.Write(file, output => Write(settings, output, progress, cancellation)), file);
        return Exit.Done;
    }

    private static async Task<int> Restore(Settings settings, string file, string[] lists, CancellationToken cancellation)
    {
        // Read before anything is written: a restored store is not to be without it.
        var erased = new List<ErasedThing>();
        foreach (var list in lists) erased.AddRange(await Erased(list, cancellation));
        Stream input;
        try
        {
            input = file == NewFile.Standard ? Console.OpenStandardInput() : File.OpenRead(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(Exit.Data, $"{file} cannot be read. ({exception.Message})");
        }

        var counting = new Counted();
        await using (input)
        {
            try
            {
                await Archive(settings).Fill(counting.Of(ArchiveFile.Read(input, new ProgressLines("entries"), cancellation)), cancellation);
            }
            catch (InvalidDataException exception)
            {
                throw new Refusal(Exit.Data, $"{file} is refused and nothing was restored. {exception.Message} Fetch the file again from where it was made, or use another backup.");
            }
            catch (NotEmptyException exception)
            {
                throw new Refusal(Exit.CannotCreate, $"Nothing was restored. {exception.Message}");
            }
        }

        await using var store = await Stores.OpenThere(settings, cancellation);
        var verified = await store.Journal.Verify(new ProgressLines("verified", counting.Head.Position), cancellation);
        if (verified.BrokenAt is { } at || verified.Head != Convert.ToHexStringLower(counting.Head.Hash))
        {
            await Console.Error.WriteLineAsync($"What was restored does not verify, at position {verified.BrokenAt ?? verified.Entries}. Do not start on it.");
            return Exit.No;
        }

        await Relay.Begin(store.Views, counting.Head.Position, cancellation);
        // The data folder may hold heads of what came after the backup.
        await TrustCommands.OwnHeads(store, settings).BeginAnew(counting.Head, cancellation);
        // Some have ended since the backup was made, and nobody knows which: everyone signs in again.
        foreach (var sessions in await store.Records.List(AccountSessionsGrain.Kind, cancellation)) await store.Records.Erase(sessions.Kind, sessions.Id, null, cancellation);
        if (lists.Length > 0)
        {
            var (entries, accounts) = await (await JournalCommands.Erasing(store, cancellation)).Apply(erased, cancellation);
            Console.WriteLine($"Erased the texts of {entries} entries and {accounts} accounts that the lists name. Run journal compact before you start on it.");
            counting.Head = await store.Journal.ReadHead(cancellation);
        }

        Console.WriteLine($"Restored {counting.Entries} entries, {counting.Commands} receipts of commands, {counting.Records} records. The chain is whole. Head: {Convert.ToHexStringLower(counting.Head.Hash)}");
        return Exit.Done;
    }

    private static async Task<ErasedThing[]> Erased(string file, CancellationToken cancellation)
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(file, cancellation);
            return [.. lines.Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<ErasedThing>(line, Strict) ?? throw new JsonException("A line is null."))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new Refusal(Exit.Data, $"{file} is no list of journal erasures, and nothing was restored. ({exception.Message})");
        }
    }

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private static Task<ArchiveCounts> Write(Settings settings, Stream output, ProgressLines progress, CancellationToken cancellation) =>
        Broken(() => ArchiveFile.Write(Archive(settings).Read(cancellation), output, progress, cancellation));

    private static async Task<ArchiveCounts> Broken(Func<Task<ArchiveCounts>> write)
    {
        try
        {
            return await write();
        }
        catch (InvalidDataException exception)
        {
            throw new Refusal(Exit.No, $"The journal does not hold together, and no backup was made of it. {exception.Message}");
        }
    }

    public static IArchive Archive(Settings settings) => settings.Postgres is { } postgres
        ? new PostgresArchive(new() { ConnectionString = postgres, Secret = Stores.SecretThere(settings), Name = settings.Name })
        : new SqliteArchive(settings.Data, Stores.Given(settings));

    /// <summary>How many entries there are about to be, to measure progress by.</summary>
    private static async Task<long> Extent(Settings settings, CancellationToken cancellation)
    {
        await foreach (var first in Archive(settings).Read(cancellation)) return first is Archived.OfHead { Head: var head } ? head.Position : 0;
        return 0;
    }

    private static Task Say(ArchiveCounts counts, string where) => Console.Error.WriteLineAsync(
        $"{where}: {counts.Entries} entries, {counts.Commands} receipts of commands, {counts.Records} records. Head: {Convert.ToHexStringLower(counts.Head.Hash)}");

    /// <summary>Counts what goes by.</summary>
    private sealed class Counted
    {
        public Head Head { get; set; } = new(0, []);
        public long Entries { get; private set; }
        public long Commands { get; private set; }
        public long Records { get; private set; }

        public async IAsyncEnumerable<Archived> Of(IAsyncEnumerable<Archived> items)
        {
            await foreach (var item in items)
            {
                if (item is Archived.OfHead it) Head = it.Head;
                Entries += item is Archived.OfEntry ? 1 : 0;
                Commands += item is Archived.OfCommand ? 1 : 0;
                Records += item is Archived.OfRecord ? 1 : 0;
                yield return item;
            }
        }
    }
}
