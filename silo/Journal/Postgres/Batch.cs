using System.Collections;

namespace Coordination.Journal.Postgres;

/// <summary>
/// The rows that waiting appends come to, as columns, because that is how they are sent. Used again and again by one writer.
/// What an append is refused for, it is refused for before it adds a row, so that its neighbours go through.
/// </summary>
internal sealed class Batch
{
    private const int MostVersions = 200_000;
    // What streams are at, as far as this writer has seen. Another writer may have gone on: unique(stream, version) tells.
    private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<byte[], Receipt> _receipts = new(DigestComparer.Instance);

    public long Position { get; private set; }

    public byte[] Hash { get; } = new byte[HashChain.Length];

    public int Count => Streams.Count;

    public List<string> Streams { get; } = [];
    public List<long> Versions { get; } = [];
    public List<string> Facts { get; } = [];
    public List<int> Forms { get; } = [];
    public List<long> Moments { get; } = [];
    public List<string> Actors { get; } = [];
    public List<string?> Bodies { get; } = [];
    public List<string> TopicLists { get; } = [];
    public List<string> Vias { get; } = [];
    public List<long?> Causes { get; } = [];
    public List<string?> Batches { get; } = [];
    public List<string?> Traces { get; } = [];
    public List<byte[]> Salts { get; } = [];
    public List<byte[]?> TextsDigests { get; } = [];
    public List<byte[]?> EntryCommands { get; } = [];
    public List<byte[]> Hashes { get; } = [];
    public List<byte[]> Audiences { get; } = [];
    public List<byte[]> Datas { get; } = [];

    public List<long> TextsPositions { get; } = [];
    public List<byte[]> TextsSalts { get; } = [];
    public List<byte[]> Texts { get; } = [];

    public List<byte[]> Commands { get; } = [];
    public List<byte[]?> Fingerprints { get; } = [];
    public List<byte[]?> FingerprintKeys { get; } = [];
    public List<string?> Answers { get; } = [];
    public List<long> CommandVersions { get; } = [];
    public List<long> CommandPositions { get; } = [];
    public List<byte[]> CommandSeals { get; } = [];

    /// <summary>The rows as entries.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>Positions whose texts are to be erased.</summary>
    public List<long> Erased { get; } = [];

    /// <summary>Streams whose commands' words are forgotten.</summary>
    public List<string> Forgotten { get; } = [];

    /// <summary>
    /// Decides every append after <paramref name="head"/> in its order. False when something is in doubt: a version that is not
    /// known here, or an append that seems to be refused. Then ask for the <paramref name="truth"/> and do it again.
    /// </summary>
    /// <param name="head">Held by this writer.</param>
    /// <param name="appends">Get their outcome, which counts once the rows are committed.</param>
    /// <param name="truth">Of every stream and command among the appends, read under the head, or null.</param>
    public bool Decide(Head head, List<Pending> appends, Truth? truth)
    {
        Clear();
        Position = head.Position;
        head.Hash.CopyTo(Hash, 0);
        foreach (var pending in appends)
        {
            var append = pending.Append;
            if (append.Command is { } command && (_receipts.TryGetValue(command, out var receipt) || truth?.Receipts.TryGetValue(command, out receipt) == true))
            {
                pending.Outcome = new AppendOutcome.Repeated(receipt);
                continue;
            }
            pending.Refused = append.Command is { } asked ? truth?.Refused.GetValueOrDefault(asked) : null;
            if (pending.Refused is not null)
                continue;
            var version = VersionOf(append, truth);
            if (version == append.ExpectedVersion)
                pending.Outcome = Add(pending.Prepared);
            else if (truth is null)
                return false;
            else
                pending.Outcome = new AppendOutcome.Conflict(version!.Value);
        }
        return true;
    }

    /// <summary>What was decided is committed.</summary>
    public void Keep()
    {
        if (_known.Count > MostVersions)
            _known.Clear();
        foreach (var (stream, version) in _versions)
            _known[stream] = version;
    }

    /// <summary>Trusts nothing any more that it has seen of streams.</summary>
    public void Forget() => _known.Clear();

    private long? VersionOf(Append append, Truth? truth)
    {
        if (_versions.TryGetValue(append.Stream, out var version))
            return version;
        if (truth is not null)
            return truth.Versions[append.Stream];
        if (_known.TryGetValue(append.Stream, out version))
            return version;
        // A stream that is to be new: when it is not, its first version is there twice.
        return append.ExpectedVersion == 0 ? 0 : null;
    }

    private AppendOutcome.Appended Add(PreparedAppend prepared)
    {
        var append = prepared.Append;
        var version = append.ExpectedVersion;
        foreach (var one in prepared.Entries)
        {
            HashChain.Link(Hash, ++Position, one.ContentDigest, Hash);
            version = one.Version;
            Streams.Add(append.Stream);
            Versions.Add(version);
            Facts.Add(one.Entry.Fact);
            Forms.Add(one.Entry.Form);
            Moments.Add(prepared.Moment);
            Actors.Add(append.Actor);
            Bodies.Add(append.Body);
            TopicLists.Add(one.Topics);
            Vias.Add(append.Via);
            Causes.Add(append.Cause);
            Batches.Add(append.Batch);
            Traces.Add(append.Trace);
            Salts.Add(one.Salt);
            TextsDigests.Add(one.TextsDigest);
            EntryCommands.Add(append.Command);
            var hash = Hash.ToArray();
            Hashes.Add(hash);
            Audiences.Add(one.Entry.Audience);
            Datas.Add(one.Entry.Data);
            if (one.Entry.Texts is { } texts)
            {
                TextsPositions.Add(Position);
                TextsSalts.Add(one.TextsSalt!);
                Texts.Add(texts);
            }
            Entries.Add(prepared.ToEntry(Position, one, hash));
        }
        _versions[append.Stream] = version;
        if (append.Command is { } command)
        {
            Commands.Add(command);
            Fingerprints.Add(prepared.Fingerprint?.Code);
            FingerprintKeys.Add(prepared.Fingerprint?.Key);
            Answers.Add(append.Answer);
            CommandVersions.Add(version);
            CommandPositions.Add(Position);
            CommandSeals.Add(prepared.Seal!);
            _receipts.Add(command, new(append.Stream, version, Position, append.Answer, prepared.Fingerprint));
        }
        if (append.Erases is not null)
            Erased.AddRange(append.Erases);
        if (append.ForgetsCommands)
            Forgotten.Add(append.Stream);
        return new(Position, version);
    }

    private void Clear()
    {
        _versions.Clear();
        _receipts.Clear();
        foreach (var column in (IList[])[
            Streams, Versions, Facts, Forms, Moments, Actors, Bodies, TopicLists, Vias, Causes, Batches, Traces, Salts, TextsDigests, EntryCommands,
            Hashes, Audiences, Datas, TextsPositions, TextsSalts, Texts, Commands, Fingerprints, FingerprintKeys, Answers, CommandVersions,
            CommandPositions, CommandSeals, Entries, Erased, Forgotten])
        {
            column.Clear();
        }
    }
}

/// <summary>What the database says of some streams and commands.</summary>
/// <param name="Versions">Of every stream asked for; 0 for one that does not exist.</param>
/// <param name="Receipts">Of those commands that were carried out.</param>
/// <param name="Refused">Of those commands whose receipt is not what the platform wrote, why they are refused.</param>
internal sealed record Truth(Dictionary<string, long> Versions, Dictionary<byte[], Receipt> Receipts, Dictionary<byte[], JournalUnavailableException> Refused);
