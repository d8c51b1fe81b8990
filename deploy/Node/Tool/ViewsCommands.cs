using System.CommandLine;
using System.Text.Json;
using Coordination.Host.Views;

namespace Coordination.Node.Tool;

/// <summary><c>views digest</c>, <c>views rebuild</c>: what is folded from the log, inboxes among it.</summary>
internal static class ViewsCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly Option<bool> Stored = new("--stored") { Description = "of what is stored, instead of what the log folds to" };
    private static readonly Argument<string?> Name = new("NAME") { Description = $"{string.Join(", ", Rebuilding.Names)}; without it all", Arity = ArgumentArity.ZeroOrOne };

    public static Command Command() => new("views", "what is folded from the log")
    {
        Subcommands =
        {
            Operation.Does(
                new("digest", "prints position and SHA-256 of every view and of the inboxes, folded anew from the log, as JSON") { Options = { Stored } },
                (settings, said, cancellation) => said.GetValue(Stored) ? DigestStored(settings, cancellation) : DigestAnew(settings, cancellation)),
            Operation.Does(
                new("rebuild", "drops one view or all, and waits until they are folded and stored again: by the platform that runs, else by this command") { Arguments = { Name } },
                (settings, said, cancellation) => Rebuild(settings, said.GetValue(Name), cancellation)),
        },
    };

    private static async Task<int> DigestAnew(Settings settings, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        var head = (await store.Journal.ReadHead(cancellation)).Position;
        Print(await Folding(store).Digest(head, await store.Inboxes.KeptAfter(cancellation), new ProgressLines("folded", head), cancellation));
        return Exit.Done;
    }

    private static async Task<int> DigestStored(Settings settings, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        while (true)
        {
            // While the platform writes they may be read between two of its saves.
            if (await ViewDigests.Of(store, cancellation) is { } views)
            {
                Print(await views.With(store.Inboxes, cancellation));
                return Exit.Done;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                await Console.Error.WriteLineAsync("The stored views do not stand at one position: one was dropped and is not folded again yet.");
                return Exit.No;
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private static async Task<int> Rebuild(Settings settings, string? name, CancellationToken cancellation)
    {
        if (name is not null && !Rebuilding.Names.Contains(name)) throw new Refusal(Exit.Usage, $"There is no view '{name}'. There are: {string.Join(", ", Rebuilding.Names)}");
        await using var store = await Stores.OpenThere(settings, cancellation);
        var rebuilding = new Rebuilding(store, Folding(store), TimeProvider.System, Console.Error.WriteLine);
        var position = await rebuilding.Rebuild(name is null ? [.. Rebuilding.Names] : [name], cancellation);
        Console.WriteLine($"{name ?? "All views and inboxes"}: folded anew and stored up to position {position}.");
        return Exit.Done;
    }

    /// <summary>Without the names of persons: what is folded and compared here holds none.</summary>
    public static Folding Folding(Journal.IStore store) => Host.Views.Folding.Of(store);

    private static void Print(ViewDigests digests) => Console.WriteLine(JsonSerializer.Serialize(digests, JsonSerializerOptions.Web));
}
