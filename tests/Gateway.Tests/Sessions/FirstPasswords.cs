using System.Buffers.Binary;
using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Host.Accounts;
using Coordination.Journal.Sqlite;
using Coordination.Node;
using Coordination.Node.Roles;
using Microsoft.AspNetCore.Identity;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>Of the passwords that a first start makes, the administrator's is a secret.</summary>
public sealed class FirstPasswords : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, 1)]
    [InlineData("chosen by a person", 210_000)]
    public async Task Whatever_a_person_may_use_elsewhere_takes_as_long_to_guess_as_any(string? demonstration, int rounds)
    {
        await using var store = await SqliteStore.Open(new() { Folder = _folder.Path }, cancellation: TestContext.Current.CancellationToken);
        var passwords = await Passwords.Prepare(new Settings { Data = _folder.Path, Demonstration = true, DemoPassword = demonstration }, store.Records);

        var kept = await store.Records.List(AccountRecords.Kind, TestContext.Current.CancellationToken);
        var administrator = JsonSerializer.Deserialize<AccountRecord>(Assert.Single(kept).Data)!;
        Assert.Equal(AccountId.Administrator, administrator.Account);
        Assert.True(Rounds(administrator.PasswordHash!) >= 210_000);
        Assert.Equal(rounds, Rounds(passwords.DemonstrationHash!));
        Assert.NotEqual(PasswordVerificationResult.Failed, new PasswordHasher<AccountRecord>().VerifyHashedPassword(null!, passwords.DemonstrationHash!, passwords.Demonstration!));
    }

    /// <summary>As Identity's third format writes them, after the format and the function.</summary>
    private static int Rounds(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal(1, bytes[0]);
        return BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5));
    }
}
