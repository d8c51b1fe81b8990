using System.Net.Sockets;

namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>A line between one process and another that can be cut: nothing comes through any more, and nobody is told.</summary>
public sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new();

    public Line(int target)
    {
        _target = target;
        _open.SetResult();
        _listener.Start();
        _accepting = Accept();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many connections have been made over it.</summary>
    public int Connections { get; private set; }

    /// <summary>From now on bytes wait, in both directions, and so do new connections.</summary>
    public void Cut() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What waited goes on.</summary>
    public void Mend() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Mend();
        await _accepting;
        _end.Dispose();
    }

    private async Task Accept()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptTcpClientAsync(_end.Token);
                Connections++;
                lines.Add(Carry(caller));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task Carry(TcpClient caller)
    {
        using var target = new TcpClient();
        using var either = caller;
        try
        {
            await _open.Task.WaitAsync(_end.Token);
            await target.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            caller.NoDelay = target.NoDelay = true;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(Pump(caller.GetStream(), target.GetStream(), ended.Token), Pump(target.GetStream(), caller.GetStream(), ended.Token));
            await ended.CancelAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Either end has gone.
        }
    }

    private async Task Pump(NetworkStream from, NetworkStream to, CancellationToken ended)
    {
        try
        {
            var buffer = new byte[64 * 1_024];
            while (true)
            {
                var read = await from.ReadAsync(buffer, ended);
                await _open.Task.WaitAsync(ended);
                if (read == 0) return;
                await to.WriteAsync(buffer.AsMemory(0, read), ended);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either end has gone.
        }
    }
}
