using System.Globalization;
using Microsoft.Extensions.Options;

namespace Coordination.Host.Trust;

/// <summary>
/// Where the journal ended, signed each hour and at each clean stop when something was written since. Each head stands in the store, so that every silo of a cluster
/// offers the same ones, and in the file <c>heads</c> in the data folder of the silo that signed it, where who can write to the database does not come.
/// </summary>
public sealed class Heads(IStore store, HeadSigner signer, IOptions<SiloOptions> options, TimeProvider time)
{
    public const string FileName = "heads";

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private string File => Path.Combine(options.Value.Data, FileName);

    /// <summary>Signs when the last head is an hour old.</summary>
    public async Task SignHourly(CancellationToken cancellation)
    {
        if (await Last(cancellation) is not { } last || time.GetUtcNow() - last.At >= Every) await Sign(cancellation);
    }

    /// <summary>Signs where the journal ends, unless that was done.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="anew">Also when it was done.</param>
    public async Task Sign(CancellationToken cancellation, bool anew = false)
    {
        var head = await store.Journal.ReadHead(cancellation);
        if (head.Position == 0 || (!anew && await Last(cancellation) is { } last && last.Position >= head.Position)) return;
        var signed = signer.Sign(head, await store.Trust.RecordWrites(cancellation), time.GetUtcNow());
        await Append(signed, cancellation);
        await store.Trust.Keep(signed, cancellation);
    }

    /// <summary>Heads that this platform signed with the key that it has now, below a position (null: from the end), newest first.</summary>
    public async Task<IReadOnlyList<SignedHead>> Before(long? position, int limit, CancellationToken cancellation)
    {
        var found = new List<SignedHead>(limit);
        IReadOnlyList<SignedHead> some;
        do
        {
            some = await store.Trust.Heads(position, limit, cancellation);
            found.AddRange(some.Where(signer.IsOwn).Take(limit - found.Count));
            position = some.Count > 0 ? some[^1].Position : position;
        } while (some.Count == limit && found.Count < limit);
        return found;
    }

    /// <summary>Whether the last head that was signed here says that the journal was another, or went further, than its head does now.</summary>
    public async Task<Break?> Contradicted(Head head, CancellationToken cancellation)
    {
        var (kept, wrong) = await Kept(cancellation);
        if (wrong is not null) return wrong;
        var beginnings = await Beginnings.Of(store.Records, cancellation);
        foreach (var one in kept.Where(one => !beginnings.Any(beginning => beginning.Leaves(one))))
            if (await Contradicts(store.Journal, one, head, cancellation) is { } found) return found;
        return kept.MaxBy(one => one.At) is { } newest ? await OlderRecords(newest, cancellation) : null;
    }

    /// <summary>
    /// Notes that an operator has restored the journal, or accepts it as it stands: heads that were signed before and tell of more are no sign any more that something was
    /// cut off or put back.
    /// </summary>
    /// <param name="head">Where it ends.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task BeginAnew(Head head, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(head);
        // Also after a head that was signed by a clock which was ahead of this one.
        var at = (await Kept(cancellation)).Heads.Select(one => one.At.AddMicroseconds(1)).Append(time.GetUtcNow()).Max();
        await Beginnings.Note(store.Records, new(head.Position, at), cancellation);
    }

    /// <summary>Whether records are older than they were when a head was signed; null also for a head of another key, which nobody can ask, and for one of before a restore.</summary>
    public async Task<Break?> OlderRecords(SignedHead signed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(signed);
        return signer.IsOwn(signed) && signer.WritesOf(signed) > await store.Trust.RecordWrites(cancellation) && !(await Beginnings.Of(store.Records, cancellation)).Any(beginning => beginning.Follows(signed))
            ? new(0, string.Create(CultureInfo.InvariantCulture, $"Records (accounts, names, sessions, keys) are older than when a head was signed at {signed.At:u}."))
            : null;
    }

    /// <summary>Learns which records are not to be believed: those that do not fit, and all when they are older than a head that was signed here.</summary>
    public async Task Doubt(CancellationToken cancellation)
    {
        await store.Trust.CheckBeside(cancellation);
        var newest = (await Kept(cancellation)).Heads.MaxBy(head => head.At);
        store.Trust.DoubtRecords(newest is not null && await OlderRecords(newest, cancellation) is not null);
    }

    /// <summary>What in the journal does not fit a head that was signed earlier, or null.</summary>
    public static async Task<Break?> Contradicts(IJournal journal, SignedHead signed, Head head, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(signed);
        ArgumentNullException.ThrowIfNull(head);
        var said = string.Create(CultureInfo.InvariantCulture, $"A head that was signed at {signed.At:u} says");
        if (signed.Position > head.Position)
            return Break.Beyond(head.Position, string.Create(CultureInfo.InvariantCulture, $"a head of position {signed.Position} that was signed at {signed.At:u}"));
        var hash = signed.Position == 0 ? HashChain.Origin
            : signed.Position == head.Position ? head.Hash
            : (await journal.ReadAt([signed.Position], cancellation)) is [var entry] ? entry.Hash : null;
        return hash.AsSpan().SequenceEqual(signed.Hash) ? null : new(signed.Position, $"it, or what comes before it, is not what was written. {said} that its hash is {Convert.ToHexStringLower(signed.Hash)}.");
    }

    /// <summary>The last head of the store and of the file: the first may have been changed, the file in the folder less easily.</summary>
    private async Task<(IReadOnlyList<SignedHead> Heads, Break? Wrong)> Kept(CancellationToken cancellation)
    {
        var kept = new List<SignedHead>(await Before(null, 1, cancellation));
        if (!System.IO.File.Exists(File)) return (kept, null);
        try
        {
            if ((await HeadLine.ReadFile(File, cancellation)).LastOrDefault(signer.IsOwn) is { } last) kept.Add(last);
            return (kept, null);
        }
        catch (InvalidDataException exception)
        {
            return (kept, new(0, $"The file {FileName} of the data folder is not what the platform wrote. {exception.Message}"));
        }
    }

    private async Task<SignedHead?> Last(CancellationToken cancellation) => await Before(null, 1, cancellation) is [var last, ..] ? last : null;

    private async Task Append(SignedHead head, CancellationToken cancellation)
    {
        var open = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(options.Value.Data);
        try
        {
            await using var file = new FileStream(File, open);
            // Of a line that was cut off nothing stays.
            var length = file.Length;
            while (length > 0)
            {
                file.Position = length - 1;
                if (file.ReadByte() == '\n') break;
                length--;
            }

            file.SetLength(length);
            file.Position = length;
            await file.WriteAsync((byte[])[.. HeadLine.Of(head).ToJson(), (byte)'\n'], cancellation);
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new JournalUnavailableException($"The head could not be kept in {File}. ({exception.Message})", exception);
        }
    }
}
