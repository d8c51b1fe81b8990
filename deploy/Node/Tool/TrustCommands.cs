using System.Globalization;
using Coordination.Host;
using Coordination.Host.Trust;
using Coordination.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Coordination.Node.Tool;

/// <summary><c>journal verify</c>, <c>journal trust</c>: whether what is kept is what was written, and how to go on when it was not.</summary>
internal static class TrustCommands
{
    public static async Task<int> Verify(Settings settings, string[] files, CancellationToken cancellation)
    {
        var kept = await Kept(settings, files, cancellation);
        await using var store = await Stores.OpenThere(settings, cancellation);
        var (found, _) = await Look(store, settings, kept, cancellation);
        if (await store.Trust.Broken(cancellation) is { } before) Console.WriteLine($"The platform has stopped writing. It had found: {before}{(found is null ? " That is not so any more: journal trust lets it write again." : "")}");
        return found is null ? Exit.Done : Exit.No;
    }

    public static async Task<int> Trust(Settings settings, string[] files, bool accept, CancellationToken cancellation)
    {
        var kept = await Kept(settings, files, cancellation);
        await using var store = await Stores.OpenThere(settings, cancellation, anySecret: accept);
        var (found, place) = await Look(store, settings, kept, cancellation);
        if (found is { Position: > 0 } && !(accept && found.IsBeyond))
        {
            Console.WriteLine("Nothing was accepted. Put back what stood there, from a backup or an export, or restore a backup into an empty store; then say this again.");
            return Exit.No;
        }

        if (found is not null && !accept)
        {
            Console.WriteLine("Nothing was accepted. Put it right, or, when you know that it is right as it stands, say journal trust --accept.");
            return Exit.No;
        }

        if (accept)
        {
            await store.Trust.SealAnew(cancellation);
            var heads = OwnHeads(store, settings);
            await heads.BeginAnew(await store.Journal.ReadHead(cancellation), cancellation);
            if (await heads.Sign(cancellation) is { } contradicted)
            {
                Console.WriteLine($"{contradicted}");
                return Exit.No;
            }
        }

        await store.Trust.Keep(TrustMark.Of(StartCheck.Mark, place, TimeProvider.System.GetUtcNow()), cancellation);
        await store.Trust.Resume(cancellation);
        Console.WriteLine(accept ? "Accepted as it stands, and marked with the secret that is given. The platform writes again." : "The platform writes again.");
        return Exit.Done;
    }

    /// <summary>Says what fits and what does not.</summary>
    private static async Task<(Break? Found, ChainPlace Place)> Look(IStore store, Settings settings, IReadOnlyList<(string File, SignedHead Head)> kept, CancellationToken cancellation)
    {
        var progress = new ProgressLines("verified", (await store.Journal.ReadHead(cancellation)).Position);
        var place = ChainPlace.Origin;
        var verified = await store.Trust.Verify(
            place,
            reached =>
            {
                place = reached;
                ((IProgress<long>)progress).Report(reached.Position);
                return Task.CompletedTask;
            },
            cancellation);
        if (verified.BrokenAt is { } position)
        {
            Console.WriteLine($"The chain breaks at position {position}. The {verified.Entries} entries before it fit; hash of the last of them: {verified.Head}");
            return (Break.OfChain(position), place);
        }

        Console.WriteLine($"{verified.Entries} entries, the chain is whole. Head: {verified.Head}");
        // The platform may run and write: heads that were read before are compared with the journal's end of now.
        var head = await store.Journal.ReadHead(cancellation);
        var beginnings = await Beginnings.Of(store.Records, cancellation);
        var signer = new HeadSigner(store.Secret);
        var left = new List<SignedHead>();
        foreach (var (file, signed) in kept)
        {
            if (!HeadSigner.Fits(signed))
            {
                Console.WriteLine($"{file}: the signature of the head of position {signed.Position} does not fit. Somebody has changed the file.");
                return (new(signed.Position, "a signed head is not what was signed."), place);
            }

            if (signer.IsOwn(signed) && beginnings.Any(beginning => beginning.Leaves(signed)))
            {
                left.Add(signed);
                continue;
            }

            if (await Heads.Contradicts(store.Journal, signed, head, cancellation) is { } contradicted)
            {
                Console.WriteLine($"{file}: {contradicted}");
                // Of heads that somebody has kept elsewhere nothing is taken back.
                return (file == Path.Combine(settings.Data, Heads.FileName) ? contradicted : new(contradicted.Position, contradicted.What), place);
            }
        }

        if (left.Count > 0)
        {
            var last = beginnings.Where(beginning => left.Exists(beginning.Leaves)).MaxBy(beginning => beginning.At)!;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{left.Count} signed heads, up to position {left.Max(one => one.Position)}, tell of what did not come along when the journal was restored or accepted as it stood, at {last.At:u} with {last.Position} entries."));
        }

        if (kept.Count > left.Count)
        {
            var own = Convert.ToHexStringLower(signer.PublicKey);
            var others = kept.Select(one => Convert.ToHexStringLower(one.Head.Key)).Where(key => key != own).Distinct().ToList();
            Console.WriteLine($"{kept.Count - left.Count} signed heads fit.{(others.Count > 0 ? $" Some were signed with another key than the one of now ({own}): {string.Join(", ", others)}. Was it the platform's?" : "")}");
        }

        var beside = await store.Trust.CheckAllBeside(cancellation)
            ?? await OwnHeads(store, settings).OlderRecords(kept.Select(one => one.Head), cancellation)
            ?? await OwnHeads(store, settings).Contradicted(cancellation);
        Console.WriteLine(beside is null ? "What stands beside the chain is what the platform wrote." : $"{beside}");
        return (beside, place);
    }

    /// <summary>What the platform signs in the data folder.</summary>
    public static Heads OwnHeads(IStore store, Settings settings) => new(store, new(store.Secret), Options.Create(new SiloOptions { Data = settings.Data }), TimeProvider.System, NullLogger<Heads>.Instance);

    /// <summary>The heads of the files that are named, and of the data folder.</summary>
    private static async Task<IReadOnlyList<(string File, SignedHead Head)>> Kept(Settings settings, string[] files, CancellationToken cancellation)
    {
        var own = Path.Combine(settings.Data, Heads.FileName);
        var kept = new List<(string, SignedHead)>();
        foreach (var file in File.Exists(own) ? files.Append(own) : files)
        {
            try
            {
                kept.AddRange((await HeadLine.ReadFile(file, cancellation)).Select(head => (file, head)));
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new Refusal(Exit.Data, $"{file} cannot be read as signed heads. ({exception.Message})");
            }
        }

        return kept;
    }
}
