namespace Coordination.Journal;

/// <summary>
/// Follows a journal entry by entry, recomputes digests and hashes, and remembers whose texts are missing until an entry says that
/// they were erased. Holds little more than the last hash.
/// </summary>
internal sealed class ChainFollower
{
    // Missing texts, with the hash of the entry before. Few: an erasure follows soon.
    private readonly SortedDictionary<long, byte[]> _missing = [];

    public ChainFollower() { }

    /// <summary>Goes on from where another one was.</summary>
    public ChainFollower(ChainPlace place)
    {
        (Position, Hash) = (place.Position, place.Hash);
        foreach (var position in place.Missing)
            _missing.Add(position, []);
    }

    /// <summary>Where it is, for another one to go on from.</summary>
    public ChainPlace Place => new(Position, Hash, [.. _missing.Keys]);

    /// <summary>Of the last entry that fits; 0 before the first.</summary>
    public long Position { get; private set; }

    public byte[] Hash { get; private set; } = HashChain.Origin;

    /// <summary>First position whose texts are missing though no entry so far says that they were erased.</summary>
    public long? Missing => _missing.Count == 0 ? null : _missing.Keys.First();

    /// <summary>The hash of the entry before <see cref="Missing"/>.</summary>
    public byte[] HashBeforeMissing => _missing.Values.First();

    /// <summary>Goes on to an entry, or answers false, and changes nothing, when it is not the one that follows.</summary>
    /// <param name="entry">Null for one that no writer can have written.</param>
    public bool Follow(Entry? entry)
    {
        if (entry is null || entry.Position != Position + 1 || !entry.Hash.AsSpan().SequenceEqual(HashChain.Link(Hash, entry)))
            return false;
        switch (entry)
        {
            case { Texts: null, TextsSalt: null }:
                if (entry.TextsDigest is not null)
                    _missing.Add(entry.Position, Hash);
                break;
            case { Texts: { } texts, TextsSalt: { } salt, TextsDigest: { } digest } when digest.AsSpan().SequenceEqual(HashChain.TextsDigest(salt, texts)):
                break;
            default:
                return false;
        }
        (Position, Hash) = (entry.Position, entry.Hash);
        NoteErasure(entry);
        return true;
    }

    /// <summary>Forgets the missing texts that an entry says were erased.</summary>
    public void NoteErasure(Entry entry)
    {
        foreach (var position in Erasure.PositionsOf(entry))
            _missing.Remove(position);
    }
}
