using System.CommandLine;

namespace Coordination.Node.Tool;

/// <summary><c>journal verify</c>: whether the log is what was written.</summary>
internal static class JournalCommands
{
    public static Command Command() => new("journal", "the log")
    {
        Subcommands =
        {
            Operation.Does(new("verify", "recomputes the chain of hashes from the first entry to the head; ends with 1 when it breaks"), (settings, _, cancellation) => Verify(settings, cancellation)),
        },
    };

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
}
