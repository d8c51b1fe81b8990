using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Coordination.Host.Clustering;

/// <summary>In place of a listener for a silo that nobody is to reach: it opens no port and nobody ever comes.</summary>
internal sealed class NoListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly TaskCompletionSource<ConnectionContext?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await _ended.Task.WaitAsync(cancellationToken);

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _ended.TrySetResult(null);
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync(CancellationToken.None);
}
