using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Coordination.Tests.Servers;

/// <summary>
/// The database and the broker of all clusters that the tests of one process start. With <c>COORDINATION_TEST_ON=cluster</c> in the
/// environment tests run on them, else on a folder and in memory.
/// </summary>
public sealed partial class ClusterServers
{
    /// <summary>More than a suite has clusters.</summary>
    private const int Places = 240;

    private static readonly Lazy<Task<ClusterServers>> Started = new(Start);
    private readonly PostgresServer _postgres;
    private readonly RabbitMqServer _rabbitMq;
    private readonly ConcurrentDictionary<string, Lazy<Task<Home>>> _homes = new(StringComparer.Ordinal);

    private ClusterServers(PostgresServer postgres, RabbitMqServer rabbitMq) => (_postgres, _rabbitMq) = (postgres, rabbitMq);

    /// <summary>Whether tests run on the cluster's configuration.</summary>
    public static bool Wanted => Environment.GetEnvironmentVariable("COORDINATION_TEST_ON") switch
    {
        null or "" or "node" => false,
        "cluster" => true,
        var other => throw new InvalidOperationException($"COORDINATION_TEST_ON is '{other}' and should be node or cluster."),
    };

    /// <summary>Database and broker of the cluster whose local folder this is; the same ones when it starts again.</summary>
    public static async Task<Home> For(string folder)
    {
        var servers = await Started.Value;
        return await servers.Make(folder, null);
    }

    /// <summary>Gives a folder a database that begins as the one of another, whose cluster does not run.</summary>
    public static async Task<Home> Copy(string from, string to)
    {
        var servers = await Started.Value;
        await servers.Make(from, null);
        return await servers.Make(to, from);
    }

    private Task<Home> Make(string folder, string? from) => _homes.GetOrAdd(folder, name => new(async () => new(
        await _postgres.Database(Database(name), from is null ? null : Database(from)), _rabbitMq.Place()))).Value;

    private static string Database(string folder) => Unfit().Replace(Path.GetFileName(folder).ToLowerInvariant(), "_");

    private static async Task<ClusterServers> Start()
    {
        var (postgres, rabbitMq) = (PostgresServer.OfItsOwn(), RabbitMqServer.Start(Places));
        var servers = new ClusterServers(await postgres, await rabbitMq);
        // Fixtures end in no certain order, and some of them run clusters on these. A process that takes longer than 10 s to exit is
        // taken for one that hangs, and a database that has served many clusters is thousands of files: another process removes them.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => servers.Stop().GetAwaiter().GetResult();
        return servers;
    }

    private async Task Stop()
    {
        await _rabbitMq.End();
        await _postgres.End();
        Process.Start("rm", ["-rf", _rabbitMq.Folder, _postgres.Folder]).Dispose();
    }

    [GeneratedRegex("[^a-z0-9_]")]
    private static partial Regex Unfit();
}

/// <param name="Postgres">Npgsql connection string.</param>
/// <param name="RabbitMq">amqp://user:password@host:port/vhost.</param>
public sealed record Home(string Postgres, string RabbitMq)
{
    /// <summary>The secret of each platform of tests, so that a copy of a database has the one of its origin.</summary>
    public const string Secret = "dGhlIHNlY3JldCBvZiBldmVyeSB0ZXN0J3MgcGxhdGZvcm0=";
}
