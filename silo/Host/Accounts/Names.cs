using System.Collections.Concurrent;
using Coordination.Contracts.Accounts;

namespace Coordination.Host.Accounts;

/// <summary>How an account's person is called.</summary>
/// <param name="IsOffered">The sign-in page of a demonstration offers the account: the password that the setting gives is its own.</param>
/// <param name="IsTaken">A person has chosen a password for it.</param>
public sealed record AccountNames(string SignInName, string DisplayName, bool IsOffered, bool IsTaken);

/// <summary>
/// Names of persons, by the ids of their accounts, in memory and nowhere else: whatever is stored of a view would survive an erasure.
/// Read from the records at start, and one by one when the journal says that a record has changed. Safe for concurrent use.
/// </summary>
public sealed class Names
{
    private readonly ConcurrentDictionary<string, AccountNames> _names = new(StringComparer.Ordinal);

    /// <summary>Null for an account that there is not (any more), and for the platform itself.</summary>
    public AccountNames? Of(string account) => _names.GetValueOrDefault(account);

    /// <summary>All accounts that have not been erased.</summary>
    public IEnumerable<(string Account, AccountNames Names)> All => _names.Select(pair => (pair.Key, pair.Value));

    /// <summary>Accounts that the sign-in page of a demonstration offers.</summary>
    public IEnumerable<(string Account, AccountNames Names)> Offered =>
        _names.Where(pair => pair.Value.IsOffered).Select(pair => (pair.Key, pair.Value));

    /// <summary>Takes in all records there are.</summary>
    public async Task Load(IRecords records, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var record in await records.List(AccountRecords.Kind, cancellation)) Note(record.Id, record);
    }

    /// <summary>Takes in what an account's record says now. One that the platform did not write says nothing.</summary>
    public async Task Refresh(IRecords records, string account, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        Record? record = null;
        try
        {
            record = await records.Read(AccountRecords.Kind, account, cancellation);
        }
        catch (JournalUnavailableException exception) when (exception.BrokenAt is not null)
        {
            // The store remembers that it was met; views wait for no name.
        }

        Note(account, record);
    }

    private void Note(string account, Record? record)
    {
        if (record is null)
        {
            _names.TryRemove(account, out _);
            return;
        }

        Note(AccountRecords.Read(record));
    }

    /// <summary>Takes in a record that was just written here. Other silos learn of it when the journal says so, and at their next start.</summary>
    internal void Note(AccountRecord read)
    {
        _names[read.Account] = new(read.SignInName, read.DisplayName, read is { Demonstration: true, PasswordHash: null }, read.IsTaken);
    }
}
