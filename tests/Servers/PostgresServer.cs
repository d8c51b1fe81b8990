using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Coordination.Node.Roles;
using Npgsql;

namespace Coordination.Tests.Servers;

/// <summary>
/// A real PostgreSQL of its own on a free port of the loopback, in a temporary folder. One for all tests of a suite, and one more for
/// each that breaks it. Uses the programs of the Debian package <c>postgresql</c> and installs nothing.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string SuperUser = "postgres";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly List<string> _log = [];
    private Process? _process;

    public int Port { get; private set; }

    public int Pid => _process?.Id ?? throw new InvalidOperationException("PostgreSQL does not run.");

    /// <summary>Where its files are; another file system when the test wants one. Made by <see cref="InitializeAsync"/>.</summary>
    public string Data { get; init; } = "";

    public string ConnectionString => Account(SuperUser, _password);

    /// <summary>Where all its files are.</summary>
    public string DataFolder => Data.Length > 0 ? Data : Path.Combine(_folder, "data");

    public string Account(string name, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = "postgres",
        Username = name,
        Password = password,
    }.ToString();

    /// <summary>One that no other test uses.</summary>
    public static async Task<PostgresServer> OfItsOwn(string data = "")
    {
        var server = new PostgresServer { Data = data };
        try
        {
            await server.InitializeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Port = FreePort.Choose();
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, _password);
        if (Environment.IsPrivilegedProcess)
            await Run("chown", ["-R", $"{SuperUser}:{SuperUser}", _folder]);
        await AsUser(Program("initdb"), "-D", DataFolder, "-U", SuperUser, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync");
        await Start();
    }

    public async Task Start()
    {
        Launch();
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException e)
            {
                await Task.Delay(50);
                var late = Stopwatch.GetElapsedTime(began) > StartTime;
                // After a kill the children may still hold the shared memory for a moment.
                if (_process!.HasExited && !late && Log.Contains("shared memory block", StringComparison.Ordinal))
                    Launch();
                else if (_process.HasExited || late)
                    throw new InvalidOperationException($"PostgreSQL did not start. {Log}", e);
            }
        }
    }

    private void Launch()
    {
        _process?.Dispose();
        lock (_log)
            _log.Clear();
        var start = Command(Program("postgres"),
            "-D", DataFolder, "-c", "listen_addresses=127.0.0.1", "-c", $"port={Port.ToString(CultureInfo.InvariantCulture)}",
            "-c", $"unix_socket_directories={_folder}", "-c", "max_connections=200");
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.Add(line.Data ?? "");
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>As when the machine loses its power: nothing is finished.</summary>
    public async Task Kill()
    {
        // The children notice and end; a new start waits until they have.
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task<string> Query(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>A client in a process of its own that runs these statements and then waits for more.</summary>
    public Process Psql(string sql)
    {
        var start = new ProcessStartInfo(Program("psql"), ["-X", "-q", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", SuperUser, SuperUser])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["PGPASSWORD"] = _password },
        };
        var process = Process.Start(start)!;
        process.StandardInput.WriteLine(sql);
        process.StandardInput.Flush();
        return process;
    }

    /// <summary>Holds everything of it.</summary>
    internal string Folder => _folder;

    /// <summary>Ends its processes and leaves its files.</summary>
    internal async Task End()
    {
        if (_process is null) return;
        await Run("kill", ["-QUIT", Pid.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Makes a database, empty or as one that nobody is connected to, and answers how it is reached.</summary>
    public async Task<string> Database(string name, string? like = null)
    {
        await Query($"CREATE DATABASE \"{name}\" TEMPLATE \"{like ?? "template1"}\"");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ToString();
    }

    /// <summary>Runs a program and answers what it said.</summary>
    public static async Task<string> Run(string program, IEnumerable<string> arguments) => await Run(new ProcessStartInfo(program, arguments));

    private string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log.TakeLast(20));
        }
    }

    private static string Program(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
                : [])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        return path ?? throw new InvalidOperationException(
            $"These tests need PostgreSQL, and its program '{name}' is neither on the PATH nor under /usr/lib/postgresql. On Debian: apt-get install postgresql. tests/run does so.");
    }

    private async Task AsUser(string program, params string[] arguments) => await Run(Command(program, arguments));

    /// <summary>PostgreSQL refuses to run as root; Debian's package brings an account for it.</summary>
    private ProcessStartInfo Command(string program, params string[] arguments) =>
        new(Environment.IsPrivilegedProcess ? "setpriv" : program,
            Environment.IsPrivilegedProcess ? [$"--reuid={SuperUser}", $"--regid={SuperUser}", "--init-groups", "--", program, .. arguments] : arguments)
        {
            WorkingDirectory = _folder,
        };

    private static async Task<string> Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? said[0] : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}. {string.Join('\n', said)}");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"These tests need the program '{start.FileName}'.", e);
        }
    }
}
