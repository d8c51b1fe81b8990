using Coordination.EndToEnd.Tests.Faults;
using Coordination.Journal;
using Coordination.Node.Roles;
using Npgsql;

namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>A whole cluster on this machine, as <c>deploy/cluster/up</c> runs it, on a folder and ports of its own.</summary>
public sealed class Cluster : IPlatform, IAsyncDisposable
{
    private static readonly TimeSpan ToStart = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(60);

    private static readonly string Scripts = Path.Combine(Tools.Repository, "deploy", "cluster");

    /// <summary>Folder of a cluster to use instead of making one; it is left running. Saves its start to whoever works on these tests.</summary>
    private static readonly string? Given = Environment.GetEnvironmentVariable("COORDINATION_TEST_CLUSTER");

    private readonly DataFolder? _folder = Given is null ? new() : null;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly int _port;
    private NpgsqlDataSource? _database;

    private Cluster() => _port = File.Exists(Path.Combine(Data, "ports")) ? int.Parse(Ports()["nginx"], System.Globalization.CultureInfo.InvariantCulture) : FreePort.Choose();

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>The folder that holds everything of it.</summary>
    public string Data => Given ?? _folder!.Path;

    /// <summary>Folder of the program that is started, from the next <see cref="Up"/> on.</summary>
    public string App { get; set; } = Path.GetDirectoryName(Tools.NodeProgram)!;

    public IReadOnlyList<Member> Silos { get; private set; } = [];

    public IReadOnlyList<Member> Gateways { get; private set; } = [];

    public Member Postgres { get; private set; } = null!;

    public Member RabbitMq { get; private set; } = null!;

