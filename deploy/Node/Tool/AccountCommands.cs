using System.CommandLine;
using Coordination.Host.Accounts;
using Coordination.Node.Roles;

namespace Coordination.Node.Tool;

/// <summary><c>account administrator</c>: for when nobody knows the administrator's password any more.</summary>
internal static class AccountCommands
{
    public static Command Command() => new("account", "accounts")
    {
        Subcommands =
        {
            Operation.Does(
                new("administrator", "gives the administrator another password, which is kept in the data folder, ends the account's sessions, and writes so into the journal"),
                (settings, _, cancellation) => Administrator(settings, cancellation)),
        },
    };

    private static async Task<int> Administrator(Settings settings, CancellationToken cancellation)
    {
        await using var store = await Stores.OpenThere(settings, cancellation);
        // Kept before it counts, beside the one that counts until then.
        var (file, password) = Passwords.NewForAdministrator(settings, ".new");
        await AdministratorReset.Do(store.Journal, store.Records, TimeProvider.System, Passwords.Hash(password), cancellation);
        File.Move(file, file = file[..^".new".Length], overwrite: true);
        Console.WriteLine($"The administrator signs in as administrator with the password in {file}. Change it there, and delete the file.");
        return Exit.Done;
    }
}
