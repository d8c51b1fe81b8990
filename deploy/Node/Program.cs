using Coordination.Journal;
using Coordination.Journal.Sqlite;
using Coordination.Node;

if (Settings.Read(args) is not { } settings) return 64;
if (settings.TakenUrl() is { } taken)
{
    await Console.Error.WriteLineAsync($"{taken} is in use by another program. Choose another address with --urls.");
    return 69;
}

SqliteStore store;
try
{
    store = await SqliteStore.Open(new() { Folder = settings.Data });
}
catch (JournalUnavailableException exception)
{
    await Console.Error.WriteLineAsync($"{settings.Data}: {exception.Message}");
    return 73;
}

await using (store)
{
    var passwords = await Passwords.Prepare(settings, store.Records);
    await using var app = EmbeddedNode.Build(settings, store, passwords);
    app.Lifetime.ApplicationStarted.Register(() => Welcome.Print(app, settings, passwords));
    try
    {
        await app.RunAsync();
    }
    catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
    {
        await Console.Error.WriteLineAsync($"{string.Join(' ', settings.Urls)} is in use by another program. Choose another address with --urls.");
        return 69;
    }
}

return 0;