    /// <summary>New connections to the platform's database.</summary>
    public NpgsqlDataSource Database => _database ??= new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(DatabaseAddress)
    {
        ApplicationName = "test",
        SearchPath = "coordination",
        // A connection that was kept may have died with the server.
        Pooling = false,
    }.ToString()).Build();

    /// <summary>Where the database is reached, with its password.</summary>
    public string DatabaseAddress => Setting("Postgres");

    /// <summary>Where the broker is reached, with its password.</summary>
    public Uri Broker => new(Setting("RabbitMq"));

    /// <summary>What its silos alone know.</summary>
    public Secret Secret => Secret.Read(Setting("Secret", "silo-1"));

    /// <param name="restore">A backup for it to begin with.</param>
    /// <param name="erasures">What is erased from it.</param>
    public static async Task<Cluster> Start(string? restore = null, string? erasures = null)
    {
        var cluster = new Cluster();
        try
        {
            await cluster.Up(more: [.. restore is null ? (string[])[] : ["--restore", restore], .. erasures is null ? (string[])[] : ["--erasures", erasures]]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what does not run, and waits until all of it is healthy.</summary>
    /// <param name="environment">Beside the password, such as where a silo finds PostgreSQL instead.</param>
    /// <param name="more">Said on the command line beside folder, port and program.</param>
    public async Task Up(IReadOnlyDictionary<string, string>? environment = null, params string[] more)
    {
        await Shell.Succeed(
            Path.Combine(Scripts, "up"), ["--data", Data, "--port", $"{_port}", "--app", App, .. more], ToStart,
            new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["COORDINATION_DEMO_PASSWORD"] = NodeProcess.Password, [Load.OpenThings] = Load.Enough });
        await Look();
    }

    /// <summary>Ends all of it, in order or at once as a power cut would.</summary>
    public async Task Down(bool kill)
    {
        await Shell.Succeed(Path.Combine(Scripts, "down"), kill ? ["--data", Data, "--kill"] : ["--data", Data], ToStart);
        await Look();
    }

    /// <summary>Finds out anew what runs.</summary>
    public async Task Look()
    {
        var (_, output, errors) = await Shell.Run(Path.Combine(Scripts, "status"), ["--data", Data, "--json"], ToAnswer);
        JsonElement status;
        try
        {
            status = JsonDocument.Parse(output).RootElement;
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"deploy/cluster/status did not answer with JSON: {output} {errors}");
        }

        Silos = [.. status.GetProperty("silos").EnumerateArray().Select((one, index) => Of($"silo-{index + 1}", one))];
        Gateways = [.. status.GetProperty("gateways").EnumerateArray().Select((one, index) => Of($"gateway-{index + 1}", one))];
        (Postgres, RabbitMq) = (Of("PostgreSQL", status.GetProperty("postgres")), Of("RabbitMQ", status.GetProperty("rabbitmq")));

        static Member Of(string name, JsonElement one) =>
            new(name, one.GetProperty("pid").ValueKind is JsonValueKind.Number ? one.GetProperty("pid").GetInt32() : null, one.GetProperty("port").GetInt32());
    }

    /// <summary>The streams whose grains are awake on a silo.</summary>
    public async Task<HashSet<string>> Held(Member silo)
    {
        var grains = await Waiting.Patiently(() => _http.GetFromJsonAsync<Dictionary<string, string[]>>(new Uri($"http://127.0.0.1:{silo.Port}/grains"), Waiting.Cancellation));
        return [.. grains!.SelectMany(kind => kind.Value.Select(id => $"{kind.Key}/{id}"))];
    }

    public Task<long> Head(CancellationToken cancellation) => Number("SELECT max(position) FROM head", cancellation);

    public Task<KeptJournal> Read(long after, CancellationToken cancellation) => Waiting.Patiently(() => ReadOnce(after, cancellation));

    private Task<long> Number(string sql, CancellationToken cancellation) => Waiting.Patiently(async () =>
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    });

    private async Task<KeptJournal> ReadOnce(long after, CancellationToken cancellation)
    {
        await using var connection = await Database.OpenConnectionAsync(cancellation);
        // Both of one moment.
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var entries = new List<KeptEntry>();
        await using (var command = new NpgsqlCommand("SELECT position, stream, version, actor, topics, audience, data, texts FROM entries LEFT JOIN texts USING (position) WHERE position > $1 ORDER BY position", connection) { Parameters = { new() { Value = after } } })
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
                entries.Add(new(
                    rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3), rows.GetString(4).Split(' '), JsonDocument.Parse(rows.GetFieldValue<byte[]>(5)).RootElement,
                    System.Text.Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(6)), rows.IsDBNull(7) ? "" : System.Text.Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(7))));
        }

        var commands = new List<KeptCommand>();
        const string sql = "SELECT commands.command, stream, commands.version, position FROM commands JOIN entries USING (position) WHERE position > $1 ORDER BY position";
        await using (var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = after } } })
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation)) commands.Add(new(Convert.ToHexStringLower(rows.GetFieldValue<byte[]>(0)), rows.GetString(1), rows.GetInt64(2), rows.GetInt64(3)));
        }

        return new(entries, commands);
    }

    /// <summary>The chain, what each silo shows and what is in inboxes, against the journal folded anew.</summary>
    public async Task<IReadOnlyList<string>> Inspect(long head, CancellationToken cancellation)
    {
        var fresh = await Waiting.Patiently(() => FreshFold.Of(Database, cancellation));
        var wrong = new List<string>();
        if (fresh.Position != head || fresh.BrokenAt is not null) wrong.Add($"The chain up to {head} breaks at {fresh.BrokenAt ?? fresh.Position}.");
        foreach (var silo in Silos)
        {
            JsonElement shown = default;
            await Waiting.Until($"the views of {silo.Name} reach {head}", ToAnswer, async () =>
            {
                shown = await Waiting.Patiently(() => _http.GetFromJsonAsync<JsonElement>(new Uri($"http://127.0.0.1:{silo.Port}/views"), cancellation));
                return shown.GetProperty("position").GetInt64() >= head ? null : $"it is at {shown.GetProperty("position")}";
            });
            var views = shown.GetProperty("views").EnumerateObject().ToDictionary(view => view.Name, view => view.Value.GetString());
            wrong.AddRange(fresh.Views.Where(view => views.GetValueOrDefault(view.Key) != view.Value).Select(view => $"The view {view.Key} on {silo.Name} is not what the journal folds to."));
        }

        await Waiting.Until($"inboxes are delivered up to {head}", ToAnswer, async () =>
            await Number("SELECT max(position) FROM marks WHERE reactor = 'inboxes'", cancellation) is var delivered && delivered >= head ? null : $"they are at {delivered}");
        var kept = await Waiting.Patiently(() => FreshFold.Kept(Database, cancellation));
        if (fresh.Inboxes.Count == 0) wrong.Add("Nothing came to any inbox.");
        if (!kept.SetEquals(fresh.Inboxes))
            wrong.Add($"Inboxes lack {fresh.Inboxes.Except(kept).Count()} of {fresh.Inboxes.Count} (such as {fresh.Inboxes.Except(kept).FirstOrDefault()}) and hold {kept.Except(fresh.Inboxes).Count()} too many (such as {kept.Except(fresh.Inboxes).FirstOrDefault()}).");
        return wrong;
    }

    /// <summary>Makes an empty database beside the platform's, of the same owner.</summary>
    /// <returns>How to connect to it.</returns>
    public async Task<string> NewDatabase(string name)
    {
        var platform = new NpgsqlConnectionStringBuilder(Setting("Postgres"));
        var password = (await File.ReadAllTextAsync(Path.Combine(Data, "secrets", "postgres-administrator"), Waiting.Cancellation)).Trim();
        // The platform's own account may make none.
        var administrator = new NpgsqlConnectionStringBuilder(platform.ToString()) { Username = "postgres", Password = password, Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(administrator.ToString());
        await connection.OpenAsync(Waiting.Cancellation);
        foreach (var sql in (string[])[$"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"CREATE DATABASE {name} OWNER {platform.Username}"])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Waiting.Cancellation);
        }

        return new NpgsqlConnectionStringBuilder(platform.ToString()) { Database = name }.ToString();
    }

    /// <summary>Runs a command of the operators' tool against this cluster.</summary>
    public Task<(int Code, string Output, string Errors)> Operate(params string[] command) =>
        Shell.Run(Tools.Dotnet, [Tools.NodeProgram, .. command, "--settings", Path.Combine(Data, "silo-1", "settings.json")], ToAnswer);

    /// <summary>The queues that gateways read. One of a gateway that was killed stays until it has not been read for a while.</summary>
    public async Task<List<string>> QueuesOfGateways() =>
    [
        .. (await AskBroker("--vhost", "coordination", "list_queues", "--no-table-headers", "name", "consumers"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split('\t'))
            .Where(queue => queue[0].StartsWith("gateway-", StringComparison.Ordinal) && queue[1] != "0").Select(queue => queue[0]),
    ];

    /// <summary>Asks the broker's own tool.</summary>
    public Task<string> AskBroker(params string[] command)
    {
        var ports = Ports();
        var folder = Path.Combine(Data, "rabbitmq");
        string[] ask =
        [
            $"HOME={Data}", "RABBITMQ_NODENAME=coordination@localhost", $"RABBITMQ_CONF_ENV_FILE={folder}/rabbitmq-env.conf", $"ERL_EPMD_PORT={ports["epmd"]}", "LANG=C.UTF-8",
            "/usr/lib/rabbitmq/bin/rabbitmqctl", "--quiet", .. command,
        ];
        // The tool reads the broker's cookie, which only the broker's user may.
        return Environment.UserName == "root"
            ? Shell.Succeed("setpriv", ["--reuid", OwnerOf(folder), "--regid", OwnerOf(folder), "--init-groups", "--", "env", "-C", Data, .. ask], ToAnswer)
            : Shell.Succeed("env", ask, ToAnswer);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        _http.Dispose();
        if (_folder is null) return;
        if (File.Exists(Path.Combine(Data, "ports"))) await Shell.Run(Path.Combine(Scripts, "down"), ["--data", Data, "--kill"], ToStart);
        _folder.Dispose();
    }

    /// <summary>What a process has said up to now, and those of its name before it.</summary>
    public string[] LogOf(Member member) => File.ReadAllLines(Path.Combine(Data, "log", $"{member.Name}.log"));

    /// <summary>What its gateways have said of requests that they had to answer with a fault of the platform.</summary>
    public IReadOnlyList<string> Broken() =>
    [
        .. from gateway in Gateways
           let log = LogOf(gateway)
           from line in log.Index()
           where line.Item.Contains("An unhandled exception", StringComparison.Ordinal)
           select $"{gateway.Name}: {string.Join('\n', log.Skip(line.Index).Take(30))}",
    ];

    /// <summary>Copies what its processes have said, for failures that need explaining.</summary>
    public void KeepLogs(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var log in Directory.EnumerateFiles(Path.Combine(Data, "log"))) File.Copy(log, Path.Combine(folder, Path.GetFileName(log)), overwrite: true);
    }

    private Dictionary<string, string> Ports() =>
        File.ReadAllLines(Path.Combine(Data, "ports")).Select(line => line.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    private string Setting(string name, string process = "gateway-1") =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, process, "settings.json"))).RootElement.GetProperty(name).GetString()!;

    private static string OwnerOf(string folder)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%U", folder]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }
}
