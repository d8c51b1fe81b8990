using System.Runtime.CompilerServices;

namespace Coordination.Journal.Archives;

/// <summary>Lets an archive through as long as it is one: in order, without a hole, every hash covering the one before it, up to the head, with all texts that were not erased.</summary>
public static class ArchiveCheck
{
    /// <exception cref="InvalidDataException">It is not; said as soon as it shows, and before the end.</exception>
    public static async IAsyncEnumerable<Archived> Checked(this IAsyncEnumerable<Archived> items, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var chain = new ChainFollower();
        Head? head = null;
        var stage = 0;
        byte[]? command = null;
        var (commands, receipts) = (0L, 0L);
        await foreach (var item in items.WithCancellation(cancellation))
        {
            Require(item);
            var now = item switch { Archived.OfHead => 0, Archived.OfEntry => 1, Archived.OfCommand => 2, _ => 3 };
            if (head is null != item is Archived.OfHead || now < stage)
                throw new InvalidDataException("What is in it stands in another order.");
            if (stage < 2 && now >= 2)
                RequireEnd(head!, chain);
            stage = now;
            switch (item)
            {
                case Archived.OfHead it:
                    head = it.Head;
                    break;
                case Archived.OfEntry { Entry: var entry }:
                    if (chain.Position >= head!.Position || !chain.Follow(entry))
                        throw new InvalidDataException($"The chain breaks at position {chain.Position + 1}.");
                    // All entries of a command stand one after the other.
                    if (entry.Command is not null && !entry.Command.AsSpan().SequenceEqual(command))
                        commands++;
                    command = entry.Command;
                    break;
                case Archived.OfCommand it when it.Position < 1 || it.Position > chain.Position:
                    throw new InvalidDataException($"The command {Convert.ToHexStringLower(it.Command)} was carried out at position {it.Position}, which is not there.");
                case Archived.OfCommand:
                    receipts++;
                    break;
            }
            yield return item;
        }
        if (head is null)
            throw new InvalidDataException("It is empty.");
        if (stage < 2)
            RequireEnd(head, chain);
        // One that is gone would let its command be carried out a second time.
        if (receipts < commands)
            throw new InvalidDataException($"There are {receipts} receipts for {commands} commands.");
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
                    WellFormed.Require(entry);
                    break;
                case Archived.OfCommand command:
                    WellFormed.RequireLength(command.Command, HashChain.Length, nameof(item));
                    WellFormed.RequireTextOrNull(command.Answer, nameof(item));
                    ArgumentOutOfRangeException.ThrowIfLessThan(command.Version, 1, nameof(item));
                    if (command.Fingerprint is { } fingerprint)
                    {
                        WellFormed.RequireLength(fingerprint.Code, HashChain.Length, nameof(item));
                        if (fingerprint.Key is { } key)
                            WellFormed.RequireLength(key, HashChain.SaltLength, nameof(item));
                    }
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

    private static void RequireEnd(Head head, ChainFollower chain)
    {
        if (chain.Position != head.Position || !chain.Hash.AsSpan().SequenceEqual(head.Hash))
            throw new InvalidDataException($"The entries end at position {chain.Position} and not at the head, position {head.Position}, with its hash.");
        if (chain.Missing is { } position)
            throw new InvalidDataException($"The texts of the entry at position {position} are missing, and no entry says that they were erased.");
    }
}
