using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Coordination.Node.Roles;

namespace Coordination.Tests.Servers;

/// <summary>
/// A real RabbitMQ of its own on free ports of the loopback, in a temporary folder, with places for many that share nothing. Uses the
/// programs of the Debian package <c>rabbitmq-server</c> and installs nothing.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string User = "coordination";
    private const string Programs = "/usr/lib/rabbitmq/bin";

    /// <summary>Account of Debian's package; the broker runs as it when the tests run as root.</summary>
    private const string Account = "rabbitmq";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("rabbitmq-").FullName;
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly List<Process> _processes = [];
    private readonly int _port = FreePort.Choose();
    private readonly int _places;
    private int _taken;

    private RabbitMqServer(int places) => _places = places;

    /// <param name="places">Virtual hosts that it has. One costs little, and making one later costs the start of a tool.</param>
    public static async Task<RabbitMqServer> Start(int places)
    {
        var server = new RabbitMqServer(places);
        try
        {
            await server.Launch();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How a place is reached that nobody else has been given.</summary>
    public string Place() => Interlocked.Increment(ref _taken) is var number && number <= _places
        ? $"amqp://{User}:{_password}@127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}/{Name(number)}"
        : throw new InvalidOperationException($"All {_places} places of the tests' RabbitMQ are taken: let it start with more.");

    /// <summary>Holds everything of it.</summary>
    internal string Folder => _folder;

    public async ValueTask DisposeAsync()
    {
        await End();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ends its processes and leaves its files.</summary>
    internal async Task End()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _processes.Clear();
    }

    private static string Name(int place) => $"place-{place.ToString(CultureInfo.InvariantCulture)}";

    private async Task Launch()
    {
        if (!File.Exists($"{Programs}/rabbitmq-server"))
            throw new InvalidOperationException("These tests need RabbitMQ. On Debian: apt-get install rabbitmq-server. tests/run does so.");
        var salt = RandomNumberGenerator.GetBytes(4);
        var definitions = new
        {
            vhosts = Enumerable.Range(1, _places).Select(place => new { name = Name(place) }),
            users = new[]
            {
                new
                {
                    name = User, tags = "", hashing_algorithm = "rabbit_password_hashing_sha256",
                    password_hash = Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(_password)])]),
                },
            },
            permissions = Enumerable.Range(1, _places).Select(place => new { user = User, vhost = Name(place), configure = ".*", write = ".*", read = ".*" }),
        };
        await Keep("definitions.json", JsonSerializer.Serialize(definitions));
        await Keep("rabbitmq.conf", string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            load_definitions = {_folder}/definitions.json
            disk_free_limit.absolute = 50MB
            raft.wal_max_size_bytes = 64000000
            log.console = true
            log.console.level = warning
            log.file = false

            """));
        await Keep("enabled_plugins", "[].\n");
        await Keep("rabbitmq-env.conf", "");
        await Keep(".erlang.cookie", Guid.NewGuid().ToString("N"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_folder, ".erlang.cookie"), UnixFileMode.UserRead);
        if (Environment.IsPrivilegedProcess) await PostgresServer.Run("chown", ["-R", $"{Account}:", _folder]);

        var names = FreePort.Choose().ToString(CultureInfo.InvariantCulture);
        Run("epmd", names, ["-port", names, "-address", "127.0.0.1"]);
        var broker = Run($"{Programs}/rabbitmq-server", names, []);
        var began = Stopwatch.GetTimestamp();
        while (!await Listens())
        {
            if (broker.HasExited || Stopwatch.GetElapsedTime(began) > StartTime)
                throw new InvalidOperationException($"RabbitMQ did not start. {await File.ReadAllTextAsync(Log)}");
            await Task.Delay(100);
        }
    }

    private string Log => Path.Combine(_folder, "log");

    private Task Keep(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text);

    private async Task<bool> Listens()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Process Run(string program, string names, string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--init-groups", "--", program, .. arguments] : [program, .. arguments];
        // What it says goes into a file: nobody reads it while it runs.
        var start = new ProcessStartInfo("sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", Log, .. command]) { WorkingDirectory = _folder };
        // The machine's own settings of RabbitMQ, and the caller's, are not for this broker.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("RABBITMQ_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["LANG"] = "C.UTF-8",
            // The script becomes the broker instead of waiting for it.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            ["ERL_EPMD_PORT"] = names,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = "tests@localhost",
            ["RABBITMQ_CONF_ENV_FILE"] = $"{_folder}/rabbitmq-env.conf",
            ["RABBITMQ_CONFIG_FILE"] = $"{_folder}/rabbitmq.conf",
            ["RABBITMQ_CONFIG_FILES"] = $"{_folder}/conf.d/*.conf",
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = $"{_folder}/advanced.config",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{_folder}/enabled_plugins",
            ["RABBITMQ_MNESIA_BASE"] = $"{_folder}/mnesia",
            ["RABBITMQ_LOG_BASE"] = _folder,
            ["RABBITMQ_PID_FILE"] = $"{_folder}/pid",
            ["RABBITMQ_DIST_PORT"] = FreePort.Choose().ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        }) start.Environment[name] = value;
        var process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }
}
