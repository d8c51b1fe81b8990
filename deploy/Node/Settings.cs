using System.ComponentModel.DataAnnotations;
using System.Net;
using Coordination.Gateway;
using Coordination.Node.Bus;

namespace Coordination.Node;

/// <summary>
/// What a process is told: all settings, with their meaning, bounds and default. Store, bus and cluster are chosen independently: what is
/// not given stays within this process. <see cref="GivenSettings"/> reads them; docs/settings.md lists them for operators.
/// </summary>
public sealed record Settings : GatewayBounds
{
    private const string Http = "an address such as http://127.0.0.1:5080";
    private const string OnOrOff = "on or off";

    /// <summary>Npgsql connection string of the database; null keeps the journal in <see cref="Data"/>.</summary>
    [Secret, WrittenAs(Form.Database, "a connection string such as Host=…;Port=5432;Database=…;Username=…;Password=…"), NeededBy("silo", "gateway")]
    public string? Postgres { get; set; }

    /// <summary>amqp://user:password@host:port/vhost; null keeps messages in memory.</summary>
    [Secret, WrittenAs(Form.Broker, "of the form amqp://user:password@host:port/vhost"), NeededBy("silo", "gateway")]
    public string? RabbitMq { get; set; }

    /// <summary>Where people and systems reach the gateway: addresses, separated by ;.</summary>
    [WrittenAs(Form.Address, Http, Several = true)]
    public string Urls { get; set; } = "http://127.0.0.1:5080";

    /// <summary>
    /// Names by which this process is asked for, besides addresses, the names of loopback and those in <see cref="Urls"/> and <see cref="Ops"/>,
    /// separated by ;: <c>*.example.org</c> for all below one, <c>*</c> for any.
    /// </summary>
    [WrittenAs(Form.HostName, "names such as coordination.example.org, without port, separated by ;", Several = true)]
    public string? Hosts { get; set; }

    /// <summary>
    /// The one proxy in front that is believed about addresses and TLS: its address, or the network that it is in. Null believes nobody.
    /// </summary>
    [WrittenAs(Form.Network, "an address such as 127.0.0.1, or a network such as 10.0.0.0/8")]
    public string? Proxy { get; set; }

    /// <summary>Where operators reach this process: health, measures. Null for none of its own.</summary>
    [WrittenAs(Form.Address, Http), NeededBy("silo")]
    public string? Ops { get; set; }

    /// <summary>IP address that other processes of the cluster reach this one at.</summary>
    [WrittenAs(Form.Ip, "an IP address")]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for other silos; 0 takes a free one.</summary>
    [Range(0, ushort.MaxValue, ErrorMessage = Number)]
    public int SiloPort { get; set; }

    /// <summary>Port for gateways; 0 takes a free one.</summary>
    [Range(0, ushort.MaxValue, ErrorMessage = Number)]
    public int ClientPort { get; set; }

    /// <summary>Silos and gateways of one cluster give the same name.</summary>
    public string Cluster { get; set; } = "coordination";

    /// <summary>Name of this process in logs, measures and the database's list of connections; by default that of its role.</summary>
    public string Name { get; set; } = "node";

    /// <summary>Folder of what is local: the journal, secret, keys and passwords.</summary>
    [RegularExpression(@"[^\0]+", ErrorMessage = "the path of a folder")]
    public string Data { get; set; } = "./data";

    /// <summary>
    /// The platform's secret in Base64, the same for all silos for as long as there is the journal; null makes one and keeps it in <see cref="Data"/>. A
    /// gateway has no use for it.
    /// </summary>
    [Secret, WrittenAs(Form.Secret, "at least 32 random bytes in Base64, as 'openssl rand -base64 32' makes them"), NeededBy("silo")]
    public string? Secret { get; set; }

    /// <summary>Loads the report and the exercise, and lets demonstration accounts sign in. Off for a silo that is not told.</summary>
    [WrittenAs(Form.OnOff, OnOrOff)]
    public bool Demonstration { get; set; } = true;

    /// <summary>Password of the demonstration accounts; null makes one and keeps it in <see cref="Data"/>.</summary>
    [Secret]
    public string? DemoPassword { get; set; }

    /// <summary>Visitors share the demonstration's accounts: none of them changes names and passwords for the others.</summary>
    [WrittenAs(Form.OnOff, OnOrOff)]
    public bool SharedDemonstration { get; set; }

    /// <summary>How a silo learns of its addresses and of the others.</summary>
    [AllowedValues("postgres", "kubernetes", ErrorMessage = "postgres or kubernetes")]
    public string Hosting { get; set; } = "postgres";

    /// <summary>How many times as much as is shipped a body may have open.</summary>
    [Range(1, 1_000, ErrorMessage = Number)]
    public int OpenThings { get; set; } = 1;

    /// <summary>Days for which the security log keeps what happened.</summary>
    [Range(7, 3_650, ErrorMessage = Number)]
    public int SecurityLogDays { get; set; } = 365;

    /// <summary>Days for which it keeps from which network and with which browser.</summary>
    [Range(1, 3_650, ErrorMessage = Number)]
    public int SecurityLogAddressDays { get; set; } = 30;

    /// <summary>Where traces, measures and the security log are sent over OTLP; null sends none.</summary>
    [WrittenAs(Form.Endpoint, "an address such as http://127.0.0.1:4317")]
    public Uri? Otlp { get; set; }

    /// <summary>Where signed heads of the journal are sent, so that they are kept where the database's administrators do not come; null sends none.</summary>
    [WrittenAs(Form.Outside, "an address such as https://heads.example.org/coordination")]
    public Uri? HeadsTo { get; set; }

    /// <summary>Where a gateway listens: for people and systems, and for operators where it is told to.</summary>
    internal string[] ListensAt() => Ops is { } ops ? [.. Lists.Of(Urls), ops] : Lists.Of(Urls);

    /// <summary>All names that this process answers to.</summary>
    internal IEnumerable<string> OwnNames() => Lists.Of(Hosts).Concat(
        from url in ListensAt()
        let name = BindingAddress.Parse(url).Host
        where name is not ("*" or "+") // any address, and no name
        select name);

    internal IPNetwork? BelievedProxy() => WrittenAsAttribute.Network(Proxy);

    internal BrokerAddress? Broker() => RabbitMq is { } url ? BrokerAddress.Read(url) : null;

    /// <summary>Nothing of it that is secret, wherever it may be written.</summary>
    public override string ToString() => Name;
}
