using System.Text;

namespace Coordination.Journal;

/// <summary>
/// What every journal refuses before it touches the disk, so that one malformed append can never fail the transaction it
/// shares with others, and so that what is read is what was written, whichever database is below.
/// </summary>
internal static class WellFormed
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">Something is missing, out of range or not storable.</exception>
    public static void Require(Append append)
    {
        ArgumentNullException.ThrowIfNull(append);
        RequireText(append.Stream, nameof(append.Stream));
        RequireText(append.Actor, nameof(append.Actor));
        ArgumentOutOfRangeException.ThrowIfNegative(append.ExpectedVersion, nameof(append.ExpectedVersion));
        RequireText(append.Via, nameof(append.Via));
        RequireTextOrNull(append.Body, nameof(append.Body));
        RequireTextOrNull(append.Batch, nameof(append.Batch));
        RequireTextOrNull(append.Trace, nameof(append.Trace));
        RequireTextOrNull(append.Answer, nameof(append.Answer));
        if (append.Command is not null)
            RequireLength(append.Command, HashChain.Length, nameof(append.Command));
        else if (append.Fingerprint is not null || append.Answer is not null)
            throw new ArgumentException("A fingerprint and an answer belong to a command.", nameof(append));
        if (append.Cause is { } cause)
            ArgumentOutOfRangeException.ThrowIfLessThan(cause, 1, nameof(append.Cause));
        if (append.Entries is null or { Count: 0 })
            throw new ArgumentException("An append has at least one entry.", nameof(append));
        foreach (var entry in append.Entries)
            Require(entry);
        RequireErasure(append);
    }

    /// <exception cref="ArgumentException">An entry from elsewhere is none that a journal writes.</exception>
    public static void Require(Entry entry)
    {
        RequireText(entry.Stream, nameof(entry.Stream));
        RequireText(entry.Actor, nameof(entry.Actor));
        RequireText(entry.Via, nameof(entry.Via));
        RequireTextOrNull(entry.Body, nameof(entry.Body));
        RequireTextOrNull(entry.Batch, nameof(entry.Batch));
        RequireTextOrNull(entry.Trace, nameof(entry.Trace));
        ArgumentOutOfRangeException.ThrowIfLessThan(entry.Version, 1, nameof(entry.Version));
        RequireLength(entry.Salt, HashChain.SaltLength, nameof(entry.Salt));
        RequireLength(entry.Hash, HashChain.Length, nameof(entry.Hash));
        if (entry.Command is not null)
            RequireLength(entry.Command, HashChain.Length, nameof(entry.Command));
        if (entry.TextsDigest is not null)
            RequireLength(entry.TextsDigest, HashChain.Length, nameof(entry.TextsDigest));
        if (entry.TextsSalt is not null)
            RequireLength(entry.TextsSalt, HashChain.SaltLength, nameof(entry.TextsSalt));
        if (entry.Cause is { } cause)
            ArgumentOutOfRangeException.ThrowIfLessThan(cause, 1, nameof(entry.Cause));
        Require(new NewEntry(entry.Fact, entry.Form, entry.Topics, entry.Audience, entry.Data, entry.Texts));
    }

    /// <exception cref="ArgumentException">Something is missing, out of range or not storable.</exception>
    public static void Require(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(upTo, after);
        foreach (var (body, position, reason, thread, batch) in deliveries)
        {
            RequireText(body, nameof(deliveries));
            RequireText(reason, nameof(deliveries));
            RequireText(thread, nameof(deliveries));
            RequireTextOrNull(batch, nameof(deliveries));
            if (position <= after || position > upTo)
                throw new ArgumentOutOfRangeException(nameof(deliveries), position, $"A delivery here lies above {after} and up to {upTo}.");
        }
    }

    /// <exception cref="ArgumentException">Something is missing, out of range or not storable.</exception>
    public static void Require(string reactor, long after, long upTo, IReadOnlyCollection<NewOutgoing> outgoing)
    {
        RequireText(reactor, nameof(reactor));
        ArgumentNullException.ThrowIfNull(outgoing);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(upTo, after);
        foreach (var one in outgoing)
        {
            RequireText(one.Channel, nameof(outgoing));
            RequireText(one.Recipient, nameof(outgoing));
            RequireText(one.Thread, nameof(outgoing));
            RequireTextOrNull(one.Batch, nameof(outgoing));
            ArgumentNullException.ThrowIfNull(one.Data, nameof(outgoing));
            ArgumentOutOfRangeException.ThrowIfNegative(one.Part, nameof(outgoing));
            if (one.Position <= after || one.Position > upTo)
                throw new ArgumentOutOfRangeException(nameof(outgoing), one.Position, $"What is put here follows from entries above {after} and up to {upTo}.");
        }
        if (outgoing.Select(static one => (one.Position, one.Part)).Distinct().Count() < outgoing.Count)
            throw new ArgumentException("Two parts of one entry have one number.", nameof(outgoing));
    }

    /// <exception cref="ArgumentException">Something is missing, out of range or not storable.</exception>
    public static void Require(IReadOnlyList<ViewChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var change in changes)
        {
            RequireText(change.View.Name, nameof(changes));
            ArgumentNullException.ThrowIfNull(change.Digest, nameof(changes));
            ArgumentOutOfRangeException.ThrowIfLessThan(change.Position, change.From.Position, nameof(changes));
            foreach (var item in change.Items)
            {
                RequireText(item.Id, nameof(changes));
                ArgumentNullException.ThrowIfNull(item.Data, nameof(changes));
                ArgumentNullException.ThrowIfNull(item.Digest, nameof(changes));
            }
            foreach (var id in change.Gone ?? [])
                RequireText(id, nameof(changes));
        }
        if (changes.DistinctBy(static change => change.View).Count() < changes.Count)
            throw new ArgumentException("A view is named twice.", nameof(changes));
    }

    public static void RequireText(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        // PostgreSQL cannot store it in a text, and half a surrogate pair would come back as another character.
        if (value.Contains('\0'))
            throw new ArgumentException("A text here holds no zero character.", name);
        try
        {
            Strict.GetByteCount(value);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("A text here is valid Unicode.", name, e);
        }
    }

    public static void RequireTextOrNull(string? value, string name)
    {
        if (value is not null)
            RequireText(value, name);
    }

    public static void RequireLength(byte[] value, int length, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        if (value.Length != length)
            throw new ArgumentException($"There are {value.Length} bytes where {length} belong.", name);
    }

    /// <summary>What is erased is what the facts say, and nothing else.</summary>
    private static void RequireErasure(Append append)
    {
        if (append.Erases is null or { Count: 0 } && !append.Entries.Any(static entry => entry.Fact == Erasure.Fact))
            return;
        var erased = new HashSet<long>(append.Erases ?? []);
        var said = new HashSet<long>();
        foreach (var entry in append.Entries)
        {
            if (entry.Fact == Erasure.Fact)
                said.UnionWith(Erasure.PositionsIn(entry.Data) ?? throw new ArgumentException($"The data of {Erasure.Fact} name the positions.", nameof(append)));
        }
        if (!erased.SetEquals(said))
            throw new ArgumentException($"The positions to erase are those that its facts {Erasure.Fact} name.", nameof(append));
    }

    private static void Require(NewEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        RequireText(entry.Fact, nameof(entry.Fact));
        ArgumentOutOfRangeException.ThrowIfLessThan(entry.Form, 1, nameof(entry.Form));
        ArgumentNullException.ThrowIfNull(entry.Audience, nameof(entry.Audience));
        ArgumentNullException.ThrowIfNull(entry.Data, nameof(entry.Data));
        ArgumentNullException.ThrowIfNull(entry.Topics, nameof(entry.Topics));
        if (entry.Texts is { Length: 0 })
            throw new ArgumentException("Texts are absent or a JSON value.", nameof(entry));
        foreach (var topic in entry.Topics)
        {
            RequireText(topic, nameof(entry.Topics));
            if (topic.Any(char.IsWhiteSpace))
                throw new ArgumentException($"The topic '{topic}' holds a blank.", nameof(entry));
        }
    }
}
