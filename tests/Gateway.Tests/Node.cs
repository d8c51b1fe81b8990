using System.Collections.Concurrent;
using Coordination.Journal.Sqlite;
using Coordination.Node;
using Coordination.Node.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Gateway.Tests;

/// <summary>The real process: silo and gateway on a folder, listening on loopback. Nothing is replaced.</summary>
public sealed class Node : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SqliteStore _store;
    private readonly Passwords _passwords;
    private readonly ConcurrentDictionary<string, Task<Person>> _people = new(StringComparer.Ordinal);

    private Node(WebApplication app, SqliteStore store, Passwords passwords)
    {
        (_app, _store, _passwords) = (app, store, passwords);
        Address = new(app.Urls.First());
    }

    public Uri Address { get; }

    public string DemonstrationPassword => _passwords.Demonstration ?? throw new InvalidOperationException("The node runs without demonstration.");

    /// <summary>As made at the first start on the folder.</summary>
    public string AdministratorPassword => _passwords.Administrator ?? throw new InvalidOperationException("The administrator's password is shown at the first start only.");

    /// <summary>Position of the last entry in the journal.</summary>
    public long Position => _store.Journal.Position;

    /// <param name="with">What the process is told besides.</param>
    public static async Task<Node> Start(string folder, bool demonstration = true, Action<WebApplicationBuilder>? adjust = null, Func<Settings, Settings>? with = null)
    {
        var settings = new Settings { Data = folder, Urls = ["http://127.0.0.1:0"], Demonstration = demonstration };
        if (with is not null) settings = with(settings);
        var store = await SqliteStore.Open(new() { Folder = folder });
        var passwords = await Passwords.Prepare(settings, store.Records);
        var app = NodeRole.Build(settings, store, passwords, adjust);
        await app.StartAsync();
        return new(app, store, passwords);
    }

    /// <summary>The body's demonstration account, signed in once and shared.</summary>
    public Task<Person> As(string account) => _people.GetOrAdd(account, name => Person.SignIn(
        Address, name, name == "administrator" ? AdministratorPassword : DemonstrationPassword));

    /// <summary>A session of its own, which a test may end.</summary>
    public Task<Person> AsAnother(string account) => Person.SignIn(
        Address, account, account == "administrator" ? AdministratorPassword : DemonstrationPassword);

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people.Values.Where(person => person.IsCompletedSuccessfully)) (await person).Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }
}

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coordination-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>The node that tests share, with the report and the exercise loaded. Whoever writes uses ids of their own.</summary>
public sealed class RunningNode : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Node? _node;

    public Node Node => _node ?? throw new InvalidOperationException("The node has not started.");

    public async ValueTask InitializeAsync() => _node = await Node.Start(_folder.Path, adjust: builder =>
        builder.Services.Configure<GatewayOptions>(options => options.Heartbeat = TimeSpan.FromMilliseconds(300)));

    public async ValueTask DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        _folder.Dispose();
    }
}
