using System.Security.Cryptography;
using System.Text.Json;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Sessions;
using Coordination.Host.Accounts;
using Coordination.Journal;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Coordination.Node.Roles;

/// <summary>The passwords of a first start: random, kept in the data folder where only its owner reads them.</summary>
public sealed record Passwords(string? Demonstration, string? DemonstrationHash, string? Administrator)
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    private static readonly PasswordHasher<AccountRecord> Slowly = new(Options.Create(new PasswordHasherOptions { IterationCount = Hashing.Rounds }));

    /// <summary>
    /// For a password of the demonstration that was made here: it is random, stands in a file, and is the same for everyone. Rounds would
    /// protect nothing, and would be paid at each start and each sign-in. One that a person has chosen may be used elsewhere too.
    /// </summary>
    private static readonly PasswordHasher<AccountRecord> Quickly = new(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));

    public static async Task<Passwords> Prepare(Settings settings, IRecords records)
    {
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(Path.Combine(settings.Data, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string? administrator = null;
        try
        {
            administrator = await NewAdministrator(settings, records);
        }
        catch (JournalUnavailableException exception) when (exception.BrokenAt is not null)
        {
            // The check at the start says so, and what can be read is read.
        }

        if (!settings.Demonstration) return new(null, null, administrator);
        var kept = Path.Combine(settings.Data, "demonstration-password");
        var password = settings.DemoPassword ?? (File.Exists(kept) ? (await File.ReadAllTextAsync(kept)).Trim() : Keep(kept, Random()));
        return new(password, (settings.DemoPassword is null ? Quickly : Slowly).HashPassword(null!, password), administrator);
    }

    /// <summary>Makes the administrator's account when there is none, and answers its password; null when there is one.</summary>
    private static async Task<string?> NewAdministrator(Settings settings, IRecords records)
    {
        var id = AccountId.Administrator;
        // The sign-in name, which is the id, first: an account that cannot be found by its name is nobody's.
        await records.Write(AccountRecords.NameKind, id, AccountRecords.Named(id), 0);
        if (await records.Read(AccountRecords.Kind, id) is not null) return null;
        var (file, password) = NewForAdministrator(settings);
        var account = new AccountRecord(id, id, "Administrator", Hash(password), 0);
        if (await records.Write(AccountRecords.Kind, id, JsonSerializer.SerializeToUtf8Bytes(account), 0) is not null) return password;
        // Another silo was faster; the password stands beside that one.
        File.Delete(file);
        return null;
    }

    /// <summary>A password for the administrator, and the file in which it is kept.</summary>
    public static (string File, string Password) NewForAdministrator(Settings settings, string ending = "")
    {
        var file = Path.Combine(settings.Data, "administrator-password" + ending);
        return (file, Keep(file, Random()));
    }

    /// <summary>As gateways make hashes of what people choose.</summary>
    public static string Hash(string password) => Slowly.HashPassword(null!, password);

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
