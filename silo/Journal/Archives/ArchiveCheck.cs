using System.Runtime.CompilerServices;

namespace Coordination.Journal.Archives;

/// <summary>Lets an archive through as long as it is one: in order, without a hole, every hash covering the one before it, up to the head.</summary>
public static class ArchiveCheck
{
    /// <exception cref="InvalidDataException">It is not; said as soon as it shows, and before the end.</exception>
    public static async IAsyncEnumerable<Archived> Checked(this IAsyncEnumerable<Archived> items, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var chain = new HashChain();
        Head? head = null;
        var (position, previous, stage) = (0L, HashChain.Origin, 0);
        await foreach (var item in items.WithCancellation(cancellation))
        {
            Require(item);
            var now = item switch { Archived.OfHead => 0, Archived.OfEntry => 1, Archived.OfCommand => 2, _ => 3 };
            if (head is null != item is Archived.OfHead || now < stage)
                throw new InvalidDataException("What is in it stands in another order.");
            if (stage < 2 && now >= 2)
                Ends(head!, position, previous);
            stage = now;
            switch (item)
            {
                case Archived.OfHead it:
                    head = it.Head;
                    break;
                case Archived.OfEntry { Entry: var entry }:
                    if (entry.Position != position + 1 || position >= head!.Position || !entry.Hash.AsSpan().SequenceEqual(chain.Link(previous, entry)))
                        throw new InvalidDataException($"The chain breaks at position {position + 1}.");
                    (position, previous) = (entry.Position, entry.Hash);
                    break;
                case Archived.OfCommand it when it.Position < 1 || it.Position > position:
                    throw new InvalidDataException($"The command '{it.Command}' was carried out at position {it.Position}, which is not there.");
            }
            yield return item;
        }
        if (head is null)
            throw new InvalidDataException("It is empty.");
        if (stage < 2)
            Ends(head, position, previous);
    }

    /// <summary>Only what a writer can have written, whatever hash it has: the stores rely on it.</summary>
    private static void Require(Archived item)
    {
        try
        {
            switch (item)
            {
                case Archived.OfHead { Head.Hash: var hash }:
                    ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, HashChain.Length, nameof(item));
                    break;
                case Archived.OfEntry { Entry: var entry }:
                    WellFormed.Require(new Append(
                        entry.Stream, entry.Version - 1, null, null, entry.At, entry.Actor, entry.Body, [new(entry.Fact, entry.Form, entry.Topics, entry.Audience, entry.Data)], entry.Trace));
                    break;
                case Archived.OfCommand command:
                    WellFormed.RequireText(command.Command, nameof(item));
                    if (command.Fingerprint is { } fingerprint)
                        WellFormed.RequireText(fingerprint, nameof(item));
                    break;
                case Archived.OfRecord { Record: var record }:
                    WellFormed.RequireText(record.Kind, nameof(item));
                    WellFormed.RequireText(record.Id, nameof(item));
                    ArgumentOutOfRangeException.ThrowIfLessThan(record.Version, 1, nameof(item));
                    break;
            }
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"A part of it is none that the platform writes. ({exception.Message})", exception);
        }
    }

    /// <summary>For what a store refuses because it has it already.</summary>
    internal static InvalidDataException Doubled(Exception reason) => new("Something in it is there twice: a version of a stream, a command or a record.", reason);

    private static void Ends(Head head, long position, byte[] hash)
    {
        if (position != head.Position || !hash.AsSpan().SequenceEqual(head.Hash))
            throw new InvalidDataException($"The entries end at position {position} and not at the head, position {head.Position}, with its hash.");
    }
}
