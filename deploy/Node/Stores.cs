using Coordination.Journal;
using Coordination.Journal.Postgres;
using Coordination.Journal.Sqlite;

namespace Coordination.Node;

/// <summary>Opens what the settings name: a database, else the data folder.</summary>
internal static class Stores
{
    /// <exception cref="Refusal">It cannot be opened; a database has not answered within <see cref="Patience.AtStart"/>.</exception>
    public static async Task<IStore> Open(Settings settings, CancellationToken cancellation) =>
        settings.Postgres is { } postgres ? await OpenPostgres(settings, postgres, cancellation) : await OpenSqlite(settings, cancellation);

    public static Task<PostgresStore> OpenPostgres(Settings settings, string postgres, CancellationToken cancellation) => new Patience("PostgreSQL", Patience.AtStart).Until(
        ending => PostgresStore.Open(new() { ConnectionString = postgres, Secret = SecretOf(settings), Name = settings.Name }, ending),
        static exception => (exception as JournalUnavailableException)?.Message, cancellation);

    /// <summary>Opens what is there already, for a command that soon ends.</summary>
    /// <param name="anySecret">For a command that accepts what is there.</param>
    /// <exception cref="Refusal">There is none, or it cannot be opened.</exception>
    public static async Task<IStore> OpenThere(Settings settings, CancellationToken cancellation, bool anySecret = false)
    {
        if (settings.Postgres is null && !File.Exists(Path.Combine(settings.Data, SqliteStore.FileName)))
            throw new Refusal(Exit.Unavailable, $"There is no journal in {settings.Data}. Name its folder with --data, or its database with --settings FILE.");
        try
        {
            return settings.Postgres is { } postgres
                ? await PostgresStore.Open(new() { ConnectionString = postgres, Secret = SecretThere(settings), Name = settings.Name, MustExist = true, AnySecret = anySecret }, cancellation)
                : await SqliteStore.Open(new() { Folder = settings.Data, Secret = Given(settings), AnySecret = anySecret }, cancellation);
        }
        catch (JournalUnavailableException exception)
        {
            throw new Refusal(Exit.Unavailable, settings.Postgres is null
                ? $"{exception.Message} A platform that runs verifies its journal itself: GET /api/v1/journal/verify."
                : exception.Message);
        }
    }

    private static async Task<SqliteStore> OpenSqlite(Settings settings, CancellationToken cancellation)
    {
        try
        {
            return await SqliteStore.Open(new() { Folder = settings.Data, Secret = Given(settings) }, cancellation);
        }
        catch (JournalUnavailableException exception)
        {
            throw new Refusal(Exit.CannotCreate, $"{settings.Data}: {exception.Message}");
        }
    }

    /// <summary>The secret that is given, else the one of the data folder, which is made there when there is none.</summary>
    private static Secret SecretOf(Settings settings)
    {
        if (Given(settings) is { } given) return given;
        Directory.CreateDirectory(settings.Data);
        return Secret.Of(settings.Data);
    }

    /// <summary>The secret for a command that soon ends: another one than the platform's would be of no use.</summary>
    /// <exception cref="Refusal">None is given, and the data folder holds none.</exception>
    public static Secret SecretThere(Settings settings) =>
        Given(settings) ?? (File.Exists(Path.Combine(settings.Data, Secret.FileName)) ? Secret.Of(settings.Data) : throw new Refusal(Exit.Usage, GivenSettings.NotSet(nameof(Settings.Secret))));

    public static Secret? Given(Settings settings) => settings.Secret is { } text ? Secret.Read(text) : null;
}
