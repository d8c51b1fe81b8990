using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Coordination.Domain.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Host.Views;

namespace Coordination.Host.Grains;

/// <summary>
/// What only one stream may have: an id among bodies and groups, a name among bodies, a sign-in name among accounts. Two that are taken for one another count as one
/// (<see cref="Confusables"/>). A claim is a record beside the journal, written before the facts that need it and only where none stands:
/// of two silos that claim at the same moment one is told so. The journal says who has what. A claim whose facts were not written counts
/// for as long as they may still come, and is then taken over by the next; claims that are missing are made from the journal at start.
/// </summary>
public sealed class Claims(IRecords records, IJournal journal, TimeProvider time)
{
    /// <summary>Ids of bodies and groups, which are one space.</summary>
    public const string Ids = "id";

    /// <summary>Names of bodies.</summary>
    public const string BodyNames = "body-name";

    /// <summary>Sign-in names of accounts. Nothing of an account that was erased stays here.</summary>
    public const string SignInNames = "sign-in-name-look";

    /// <summary>Far longer than a command takes: by then its facts are written or will never be.</summary>
    public static readonly TimeSpan InProgress = TimeSpan.FromMinutes(2);

    /// <summary>Claims a text for a stream. Null when it is the stream's; else the stream that has it.</summary>
    public async Task<string?> Take(string kind, string text, string stream)
    {
        foreach (var skeleton in Confusables.Skeletons(text))
            if (await TakeOne(kind, skeleton, stream) is { } holder) return holder;
        return null;
    }

    /// <summary>The stream that has a text, or one that is taken for it; null when nobody has.</summary>
    public async Task<string?> HolderOf(string kind, string text)
    {
        foreach (var skeleton in Confusables.Skeletons(text))
            if (await records.Read(kind, KeyOf(skeleton)) is { } record && await HolderOf(kind, skeleton, record) is { } holder) return holder;
        return null;
    }

    /// <summary>Gives up what a stream has claimed for one text and does not need for another.</summary>
    public async Task Release(string kind, string text, string stream, string kept)
    {
        foreach (var skeleton in Confusables.Skeletons(text).Except(Confusables.Skeletons(kept)))
        {
            // Never erased: a record that is made anew would begin with the version of the one before. What the journal says is its own, it keeps.
            if (await records.Read(kind, KeyOf(skeleton)) is { } record && Read(record).Stream == stream && !await Has(kind, skeleton, stream))
                await records.Write(kind, record.Id, Write(null), record.Version);
        }
    }

    /// <summary>Gives up what a stream has claimed for a text, without a trace.</summary>
    public async Task Erase(string kind, string text, string stream)
    {
        foreach (var skeleton in Confusables.Skeletons(text))
            if (await records.Read(kind, KeyOf(skeleton)) is { } record && Read(record).Stream == stream) await records.Erase(kind, record.Id, record.Version);
    }

    /// <summary>Makes the claims that are missing for what the journal says.</summary>
    /// <param name="had">Texts, each with the stream that has it.</param>
    /// <returns>Streams that have what another one claims.</returns>
    public async Task<IReadOnlyList<string>> Restore(string kind, IEnumerable<(string Text, string Stream)> had, CancellationToken cancellation)
    {
        var known = (await records.List(kind, cancellation)).ToDictionary(record => record.Id, StringComparer.Ordinal);
        var others = new List<string>();
        foreach (var (text, stream) in had)
        {
            foreach (var skeleton in Confusables.Skeletons(text))
            {
                if (known.TryGetValue(KeyOf(skeleton), out var record) && Read(record).Stream == stream) continue;
                if (await TakeOne(kind, skeleton, stream) is not null) others.Add(stream);
            }
        }

        return others;
    }

    private async Task<string?> TakeOne(string kind, string skeleton, string stream)
    {
        while (true)
        {
            var record = await records.Read(kind, KeyOf(skeleton));
            if (record is not null && await HolderOf(kind, skeleton, record) is { } holder && holder != stream) return holder;
            // Also over one's own: whoever takes it for given up at this moment is told that it is not.
            if (await records.Write(kind, KeyOf(skeleton), Write(stream), record?.Version ?? 0) is not null) return null;
        }
    }

    private async ValueTask<string?> HolderOf(string kind, string skeleton, Record record)
    {
        var claim = Read(record);
        return claim.Stream is { } stream && (claim.At + InProgress > time.GetUtcNow() || await Has(kind, skeleton, stream)) ? stream : null;
    }

    private async Task<bool> Has(string kind, string skeleton, string stream)
    {
        BodyState? body = null;
        AccountState? account = null;
        await foreach (var entry in journal.ReadStream(stream))
        {
            if (kind == Ids) return true;
            var fact = entry.ToFact();
            (body, account) = (Fact.Evolve(stream, body, fact), Fact.Evolve(stream, account, fact));
        }

        return account is AccountState.Open || (body is not null && Confusables.Skeletons(body.Name).Contains(skeleton));
    }

    /// <summary>Of one length, however long a skeleton is.</summary>
    private static string KeyOf(string skeleton) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(skeleton)));

    private static Claim Read(Record record) => JsonSerializer.Deserialize<Claim>(record.Data)!;

    private byte[] Write(string? stream) => JsonSerializer.SerializeToUtf8Bytes(new Claim(stream, time.GetUtcNow()));

    /// <param name="Stream">Null when it was given up.</param>
    /// <param name="At">When it was made.</param>
    private sealed record Claim(string? Stream, DateTimeOffset At);
}
