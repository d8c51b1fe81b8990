using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Coordination.Host.Clustering;
using Coordination.Host.Relay;
using Coordination.Host.Trust;
using Coordination.Journal.Postgres;
using Coordination.Journal.Sqlite;
using Coordination.Node;
using Coordination.Node.Roles;
using Coordination.Tests.Servers;
using MassTransit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Coordination.Silo.Tests.Running;

/// <summary>
/// A silo without a gateway. Either as the embedded node runs it, with Orleans on this machine, messages in memory and a journal in a
/// folder, or, where <see cref="ClusterServers.Wanted"/>, as the member of a cluster, with all of that on PostgreSQL and RabbitMQ.
/// </summary>
public sealed class RunningSilo : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly IStore _store;
    private readonly NpgsqlDataSource? _members;
    private readonly IHost _host;
    private bool _stopped;

    private RunningSilo(DataFolder folder, SqliteStore store, Action<SiloOptions>? configure, Action<UnreliableStore>? before, Action<IServiceCollection>? add)
    {
        (_folder, _store) = (folder, store);
        Disk = new(store);
        before?.Invoke(Disk);
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddCoordinationSilo(store, options => Configure(options, configure));
        Break(builder.Services);
        add?.Invoke(builder.Services);
        builder.UseOrleans(silo => silo.UseOneSilo());
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddSiloConsumers();
            bus.UseMemory();
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        builder.AddCoordinationRelay();
        _host = builder.Build();
        LogContext.ConfigureCurrentLogContext(_host.Services.GetRequiredService<ILoggerFactory>());
    }

    private RunningSilo(
        DataFolder folder, Home home, PostgresStore store, ClusterPlace place, NpgsqlDataSource members, Action<SiloOptions>? configure, Action<UnreliableStore>? before,
        Action<IServiceCollection>? add)
    {
        (_folder, _store, _members) = (folder, store, members);
        Disk = new(store);
        before?.Invoke(Disk);
        var ops = $"http://127.0.0.1:{FreePort.Choose()}";
        var settings = new Settings { Data = folder.Path, Name = place.Name, Postgres = home.Postgres, RabbitMq = home.RabbitMq, Ops = ops };
        _host = SiloRole.Build(settings, place, ops, store, members, new(null, null, null), builder =>
        {
            builder.Services.Configure<SiloOptions>(options => Configure(options, configure));
            Break(builder.Services);
            add?.Invoke(builder.Services);
        });
        LogContext.ConfigureCurrentLogContext(_host.Services.GetRequiredService<ILoggerFactory>());
    }

    public DataFolder Folder => _folder;
    public UnreliableStore Disk { get; }
    public IServiceProvider Services => _host.Services;
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();
    public IStore Store => _store;
    public World World => Services.GetRequiredService<World>();

    /// <param name="folder">Where to go on; a new folder when null. The silo takes it over.</param>
    /// <param name="before">Makes the disk fail from the start.</param>
    /// <param name="add">Adds what the platform does not have.</param>
    public static async Task<RunningSilo> Start(
        DataFolder? folder = null, Action<SiloOptions>? configure = null, Action<UnreliableStore>? before = null, Action<IServiceCollection>? add = null)
    {
        folder ??= new();
        return await Begin(ClusterServers.Wanted
            ? await InCluster("silo-1", folder, await ClusterServers.For(folder.Path), configure, before, add)
            : new RunningSilo(folder, await SqliteStore.Open(new() { Folder = folder.Path }, Waiting.Cancellation), configure, before, add));
    }

    /// <summary>Starts a second silo of the same cluster. Only on a cluster.</summary>
    public async Task<RunningSilo> StartAnother(Action<SiloOptions>? configure = null) =>
        await Begin(await InCluster("silo-2", new(), await ClusterServers.For(_folder.Path), configure, null, null));

    /// <summary>What a stopped silo has kept, without a silo.</summary>
    public static async Task<IStore> OpenStore(DataFolder folder) => ClusterServers.Wanted
        ? await PostgresStore.Open(new() { ConnectionString = (await ClusterServers.For(folder.Path)).Postgres, Name = "reader", Secret = Journal.Secret.Read(Home.Secret) }, Waiting.Cancellation)
        : await SqliteStore.Open(new() { Folder = folder.Path }, Waiting.Cancellation);

    private static async Task<RunningSilo> Begin(RunningSilo silo)
    {
        try
        {
            await silo._host.StartAsync(Waiting.Cancellation).Until("the silo has started");
            return silo;
        }
        catch
        {
            try
            {
                await silo.Stop();
            }
            catch (Exception)
            {
                // Why it did not start says more than why it could not be stopped.
            }

            throw;
        }
    }

    private static async Task<RunningSilo> InCluster(string name, DataFolder folder, Home home, Action<SiloOptions>? configure, Action<UnreliableStore>? before, Action<IServiceCollection>? add)
    {
        var place = new ClusterPlace("coordination", home.Postgres, name);
        var store = await PostgresStore.Open(new() { ConnectionString = home.Postgres, Name = place.Name, Secret = Journal.Secret.Read(Home.Secret) }, Waiting.Cancellation);
        var members = place.Connect();
        await ClusterSchema.Upgrade(members, Waiting.Cancellation);
        return new(folder, home, store, place, members, configure, before, add);
    }

    private void Configure(SiloOptions options, Action<SiloOptions>? configure)
    {
        options.Data = _folder.Path;
        options.Input = null;
        options.DemonstrationPasswordHash = "hash of the shared password";
        configure?.Invoke(options);
    }

    private void Break(IServiceCollection services) => services.AddSingleton<IJournal>(Disk.Journal).AddSingleton<IRecords>(Disk.Records).AddSingleton<IInboxes>(Disk.Inboxes);

    /// <summary>What its views say, in memory and in the database.</summary>
    public Task<ViewDigests> Digests() => ViewDigests.Of(World, Services.GetRequiredService<SealedViews>(), Waiting.Cancellation);

    /// <summary>Waits until the views and the inboxes know everything that is in the journal.</summary>
    public async Task Settle()
    {
        // Asked of the store: another silo may have written what this one has not heard of yet.
        var position = (await Disk.Journal.ReadHead(Waiting.Cancellation)).Position;
        await World.Reach(position, Waiting.Patience, Waiting.Cancellation);
        Assert.True(World.Position >= position, $"The views stand at {World.Position} and not at {position}.");
        var began = TimeProvider.System.GetTimestamp();
        var delivered = await _store.Inboxes.DeliveredUpTo(Waiting.Cancellation);
        while (delivered < position && TimeProvider.System.GetElapsedTime(began) < Waiting.Patience)
        {
            await Task.Delay(5, Waiting.Cancellation);
            delivered = await _store.Inboxes.DeliveredUpTo(Waiting.Cancellation);
        }

        Assert.True(delivered >= position, $"Inboxes were filled up to {delivered} and not up to {position}.");
    }

    /// <summary>Puts deliveries into inboxes behind everyone's back, as if the platform had.</summary>
    public async Task Put(params NewDelivery[] deliveries)
    {
        if (ClusterServers.Wanted)
        {
            await using var database = NpgsqlDataSource.Create((await ClusterServers.For(_folder.Path)).Postgres);
            foreach (var (body, position, reason, thread, _) in deliveries)
            {
                await using var command = database.CreateCommand("INSERT INTO coordination.inbox (body, position, reason, thread) VALUES ($1, $2, $3, $4)");
                foreach (var value in (object[])[body, position, reason, thread]) command.Parameters.Add(new() { Value = value });
                await command.ExecuteNonQueryAsync(Waiting.Cancellation);
            }

            await _store.Trust.SealAnew(Waiting.Cancellation);
            return;
        }

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteStore.FileName)};Pooling=False");
        await connection.OpenAsync(Waiting.Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Waiting.Cancellation);
        foreach (var (body, position, reason, thread, _) in deliveries)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO inbox (body, position, reason, thread) VALUES ($body, $position, $reason, $thread)";
            command.Parameters.AddWithValue("$body", body);
            command.Parameters.AddWithValue("$position", position);
            command.Parameters.AddWithValue("$reason", reason);
            command.Parameters.AddWithValue("$thread", thread);
            await command.ExecuteNonQueryAsync(Waiting.Cancellation);
        }

        await transaction.CommitAsync(Waiting.Cancellation);
        await _store.Trust.SealAnew(Waiting.Cancellation);
    }

    /// <summary>Stops cleanly and leaves the folder to someone else.</summary>
    public async Task<DataFolder> Stop()
    {
        if (!_stopped)
        {
            _stopped = true;
            try
            {
                await _host.StopAsync(CancellationToken.None).Until("the silo has stopped");
            }
            finally
            {
                if (_host is IAsyncDisposable host) await host.DisposeAsync();
                if (_members is not null) await _members.DisposeAsync();
                await _store.DisposeAsync();
            }
        }

        return _folder;
    }

    /// <summary>Takes what a stopped silo has kept for what the platform wrote, however it was changed: the next start finds nothing wrong, and the week's walk is over.</summary>
    /// <param name="folder">Of the silo.</param>
    /// <param name="rechained">Whether entries were changed: then the chain is written anew, as somebody would who hides it.</param>
    public static async Task Vouch(DataFolder folder, bool rechained = false)
    {
        if (rechained) await Rechain(folder);
        await using var store = await OpenStore(folder);
        foreach (var signed in await store.Trust.Heads(null, 1_000, Waiting.Cancellation))
        {
            var hash = (await store.Journal.ReadAt([signed.Position], Waiting.Cancellation))[0].Hash;
            await store.Trust.Keep(new HeadSigner(store.Secret).Sign(new(signed.Position, hash), 0, signed.At), Waiting.Cancellation);
        }

        File.Delete(Path.Combine(folder.Path, Heads.FileName));
        await store.Trust.SealAnew(Waiting.Cancellation);
        var head = await store.Journal.ReadHead(Waiting.Cancellation);
        foreach (var mark in (string[])["checked", "walked"])
            await store.Trust.Keep(TrustMark.Of(mark, new(head.Position, head.Hash, []), TimeProvider.System.GetUtcNow()), Waiting.Cancellation);
    }

    private static async Task Rechain(DataFolder folder)
    {
        var sql = new System.Text.StringBuilder();
        var hash = HashChain.Origin;
        await using (var store = await OpenStore(folder))
        {
            foreach (var entry in await store.Journal.ReadFrom(0, 100_000, Waiting.Cancellation))
            {
                hash = HashChain.Link(hash, entry);
                sql.Append(System.Globalization.CultureInfo.InvariantCulture, $"UPDATE entries SET hash = {Bytes(hash)} WHERE position = {entry.Position};");
            }
        }

        folder.Tamper($"{sql} UPDATE head SET hash = {Bytes(hash)}");
        static string Bytes(byte[] hash) => ClusterServers.Wanted ? $"decode('{Convert.ToHexString(hash)}', 'hex')" : $"x'{Convert.ToHexString(hash)}'";
    }

    /// <summary>What a crash would leave now, in another folder. Not of a database: nobody may be connected to one that is copied.</summary>
    public DataFolder CopyAsItIs() => _folder.Copy();

    /// <summary>The rows of a query on the journal as it is now.</summary>
    public List<string> Read(string sql)
    {
        if (ClusterServers.Wanted) return _folder.Read(sql);
        using var copy = CopyAsItIs();
        return copy.Read(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Dispose();
    }

}

