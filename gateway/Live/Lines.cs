using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Coordination.Gateway.Live;

/// <summary>Knows the connections themselves, so that what is the same for many can be written to each in a form that was made once.</summary>
public sealed class Lines(ILogger<DefaultHubLifetimeManager<LiveHub>> logger) : DefaultHubLifetimeManager<LiveHub>(logger)
{
    private readonly ConcurrentDictionary<string, HubConnectionContext> _lines = new(StringComparer.Ordinal);

    /// <summary>The line of a connection that the hub has been told of and that has not ended.</summary>
    public HubConnectionContext Of(string connection) => _lines[connection];

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        _lines[connection.ConnectionId] = connection;
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        _lines.TryRemove(connection.ConnectionId, out _);
        return base.OnDisconnectedAsync(connection);
    }
}
