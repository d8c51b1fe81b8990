namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>Everyone who writes or watches, signed in once: whatever happens to the platform, they need not sign in again.</summary>
public sealed class Sessions : IDisposable
{
    private static readonly string[] Accounts = [.. Writers.Planners, "sweden", "finland-national-rapporteur", "sweden-national-rapporteur"];

    private readonly Dictionary<string, Caller> _callers = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Caller> Callers => _callers;

    public static async Task<Sessions> Open(Uri address)
    {
        var sessions = new Sessions();
        foreach (var account in Accounts) sessions._callers.Add(account, await Waiting.Patiently(() => Caller.SignIn(address, account, Waiting.Cancellation)));
        return sessions;
    }

    public void Dispose()
    {
        foreach (var caller in _callers.Values) caller.Dispose();
    }
}
