using Coordination.Gateway.Http;
using Microsoft.AspNetCore.SignalR;

namespace Coordination.Gateway.Live;

/// <summary>
/// Logs what breaks in a call on a live line. Of what is refused nothing is logged: anybody can bring that about as often as one likes, and whoever
/// calls is told. SignalR itself would log both alike.
/// </summary>
internal sealed class BrokenCalls(ILogger<BrokenCalls> logger) : IHubFilter
{
    /// <summary>Category under which SignalR logs each call that ends with an exception.</summary>
    public const string OfSignalR = "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher";

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception) when (exception is not HubException && !Silos.AreAway(exception))
        {
            Log.Unexpected(logger, exception);
            throw;
        }
    }
}
