using Coordination.Journal;
using Coordination.Journal.Sqlite;

namespace Coordination.Node;

/// <summary>Opens what the settings name: a database, else the data folder.</summary>
internal static class Stores
{
    public static async Task<IStore> Open(Settings settings, CancellationToken cancellation)
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
