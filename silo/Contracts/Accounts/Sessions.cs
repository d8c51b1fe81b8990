namespace Coordination.Contracts.Accounts;

/// <summary>
/// Sessions that people have ended, so that every gateway closes the live connections it has of them. Key: 0, one for the
/// cluster. Never in the journal; told for half a minute.
/// </summary>
[Alias("ISessionsGrain")]
public interface ISessionsGrain : IGrainWithIntegerKey
{
    [Alias("End")]
    Task End(string session);

    /// <summary>Those ended within the last half minute.</summary>
    [Alias("Ended")]
    Task<string[]> Ended();
}
