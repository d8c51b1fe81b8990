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
        if (append.Command is not null)
            RequireText(append.Command, nameof(append.Command));
        if (append.Fingerprint is not null)
            RequireText(append.Fingerprint, nameof(append.Fingerprint));
        if (append.Body is not null)
            RequireText(append.Body, nameof(append.Body));
        if (append.Trace is not null)
            RequireText(append.Trace, nameof(append.Trace));
        if (append.Entries is null or { Count: 0 })
            throw new ArgumentException("An append has at least one entry.", nameof(append));
        foreach (var entry in append.Entries)
            Require(entry);
    }

    /// <exception cref="ArgumentException">Something is missing, out of range or not storable.</exception>
    public static void Require(long after, long upTo, IReadOnlyCollection<NewDelivery> deliveries)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(upTo, after);
        foreach (var (body, position, reason) in deliveries)
        {
            RequireText(body, nameof(deliveries));
            RequireText(reason, nameof(deliveries));
            if (position <= after || position > upTo)
                throw new ArgumentOutOfRangeException(nameof(deliveries), position, $"A delivery here lies above {after} and up to {upTo}.");
        }
    }

    /// <exception cref="ArgumentException">Something is missing, out of range or not storable.</exception>
    public static void Require(long position, IReadOnlyList<ViewChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var change in changes)
        {
            RequireText(change.View, nameof(changes));
            ArgumentOutOfRangeException.ThrowIfLessThan(position, change.From.Position);
            foreach (var item in change.Items)
            {
                RequireText(item.Id, nameof(changes));
                ArgumentNullException.ThrowIfNull(item.Data, nameof(changes));
            }
        }
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

    private static void Require(NewEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        RequireText(entry.Fact, nameof(entry.Fact));
        ArgumentOutOfRangeException.ThrowIfLessThan(entry.Form, 1, nameof(entry.Form));
        ArgumentNullException.ThrowIfNull(entry.Audience, nameof(entry.Audience));
        ArgumentNullException.ThrowIfNull(entry.Data, nameof(entry.Data));
        ArgumentNullException.ThrowIfNull(entry.Topics, nameof(entry.Topics));
        foreach (var topic in entry.Topics)
        {
            RequireText(topic, nameof(entry.Topics));
            if (topic.Any(char.IsWhiteSpace))
                throw new ArgumentException($"The topic '{topic}' holds a blank.", nameof(entry));
        }
    }
}
