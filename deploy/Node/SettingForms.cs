using System.ComponentModel.DataAnnotations;
using System.Net;
using Coordination.Gateway.Http;
using Coordination.Node.Bus;
using Npgsql;

namespace Coordination.Node;

/// <summary>A setting whose value is shown nowhere.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>Roles that cannot start without the setting.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeededByAttribute(params string[] roles) : Attribute
{
    public IReadOnlyList<string> Roles => roles;
}

/// <summary>What the text of a setting must be, in words that follow "should be".</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class FormAttribute(string allowed) : ValidationAttribute(allowed)
{
    /// <summary>The part of it that is wrong, or null.</summary>
    public virtual string? Wrong(string text) => Fits(text) ? null : text;

    public sealed override bool IsValid(object? value) => value is null || Wrong(value.ToString()!) is null;

    protected abstract bool Fits(string part);
}

/// <summary>On or off, true or false.</summary>
public sealed class OnOffAttribute() : FormAttribute("on or off")
{
    /// <summary>As the framework writes it.</summary>
    public static bool? Parse(string text) => text.ToUpperInvariant() switch { "ON" or "TRUE" => true, "OFF" or "FALSE" => false, _ => null };

    protected override bool Fits(string part) => Parse(part) is not null;
}

/// <summary>Addresses of HTTP, separated by ;, or <see cref="One"/>.</summary>
public sealed class AddressesAttribute() : FormAttribute("an address such as http://127.0.0.1:5080")
{
    public bool One { get; set; }

    /// <summary>It may have a path.</summary>
    public bool Path { get; set; }

    public override string? Wrong(string text) =>
        One ? base.Wrong(text) : Lists.Of(text) is { Length: > 0 } parts ? Array.Find(parts, part => !Fits(part)) : text;

    protected override bool Fits(string part) =>
        Uri.TryCreate(Path ? part : part.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && (Path || uri.PathAndQuery is "/");
}

/// <summary>Names of hosts, separated by ;.</summary>
public sealed class NamesAttribute() : FormAttribute("names such as coordination.example.org, without port, separated by ;")
{
    public override string? Wrong(string text) => Array.Find(Lists.Of(text), part => !Fits(part));

    protected override bool Fits(string part) =>
        part == HostNames.Any || Uri.CheckHostName(part.StartsWith("*.", StringComparison.Ordinal) ? part[2..] : part) is UriHostNameType.Dns;
}

/// <summary>An IP address, or a network.</summary>
public sealed class NetworkAttribute() : FormAttribute("an address such as 127.0.0.1, or a network such as 10.0.0.0/8")
{
    public static IPNetwork? Parse(string? text) =>
        IPAddress.TryParse(text, out var one) ? new(one, one.GetAddressBytes().Length * 8) : IPNetwork.TryParse(text, out var network) ? network : null;

    protected override bool Fits(string part) => Parse(part) is not null;
}

public sealed class IpAttribute() : FormAttribute("an IP address")
{
    protected override bool Fits(string part) => IPAddress.TryParse(part, out _);
}

public sealed class FolderAttribute() : FormAttribute("the path of a folder")
{
    protected override bool Fits(string part) => !part.Contains('\0', StringComparison.Ordinal);
}

public sealed class BrokerAttribute() : FormAttribute("of the form amqp://user:password@host:port/vhost")
{
    protected override bool Fits(string part) => BrokerAddress.Read(part) is not null;
}

public sealed class DatabaseAttribute() : FormAttribute("a connection string such as Host=…;Port=5432;Database=…;Username=…;Password=…")
{
    protected override bool Fits(string part)
    {
        try
        {
            // Opens no connection.
            NpgsqlDataSource.Create(part).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }
}

/// <summary>Several in one text.</summary>
internal static class Lists
{
    public static string[] Of(string? text) => text?.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
