using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Coordination.Benchmarks.Servers;

/// <summary>A PostgreSQL server of its own, in a new folder, on a free port of this machine; gone afterwards.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Owner = "postgres";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"coordination-postgres-{Guid.NewGuid():N}");
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly int _port = Ports.Free();

    private PostgresServer() { }

    /// <summary>Makes a database, empty or as a copy of one that nobody is connected to, and answers its connection string.</summary>
    public async Task<string> Database(string name, string? template = null)
    {
        await Run("psql", [$"host=127.0.0.1 port={_port} user={Owner} password={_password} dbname=postgres", "-qc", $"CREATE DATABASE {name}{(template is null ? "" : $" TEMPLATE {template}")}"]);
        return $"Host=127.0.0.1;Port={_port};Username={Owner};Password={_password};Database={name}";
    }

    /// <summary>Gives the disk back what a database took. Nobody may be connected to it.</summary>
    public Task Drop(string name) => Run("psql", [$"host=127.0.0.1 port={_port} user={Owner} password={_password} dbname=postgres", "-qc", $"DROP DATABASE {name} WITH (FORCE)"]);

    /// <summary>Processor time of its processes that are there now, which a pool's connections are for as long as they are used.</summary>
    public TimeSpan Processor
    {
        get
        {
            var leader = File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First();
            var ticks = 0L;
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(folder[6])))
            {
                try
                {
                    // After the name in brackets: state, parent, … and, as 12th and 13th, ticks in the program and in the kernel.
                    var text = File.ReadAllText(Path.Combine(folder, "stat"));
                    var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                    if (fields[1] == leader) ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }

            return TimeSpan.FromMilliseconds(10 * ticks);
        }
    }

    public static async Task<PostgresServer> Start()
    {
        var server = new PostgresServer();
        Directory.CreateDirectory(server._folder);
        var (data, password) = (Path.Combine(server._folder, "data"), Path.Combine(server._folder, "password"));
        await File.WriteAllTextAsync(password, server._password);
        if (Environment.UserName == "root") await Run("chown", ["-R", Owner, server._folder]);
        await server.AsOwner("initdb", ["-D", data, "-U", Owner, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8"]);
        // As it comes: fsync and synchronous_commit are on. Only where it listens is changed, and how many may come.
        await server.AsOwner("pg_ctl", ["-D", data, "-l", Path.Combine(server._folder, "log"), "-w",
            "-o", $"-c listen_addresses=127.0.0.1 -c port={server._port} -c unix_socket_directories={server._folder} -c max_connections=300", "start"]);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await AsOwner("pg_ctl", ["-D", Path.Combine(_folder, "data"), "-m", "fast", "-w", "stop"]);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private Task AsOwner(string program, string[] arguments) => Environment.UserName == "root"
        ? Run("setpriv", [$"--reuid={Owner}", $"--regid={Owner}", "--init-groups", "--", Find(program), .. arguments])
        : Run(Find(program), arguments);

    private static string Find(string program) =>
        Directory.Exists("/usr/lib/postgresql")
        && Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", program)).LastOrDefault(File.Exists) is { } found
            ? found
            : throw new InvalidOperationException($"The program '{program}' is needed. Install Debian's package: apt-get install postgresql.");

    private static async Task Run(string program, string[] arguments)
    {
        // What the server says later goes to its log: nobody may wait for its output to end.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetTempPath(), RedirectStandardError = true };
        start.RedirectStandardOutput = program.EndsWith("initdb", StringComparison.Ordinal) || arguments.Any(argument => argument.EndsWith("initdb", StringComparison.Ordinal));
        using var process = Process.Start(start)!;
        _ = process.StartInfo.RedirectStandardOutput ? process.StandardOutput.ReadToEndAsync() : null;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}: {await process.StandardError.ReadToEndAsync()}");
    }
}

internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