/// <summary>A folder with a journal, gone when disposed. On a cluster the journal is elsewhere, and the folder is only its name.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("silo-").FullName;

    public DataFolder Copy()
    {
        var copy = new DataFolder();
        if (ClusterServers.Wanted)
        {
            ClusterServers.Copy(Path, copy.Path).GetAwaiter().GetResult();
            return copy;
        }

        // Views never know more than the journal, also while both are written: so they are copied first.
        foreach (var name in (string[])[Secret.FileName, SqliteStore.ViewsName, SqliteStore.ViewsName + "-wal", SqliteStore.FileName, SqliteStore.FileName + "-wal"])
        {
            var file = System.IO.Path.Combine(Path, name);
            if (File.Exists(file)) File.Copy(file, System.IO.Path.Combine(copy.Path, name));
        }

        return copy;
    }

    /// <summary>Changes the closed journal behind everyone's back.</summary>
    public DataFolder Tamper(string sql) => Tamper(SqliteStore.FileName, sql);

    /// <summary>Changes the stored views behind everyone's back.</summary>
    public DataFolder TamperViews(string sql) => Tamper(SqliteStore.ViewsName, sql);

    private DataFolder Tamper(string file, string sql)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a test's own text
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        return this;
    }

    /// <summary>The rows of a query on the closed journal, each as one line.</summary>
    public List<string> Read(string sql)
    {
        using var connection = Open(SqliteStore.FileName);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return rows;
    }

    private DbConnection Open(string file)
    {
        DbConnection connection = ClusterServers.Wanted
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ClusterServers.For(Path).GetAwaiter().GetResult().Postgres) { Pooling = false, SearchPath = "coordination" }.ToString())
            : new SqliteConnection($"Data Source={System.IO.Path.Combine(Path, file)};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}

/// <summary>One silo that tests share; each uses ids of its own. Demonstration is on and nothing is loaded.</summary>
public sealed class SharedSilo : IAsyncLifetime
{
    public RunningSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Silo = await RunningSilo.Start();

    public ValueTask DisposeAsync() => Silo.DisposeAsync();
}

[CollectionDefinition(nameof(SharedSilo))]
public sealed class SharedSiloCollection : ICollectionFixture<SharedSilo>;
