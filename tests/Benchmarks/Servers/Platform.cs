namespace Coordination.Benchmarks.Servers;

/// <summary>The platform in one process, as people start it.</summary>
public static class Platform
{
    /// <summary>Of the demonstration accounts.</summary>
    public const string Password = "measured-and-compared";

    /// <summary>What it alone knows; the same whenever it starts.</summary>
    public const string Secret = "dGhlIHNlY3JldCBvZiBldmVyeSBtZWFzdXJlZCBwbGF0Zm9ybQ==";

    /// <param name="postgres">Connection string of the journal, or null for SQLite in the folder.</param>
    /// <param name="proxy">Network of a proxy that is believed about who comes; null for none.</param>
    public static Task<ServerProcess> Start(string folder, string? postgres = null, string? proxy = null)
    {
        var settings = new Dictionary<string, string> { ["COORDINATION_DEMO_PASSWORD"] = Password, ["COORDINATION_SECRET"] = Secret };
        if (proxy is not null) settings["COORDINATION_PROXY"] = proxy;
        if (postgres is not null) settings["COORDINATION_POSTGRES"] = postgres;
        return ServerProcess.Start("Node", ["--data", folder], settings, "/health/ready");
    }
}
