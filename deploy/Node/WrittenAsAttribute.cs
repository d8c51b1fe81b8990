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

/// <summary>What a text is.</summary>
public enum Form
{
    OnOff, Address, Endpoint, HostName, Ip, Network, Broker, Database, Secret, Outside,
}

/// <summary>What the text of a setting must be, and in words that follow "should be".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WrittenAsAttribute(Form form, string allowed) : ValidationAttribute(allowed)
{
    /// <summary>There may be several, separated by ;.</summary>
    public bool Several { get; set; }

    public Form Form => form;

    /// <summary>The part of it that is wrong, or null.</summary>
    public string? Wrong(string text) => !Several ? Fits(text) ? null : text : Lists.Of(text) is { Length: > 0 } parts ? Array.Find(parts, part => !Fits(part)) : text;

    public override bool IsValid(object? value) => value is null || Wrong(value.ToString()!) is null;

    private bool Fits(string text) => form switch
    {
        Form.OnOff => OnOff(text) is not null,
        Form.Address => IsHttp(text.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal), out var uri) && uri.PathAndQuery is "/",
        Form.Endpoint => IsHttp(text, out _),
        Form.Outside => IsHttp(text, out var outside) && (outside.Scheme is "https" || outside.IsLoopback),
        Form.HostName => text == HostNames.Any || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) is UriHostNameType.Dns,
        Form.Ip => IPAddress.TryParse(text, out _),
        Form.Network => Network(text) is not null,
        Form.Secret => Journal.Secret.IsOne(text),
        Form.Broker => BrokerAddress.Read(text) is not null,
        _ => IsDatabase(text),
    };

    public static bool? OnOff(string text) => text.ToUpperInvariant() switch { "ON" or "TRUE" => true, "OFF" or "FALSE" => false, _ => null };

    public static IPNetwork? Network(string? text) =>
        IPAddress.TryParse(text, out var one) ? new(one, one.GetAddressBytes().Length * 8) : IPNetwork.TryParse(text, out var network) ? network : null;

    private static bool IsHttp(string text, out Uri uri) => Uri.TryCreate(text, UriKind.Absolute, out uri!) && uri.Scheme is "http" or "https";

    private static bool IsDatabase(string text)
    {
        try
        {
            // Opens no connection.
            NpgsqlDataSource.Create(text).Dispose();
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
