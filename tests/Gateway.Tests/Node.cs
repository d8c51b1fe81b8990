using System.Collections.Concurrent;
using Coordination.Host.Clustering;
using Coordination.Journal;
using Coordination.Journal.Postgres;
using Coordination.Journal.Sqlite;
using Coordination.Node;
using Coordination.Node.Roles;
using Coordination.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Gateway.Tests;

/// <summary>
/// The real processes, listening on loopback; nothing is replaced. Either one, silo and gateway on a folder, or, where
/// <see cref="ClusterServers.Wanted"/>, two silos and a gateway that share a database and a broker and nothing else.
/// </summary>
public sealed class Node : IAsyncDisposable
{
    /// <summary>What a first start with the demonstration makes, made once and when it is first needed: all others begin with a copy.</summary>
    private static readonly Lazy<Task<TemporaryFolder>> Loaded = new(Load);

    /// <summary>Some hundred people choose passwords in tests, and nobody guesses them. What rounds cost and protect is tested where they are given.</summary>
    public const int QuickRounds = 1_000;

    private readonly string _folder;
    private readonly IStore _store;
    private readonly Passwords _passwords;
    private readonly Stack<IAsyncDisposable> _parts;
    private readonly ConcurrentDictionary<string, Task<Person>> _people = new(StringComparer.Ordinal);

    private Node(WebApplication gateway, string folder, IStore store, Passwords passwords, Stack<IAsyncDisposable> parts)
    {
        (_folder, _store, _passwords, _parts) = (folder, store, passwords, parts);
        Address = new(gateway.Urls.First());
    }

    public Uri Address { get; }

    public string DemonstrationPassword => _passwords.Demonstration ?? throw new InvalidOperationException("The node runs without demonstration.");

    /// <summary>As made at the first start, which keeps it in the folder.</summary>
    public string AdministratorPassword => File.ReadAllText(Path.Combine(_folder, "administrator-password")).Trim();

    /// <summary>Position of the last entry in the journal, whoever wrote it.</summary>
    public long Position => _store.Journal.ReadHead(TestContext.Current.CancellationToken).GetAwaiter().GetResult().Position;

    /// <summary>
    /// Waits until what others have written up to now has come to everyone's inbox, and answers its position: who reads with
    /// <c>seen</c> at it reads numbers that no earlier test moves any more.
    /// </summary>
    public async Task<long> Settled()
    {
        var position = Position;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _store.Inboxes.DeliveredUpTo(limit.Token) < position) await Task.Delay(10, limit.Token);
        return position;
    }

    /// <param name="adjust">Last word on what the gateway registers.</param>
    /// <param name="with">What the process is told besides.</param>
    /// <param name="rounds">Of each hash of a password.</param>
    public static async Task<Node> Start(
        string folder, bool demonstration = true, Action<WebApplicationBuilder>? adjust = null, Func<Settings, Settings>? with = null, int rounds = QuickRounds)
    {
        if (demonstration && !Directory.EnumerateFileSystemEntries(folder).Any()) await CopyLoaded(folder);
        return await StartOn(
            folder, demonstration,
            builder =>
            {
                builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = rounds);
                adjust?.Invoke(builder);
            },
            with);
    }

    private static async Task<TemporaryFolder> Load()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        await using var node = await StartOn(folder.Path, demonstration: true, adjust: null, with: null);
        return folder;
    }

    /// <summary>Fills an empty folder with what a first start makes.</summary>
    internal static async Task CopyLoaded(string to)
    {
        var from = (await Loaded.Value).Path;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        if (ClusterServers.Wanted) await ClusterServers.Copy(from, to);
    }

    private static async Task<Node> StartOn(string folder, bool demonstration, Action<WebApplicationBuilder>? adjust, Func<Settings, Settings>? with)
    {
        var settings = new Settings { Data = folder, Urls = "http://127.0.0.1:0", Demonstration = demonstration };
        if (with is not null) settings = with(settings);
        var parts = new Stack<IAsyncDisposable>();
        try
        {
            return ClusterServers.Wanted ? await StartCluster(settings, await ClusterServers.For(folder), adjust, parts) : await StartOne(settings, adjust, parts);
        }
        catch
        {
            await End(parts);
            throw;
        }
    }

    private static async Task<Node> StartOne(Settings settings, Action<WebApplicationBuilder>? adjust, Stack<IAsyncDisposable> parts)
    {
        var store = await SqliteStore.Open(new() { Folder = settings.Data });
        parts.Push(store);
        var passwords = await Passwords.Prepare(settings, store.Records);
        var app = NodeRole.Build(settings, store, passwords, adjust);
        parts.Push(new Stopped(app));
        await app.StartAsync();
        return new(app, settings.Data, store, passwords, parts);
    }

    private static async Task<Node> StartCluster(Settings settings, Home home, Action<WebApplicationBuilder>? adjust, Stack<IAsyncDisposable> parts)
    {
        settings = settings with { Postgres = home.Postgres, RabbitMq = home.RabbitMq };
        var stores = new List<PostgresStore>();
        Passwords? passwords = null;
        var silos = new List<WebApplication>();
        foreach (var name in (string[])["silo-1", "silo-2"])
        {
            var own = settings with { Name = name, Ops = $"http://127.0.0.1:{FreePort.Choose()}" };
            var store = await PostgresStore.Open(new() { ConnectionString = home.Postgres, Name = name, Secret = Secret.Read(Home.Secret) });
            parts.Push(store);
            stores.Add(store);
            passwords ??= await Passwords.Prepare(own, store.Records);
            var place = new ClusterPlace(own.Cluster, home.Postgres, name);
            var members = place.Connect();
            parts.Push(members);
            await ClusterSchema.Upgrade(members);
            silos.Add(SiloRole.Build(own, place, own.Ops!, store, members, passwords));
        }

        // In the end they go together, as they came.
        parts.Push(new Stopped([.. silos]));
        await Task.WhenAll(silos.Select(silo => silo.StartAsync()));
        var at = new ClusterPlace(settings.Cluster, home.Postgres, "gateway-1");
        var finding = at.Connect();
        parts.Push(finding);
        var gateway = GatewayRole.Build(settings with { Name = "gateway-1" }, at, finding, adjust);
        parts.Push(new Stopped(gateway));
        await gateway.StartAsync();
        return new(gateway, settings.Data, stores[0], passwords!, parts);
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
        await End(_parts);
    }

    private static async Task End(Stack<IAsyncDisposable> parts)
    {
        while (parts.TryPop(out var part)) await part.DisposeAsync();
    }

    /// <summary>Ends applications in order, all at the same time.</summary>
    private sealed class Stopped(params WebApplication[] apps) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(apps.Select(app => app.StopAsync()));
            foreach (var app in apps) await app.DisposeAsync();
        }
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
