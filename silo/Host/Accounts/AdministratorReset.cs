using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Domain.Accounts;
using Coordination.Host.Grains;
using Coordination.Host.Views;

namespace Coordination.Host.Accounts;

/// <summary>Gives the account that the platform is installed with another password: for the operator's tool, when nobody knows one any more.</summary>
public static class AdministratorReset
{
    /// <param name="hash">Of the password, as a gateway's hasher makes it.</param>
    public static async Task Do(IJournal journal, IRecords records, TimeProvider time, string hash, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(records);
        const string Id = AccountId.Administrator;
        await records.Write(AccountRecords.NameKind, Id, AccountRecords.Named(Id), 0, cancellation);
        while (true)
        {
            var before = await records.Read(AccountRecords.Kind, Id, cancellation);
            var account = before is null ? new AccountRecord(Id, Id, "Administrator", hash, 0) : WithPassword(AccountRecords.Read(before), hash);
            if (await records.Write(AccountRecords.Kind, Id, JsonSerializer.SerializeToUtf8Bytes(account), before?.Version ?? 0, cancellation) is not null) break;
        }

        // A platform that runs finds this out when it next notes what was used: within a minute.
        await records.Erase(AccountSessionsGrain.Kind, Id, null, cancellation);
        var stream = $"account/{Id}";
        NewEntry[] facts;
        do
        {
            AccountState? state = null;
            await foreach (var entry in journal.ReadStream(stream, 0, cancellation)) state = Fact.Evolve(Id, state, entry.ToFact());
            Fact[] reset = state is null ? [new AccountOpened(), new AccountResetByOperator()] : [new AccountResetByOperator()];
            facts = PlatformEntries.Of(Id, state, new World(new(), time), reset);
        }
        while (!await PlatformEntries.Append(journal, time, stream, facts, cancellation));
    }

    private static AccountRecord WithPassword(AccountRecord known, string hash) =>
        known with { PasswordHash = hash, Generation = known.Generation + 1, Invitation = null };
}
