using Coordination.Journal;
using Coordination.Journal.Postgres;
using Coordination.Journal.Sqlite;

namespace Coordination.Node;

/// <summary>Opens what the settings name: a database, else the data folder.</summary>
internal static class Stores
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <exception cref="Refusal">It cannot be opened; a database has not answered within <see cref="Patience.AtStart"/>.</exception>
    public static async Task<IStore> Open(Settings settings, CancellationToken cancellation) =>
        settings.Postgres is { } postgres ? await OpenPostgres(settings, postgres, cancellation) : await OpenSqlite(settings, cancellation);

    public static async Task<PostgresStore> OpenPostgres(Settings settings, string postgres, CancellationToken cancellation)
    {
        var patience = new Patience("PostgreSQL", Patience.AtStart);
        while (true)
        {
            try
            {
                return await PostgresStore.Open(new() { ConnectionString = postgres, Name = settings.Name }, cancellation);
            }
            catch (JournalUnavailableException exception)
            {
                await patience.OrGiveUp(exception.Message, Between, cancellation);
            }
            catch (ArgumentException exception)
            {
                throw new Refusal(Exit.Usage, $"Postgres is no connection string. ({exception.Message})");
            }
        }
    }

    private static async Task<SqliteStore> OpenSqlite(Settings settings, CancellationToken cancellation)
    {
        try
        {
            return await SqliteStore.Open(new() { Folder = settings.Data }, cancellation);
        }
        catch (JournalUnavailableException exception)
        {
            throw new Refusal(Exit.CannotCreate, $"{settings.Data}: {exception.Message}");
        }
    }
}
