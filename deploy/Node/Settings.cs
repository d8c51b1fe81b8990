using System.Globalization;
using System.Net;
using System.Text.Json;
using Coordination.Gateway.Http;

namespace Coordination.Node;

/// <summary>
/// What a process is told. Store, bus and cluster are chosen independently: what is not given stays within this process.
/// Read from a settings file, then the environment, then the command line; what comes later wins.
/// </summary>
public sealed record Settings
{
    /// <summary>Prefix of environment variables; after it underscores are for the eye only: COORDINATION_SILO_PORT is SiloPort.</summary>
    public const string Prefix = "COORDINATION_";

    /// <summary>Npgsql connection string of the database; null keeps the journal in <see cref="Data"/>.</summary>
    public string? Postgres { get; init; }

    /// <summary>amqp://user:password@host:port/vhost; null keeps messages in memory.</summary>
    public string? RabbitMq { get; init; }

    /// <summary>Where people and systems reach the gateway.</summary>
    public string[] Urls { get; init; } = ["http://127.0.0.1:5080"];

    /// <summary>
    /// Names by which this process is asked for, besides addresses, the names of loopback and those in <see cref="Urls"/> and <see cref="Ops"/>:
    /// <c>*.example.org</c> for all below one, <c>*</c> for any.
    /// </summary>
    public string[] Hosts { get; init; } = [];

    /// <summary>
    /// The one proxy in front that is believed about addresses and TLS: its address, or the network that it is in. Null believes nobody.
    /// </summary>
    public IPNetwork? Proxy { get; init; }

    /// <summary>What an account, and all of a body together, may write: in one go, and a second in the long run. Of each gateway.</summary>
    public int? AccountWrites { get; init; }

    public int? AccountWritesPerSecond { get; init; }

    public int? BodyWrites { get; init; }

    public int? BodyWritesPerSecond { get; init; }

    /// <summary>Live connections that an account, and a network, may have at a time. Of each gateway.</summary>
    public int? AccountConnections { get; init; }

    public int? NetworkConnections { get; init; }

    /// <summary>Topics that all live connections of an account together may follow. Of each gateway.</summary>
    public int? AccountTopics { get; init; }

    /// <summary>Where operators reach this process: health, measures. Null for none of its own.</summary>
    public string? Ops { get; init; }

    /// <summary>Address that other processes of the cluster reach this one at.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port for other silos; 0 takes a free one.</summary>
    public int SiloPort { get; init; }

    /// <summary>Port for gateways; 0 takes a free one.</summary>
    public int ClientPort { get; init; }

    /// <summary>Silos and gateways of one cluster give the same name.</summary>
    public string Cluster { get; init; } = "coordination";

    /// <summary>Name of this process in logs, measures and the database's list of connections.</summary>
    public string Name { get; init; } = "node";

    /// <summary>Folder of what is local: the journal, keys and passwords.</summary>
    public string Data { get; init; } = Path.GetFullPath("./data");

    /// <summary>Loads the report and the exercise, and lets demonstration accounts sign in.</summary>
    public bool Demonstration { get; init; } = true;

    /// <summary>Password of the demonstration accounts; null makes one and keeps it in <see cref="Data"/>.</summary>
    public string? DemoPassword { get; init; }

    /// <summary>Visitors share the demonstration's accounts: none of them changes names and passwords for the others.</summary>
    public bool SharedDemonstration { get; init; }

    /// <summary>How a silo learns of its addresses and of the others: <c>postgres</c> or <c>kubernetes</c>.</summary>
    public string Hosting { get; init; } = "postgres";

    /// <summary>How many times as much as is shipped a body may have open.</summary>
    public int OpenThings { get; init; } = 1;

    /// <summary>Days for which the security log keeps what happened, 7 or more.</summary>
    public int SecurityLogDays { get; init; } = 365;

    /// <summary>Days for which it keeps from which network and with which browser, 1 or more.</summary>
    public int SecurityLogAddressDays { get; init; } = 30;

    /// <summary>Where traces, measures and the security log are sent over OTLP; null sends none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>All names that this process answers to.</summary>
    public IEnumerable<string> OwnNames => Hosts.Concat(
        from url in Urls.Append(Ops).OfType<string>()
        let name = BindingAddress.Parse(url).Host
        where name is not ("*" or "+") // any address, and no name
        select name);

