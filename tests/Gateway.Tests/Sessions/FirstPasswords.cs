using System.Buffers.Binary;
using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Sessions;
using Coordination.Host.Accounts;
using Coordination.Journal.Sqlite;
using Coordination.Node;
using Coordination.Node.Roles;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

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

    [Fact]
    public async Task A_password_with_fewer_rounds_is_right_and_has_more_from_the_next_sign_in_on()
    {
        const string Old = "an older password of mine";
        var weak = new PasswordHasher<AccountRecord>(Options.Create(new PasswordHasherOptions { IterationCount = 100_000 })).HashPassword(null!, Old);
        await using (var store = await SqliteStore.Open(new() { Folder = _folder.Path }, cancellation: TestContext.Current.CancellationToken))
        {
            const string Id = AccountId.Administrator;
            await store.Records.Write(AccountRecords.NameKind, Id, AccountRecords.Named(Id), 0, TestContext.Current.CancellationToken);
            await store.Records.Write(AccountRecords.Kind, Id, JsonSerializer.SerializeToUtf8Bytes(new AccountRecord(Id, Id, "Administrator", weak, 0)), 0, TestContext.Current.CancellationToken);
        }

        await using (var node = await Node.Start(_folder.Path, demonstration: false, rounds: Hashing.Rounds))
        {
            // Two at once, each of which would make another hash of it.
            var both = await Task.WhenAll(Person.SignIn(node.Address, "administrator", Old), Person.SignIn(node.Address, "administrator", Old));
            foreach (var person in both) (await person.Get("/session")).Done();
            (await both[0].Post("/session/confirm", new { password = Old }, match: null)).Done();
            (await both[0].Post("/session/password", new { current = Old, @new = Person.Chosen }, match: null)).Done();
            (await both[1].TrySignIn("administrator", Old)).Refused(401, "session.wrong-credentials");
            (await both[1].TrySignIn("administrator", Person.Chosen)).Done();
            foreach (var person in both) person.Dispose();
        }

        await using var after = await SqliteStore.Open(new() { Folder = _folder.Path }, cancellation: TestContext.Current.CancellationToken);
        var kept = AccountRecords.Read((await after.Records.Read(AccountRecords.Kind, AccountId.Administrator, TestContext.Current.CancellationToken))!);
        Assert.Equal((210_000, 1), (Rounds(kept.PasswordHash!), kept.Generation));
    }

    /// <summary>As Identity's third format writes them, after the format and the function.</summary>
    private static int Rounds(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal(1, bytes[0]);
        return BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5));
    }
}
