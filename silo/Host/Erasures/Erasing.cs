using System.Runtime.CompilerServices;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Erasures;
using Coordination.Domain.Accounts;
using Coordination.Domain.Erasures;
using Coordination.Host.Accounts;
using Coordination.Host.Grains;
using Coordination.Host.Views;

namespace Coordination.Host.Erasures;

/// <summary>Erases without a platform that runs: for the operator's tool.</summary>
public sealed class Erasing(IJournal journal, AccountRecords records, World world, TimeProvider time)
{
    /// <summary>Erases the texts of entries and those of earlier entries that they refer to.</summary>
    /// <returns>Positions of all entries that have lost texts, those that only referred to them among them; none when there is nothing (more) to erase. Or why not.</returns>
    public async Task<(IReadOnlyList<long> Erased, Refusal? Refusal)> Erase(IReadOnlyCollection<long> positions, string reason, CancellationToken cancellation)
    {
        while (true)
        {
            var entries = await ErasableEntries.Of(journal, world, positions, cancellation);
            var decision = ErasureRules.Decide(new([.. positions], reason), entries, Actor.Platform);
            if (decision.Refusal is { } refusal) return ([], refusal);
            if (decision.Facts.Length == 0) return ([], null);
            var erased = decision.Facts.Cast<TextsErased>().SelectMany(fact => fact.Positions).ToArray();
            var facts = PlatformEntries.Of<ErasuresState>("", null, world, decision.Facts);
            if (await PlatformEntries.Append(journal, time, TextsErased.Stream, facts, cancellation, erases: erased)) return (erased, null);
        }
    }

    /// <summary>Every entry whose texts were erased, oldest erasure first, and every account that was.</summary>
    public static async IAsyncEnumerable<ErasedThing> List(IJournal journal, World world, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in journal.ReadStream(TextsErased.Stream, 0, cancellation))
        {
            var reason = ((TextsErased)entry.ToFact()).Reason;
            foreach (var erased in await journal.ReadAt(Erasure.PositionsOf(entry), cancellation)) yield return new(erased.Position, Convert.ToHexStringLower(erased.Hash), reason);
        }

        foreach (var account in world.ErasedAccounts.Order(StringComparer.Ordinal)) yield return new(Account: account);
    }

    /// <summary>Erases again, in a journal from an older backup, what the list names, as far as the journal holds it.</summary>
    /// <returns>How many entries have lost their texts now, and how many accounts were erased.</returns>
    /// <exception cref="InvalidDataException">The list names a reason that cannot be told.</exception>
    public async Task<(int Entries, int Accounts)> Apply(IReadOnlyList<ErasedThing> list, CancellationToken cancellation)
    {
        var (entries, accounts) = (0, 0);
        foreach (var same in list.Where(erased => erased.Position is not null).GroupBy(erased => erased.Reason, StringComparer.Ordinal))
        {
            foreach (var chunk in same.Chunk(EraseTexts.Most))
            {
                var meant = chunk.Select(erased => (erased.Position!.Value, erased.Hash)).ToHashSet();
                // A place that another entry has taken since is not the one that is meant.
                var there = (await journal.ReadAt([.. meant.Select(one => one.Value).Distinct()], cancellation))
                    .Where(entry => entry.Texts is not null && meant.Contains((entry.Position, Convert.ToHexStringLower(entry.Hash)))).Select(entry => entry.Position).ToList();
                if (there.Count == 0) continue;
                var (erased, refusal) = await Erase(there, same.Key is null or TextAttribute.Erased ? "Erased before the restore." : same.Key, cancellation);
                if (refusal is not null) throw new InvalidDataException(refusal.Detail);
                entries += erased.Count;
            }
        }

        foreach (var account in list.Select(erased => erased.Account).OfType<string>().Distinct())
            if (await EraseAccount(account, cancellation)) accounts++;
        return (entries, accounts);
    }

    /// <summary>Takes an account's roles and erases its record, as an administrator does.</summary>
    /// <returns>False when there is none, or none any more.</returns>
    private async Task<bool> EraseAccount(string account, CancellationToken cancellation)
    {
        var stream = $"account/{account}";
        while (true)
        {
            AccountState? state = null;
            await foreach (var entry in journal.ReadStream(stream, 0, cancellation)) state = Fact.Evolve(account, state, entry.ToFact());
            var decision = AccountRules.Decide(account, state, new EraseAccount(), new(Actor.Platform, time.GetUtcNow(), world, ""));
            if (decision.Facts.IsDefaultOrEmpty) return false;
            await records.Erase(account);
            if (await PlatformEntries.Append(journal, time, stream, PlatformEntries.Of(account, state, world, decision.Facts), cancellation, forgetsCommands: true)) return true;
        }
    }
}

/// <summary>Something that was erased: the texts of an entry, or an account.</summary>
/// <param name="Position">Of the entry.</param>
/// <param name="Hash">Of the entry, lower-case hexadecimal, so that it is known in another copy of the journal.</param>
/// <param name="Reason">Why.</param>
/// <param name="Account">Id of the account.</param>
public sealed record ErasedThing(long? Position = null, string? Hash = null, string? Reason = null, string? Account = null);
