using System.Security.Cryptography;
using System.Text.Json;
using Coordination.Contracts.Accounts;
using Microsoft.AspNetCore.DataProtection;

namespace Coordination.Gateway.Sessions;

/// <summary>
/// A cookie that says which sign-in names have been signed in with on this browser before. It opens nothing: whoever has it still gives the password, and is
/// not kept out while strangers try theirs.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection, TimeProvider time)
{
    private const string Name = "coordination.device";

    /// <summary>People who share a browser; the one that came first makes room.</summary>
    private const int MostAccounts = 8;

    private static readonly TimeSpan Lasts = TimeSpan.FromDays(180);
    private static readonly HostCookies Cookies = new();
    private readonly IDataProtector _protector = protection.CreateProtector("device");

    /// <summary>Where a request tries the password of a sign-in name from.</summary>
    public TriedFrom From(HttpContext http, string name)
    {
        var device = Read(http);
        return SessionCookie.From(http) with
        {
            Device = device?.Names.ContainsKey(name) is true ? device.Id : null,
            Generation = device?.Names.GetValueOrDefault(name) ?? 0,
        };
    }

    /// <summary>The device of a request, whoever has signed in on it; null when nobody has.</summary>
    public string? Of(HttpContext http) => Read(http)?.Id;

    /// <summary>Remembers that somebody has signed in here.</summary>
    /// <param name="generation">Of the password.</param>
    public void Remember(HttpContext http, string name, int generation)
    {
        var device = Read(http) ?? new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), []);
        device.Names.Remove(name);
        while (device.Names.Count >= MostAccounts) device.Names.Remove(device.Names.Keys.First());
        device.Names[name] = generation;
        Cookies.AppendResponseCookie(http, Name, Convert.ToBase64String(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(device))), new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            Path = "/",
            Expires = time.GetUtcNow() + Lasts,
            IsEssential = true,
        });
    }

    private Device? Read(HttpContext http)
    {
        if (Cookies.GetRequestCookie(http, Name) is not { Length: > 0 } cookie) return null;
        try
        {
            return JsonSerializer.Deserialize<Device>(_protector.Unprotect(Convert.FromBase64String(cookie)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or JsonException)
        {
            // Made with other keys, or by nobody.
            return null;
        }
    }

    /// <param name="Names">Generation of the password by sign-in name.</param>
    private sealed record Device(string Id, Dictionary<string, int> Names);
}
