using System.Security.Cryptography;
using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Sessions;
using Coordination.Journal;
using Microsoft.AspNetCore.Identity;

namespace Coordination.Node.Roles;

/// <summary>The passwords of a first start: random, kept in the data folder where only its owner reads them.</summary>
public sealed record Passwords(string? Demonstration, string? DemonstrationHash, string? Administrator)
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const string AdministratorAccount = "administrator";

    public static async Task<Passwords> Prepare(Settings settings, IRecords records)
    {
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(Path.Combine(settings.Data, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var hasher = new PasswordHasher<SignInAccount>();
        string? administrator = null;
        if (await records.Read("account", AdministratorAccount) is null)
        {
            var file = Path.Combine(settings.Data, "administrator-password");
            administrator = Keep(file, Random());
            var account = new AccountRecord(AdministratorAccount, "Administrator", null, Guid.NewGuid().ToString("N"), 0, null, 0);
            var made = await records.Write(
                "account", AdministratorAccount,
                JsonSerializer.SerializeToUtf8Bytes(account with { PasswordHash = hasher.HashPassword(new(account), administrator) }), 0);
            if (made is null)
            {
                // Another silo was faster; the password stands beside that one.
                File.Delete(file);
                administrator = null;
            }
        }

        if (!settings.Demonstration) return new(null, null, administrator);
        var kept = Path.Combine(settings.Data, "demonstration-password");
        var password = settings.DemoPassword ?? (File.Exists(kept) ? (await File.ReadAllTextAsync(kept)).Trim() : Keep(kept, Random()));
        return new(password, hasher.HashPassword(new(new("", "", null, "", 0, null, 0)), password), administrator);
    }

    /// <summary>Four groups of four: 79 bits, and can be read out.</summary>
    private static string Random() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));

    private static string Keep(string file, string password)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.WriteLine(password);
        return password;
    }
}