    private static readonly string[] Known = [.. typeof(Settings).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    /// <summary>Reads what is given.</summary>
    /// <param name="file">Settings file, or null.</param>
    /// <param name="line">What the command line says, by the names above.</param>
    /// <exception cref="Refusal">It cannot be read or makes no sense.</exception>
    public static Settings Read(string role, string? file, IEnumerable<KeyValuePair<string, string?>> line)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (file is not null) Add(FromFile(file));
        Add(FromEnvironment());
        Add(line);
        var standard = new Settings();
        return new()
        {
            Postgres = Text("Postgres"),
            RabbitMq = Text("RabbitMq"),
            Urls = Text("Urls") is { } urls ? Addresses("Urls", urls) : standard.Urls,
            Hosts = Text("Hosts") is { } hosts ? Names("Hosts", hosts) : standard.Hosts,
            Proxy = Text("Proxy") is { } proxy ? Network(proxy) : null,
            AccountWrites = Count("AccountWrites"),
            AccountWritesPerSecond = Count("AccountWritesPerSecond"),
            BodyWrites = Count("BodyWrites"),
            BodyWritesPerSecond = Count("BodyWritesPerSecond"),
            AccountConnections = Count("AccountConnections"),
            NetworkConnections = Count("NetworkConnections"),
            AccountTopics = Count("AccountTopics"),
            Ops = Text("Ops") is { } ops ? Addresses("Ops", ops).Single() : null,
            Address = Text("Address") is not { } address ? standard.Address : IPAddress.TryParse(address, out var ip) ? ip : throw Wrong("Address", address, "an IP address"),
            SiloPort = Port("SiloPort"),
            ClientPort = Port("ClientPort"),
            Cluster = Text("Cluster") ?? standard.Cluster,
            Name = Text("Name") ?? role,
            Data = Text("Data") is { } data ? Path.GetFullPath(data) : standard.Data,
            Demonstration = Text("Demonstration") is { } demonstration ? OnOff("Demonstration", demonstration) : role != "silo",
            SharedDemonstration = Text("SharedDemonstration") is { } shared && OnOff("SharedDemonstration", shared),
            DemoPassword = Text("DemoPassword"),
            Hosting = Text("Hosting") is not { } hosting ? standard.Hosting : hosting is "postgres" or "kubernetes" ? hosting : throw Wrong("Hosting", hosting, "postgres or kubernetes"),
            OpenThings = Count("OpenThings") ?? standard.OpenThings,
            SecurityLogDays = Days("SecurityLogDays", standard.SecurityLogDays, least: 7),
            SecurityLogAddressDays = Days("SecurityLogAddressDays", standard.SecurityLogAddressDays, least: 1),
            Otlp = Text("Otlp") is not { } otlp ? null : Uri.TryCreate(otlp, UriKind.Absolute, out var uri) ? uri : throw Wrong("Otlp", otlp, "an address such as http://127.0.0.1:4317"),
        };

        static IPNetwork Network(string text) =>
            IPAddress.TryParse(text, out var one) ? new(one, one.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network) ? network
            : throw Wrong("Proxy", text, "an address such as 127.0.0.1, or a network such as 10.0.0.0/8");

        void Add(IEnumerable<KeyValuePair<string, string?>> pairs)
        {
            foreach (var (name, value) in pairs)
            {
                if (!string.IsNullOrWhiteSpace(value)) given[name] = value;
            }
        }

        string? Text(string name) => given.GetValueOrDefault(name);

        int Days(string name, int otherwise, int least) => Text(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days >= least && days <= 3_650 ? days
            : throw Wrong(name, text, $"a number of days from {least} to 3650");

        int? Count(string name) => Text(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1_000_000 ? count : throw Wrong(name, text, "a whole number from 1 to 1000000");

        int Port(string name) => Text(name) is not { } text ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue ? port : throw Wrong(name, text, "a port");
    }

    /// <summary>The setting, or a refusal that says where it could have come from.</summary>
    public static string Needed(string? value, string name) => value ?? throw new Refusal(
        Exit.Usage, $"{name} is not set. Give it in a file with --settings FILE, or as {Prefix}{name.ToUpperInvariant()}.");

    private static IEnumerable<KeyValuePair<string, string?>> FromFile(string file)
    {
        string text;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
                throw new Refusal(Exit.Usage, $"{file} holds passwords and everyone on this machine may read it. First: chmod 600 {file}");
            text = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(Exit.Usage, $"The settings file cannot be read. ({exception.Message})");
        }

        try
        {
            using var json = JsonDocument.Parse(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return [.. json.RootElement.EnumerateObject().Select(property => Known.Contains(property.Name, StringComparer.OrdinalIgnoreCase)
                ? KeyValuePair.Create(property.Name, (string?)property.Value.ToString())
                : throw new Refusal(Exit.Usage, $"{file}: there is no setting '{property.Name}'. There are: {string.Join(", ", Known)}"))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new Refusal(Exit.Usage, $"{file} is no JSON object. ({exception.Message})");
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment() =>
        from System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        select KeyValuePair.Create(name[Prefix.Length..].Replace("_", "", StringComparison.Ordinal), (string?)variable.Value);

    private static string[] Addresses(string name, string text)
    {
        var addresses = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var wrong = Array.Find(addresses, address => !Uri.TryCreate(address.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"));
        return wrong is null && addresses.Length > 0 ? addresses : throw Wrong(name, wrong ?? text, "an address such as http://127.0.0.1:5080");
    }

    private static string[] Names(string name, string text)
    {
        var names = text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var wrong = Array.Find(names, given => given != HostNames.Any && Uri.CheckHostName(given.StartsWith("*.", StringComparison.Ordinal) ? given[2..] : given) is not UriHostNameType.Dns);
        return wrong is null ? names : throw Wrong(name, wrong, "names such as coordination.example.org, without port, separated by ;");
    }

    private static bool OnOff(string name, string text) => text.ToUpperInvariant() switch
    {
        "ON" or "TRUE" => true,
        "OFF" or "FALSE" => false,
        _ => throw Wrong(name, text, "on or off"),
    };

    private static Refusal Wrong(string name, string value, string wanted) => new(Exit.Usage, $"{name} is '{value}' and should be {wanted}.");
}
