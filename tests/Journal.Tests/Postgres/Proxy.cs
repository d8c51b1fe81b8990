using System.Net;
using System.Net.Sockets;

namespace Coordination.Journal.Tests.Postgres;

/// <summary>A way to the server that can be broken: cut, or stopped in the middle of a message.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;
    private volatile bool _down;
    private volatile bool _mute;
    private int _keepBack;
    private int _count;
    private int _keptBackUpTo;

    public Proxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends what goes through, and refuses what comes until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _down = true;
        CloseAll();
    }

    /// <summary>Passes on what the server is told, and nothing of what it answers, until <see cref="Mend"/>; for ever on what is open now.</summary>
    public void Mute() => _mute = true;

    /// <summary>
    /// Of the next that the server is told on each connection that is open now keeps back the last bytes, and passes on nothing more.
    /// </summary>
    public void KeepBack(int bytes)
    {
        Volatile.Write(ref _keptBackUpTo, Volatile.Read(ref _count));
        Volatile.Write(ref _keepBack, bytes);
    }

    /// <summary>From now on new connections go through. Old ones stay as they are.</summary>
    public void Mend()
    {
        _down = _mute = false;
        Volatile.Write(ref _keepBack, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        CloseAll();
        await _accepting;
        _closing.Dispose();
    }

    private void CloseAll()
    {
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
            _clients.Clear();
        }
    }

    private async Task Accept()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var from = await _listener.AcceptTcpClientAsync(_closing.Token);
                if (_down)
                    from.Dispose();
                else
                    _ = Serve(from);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Serve(TcpClient from)
    {
        var number = Interlocked.Increment(ref _count);
        var to = new TcpClient { NoDelay = true };
        from.NoDelay = true;
        lock (_clients)
            _clients.AddRange([from, to]);
        try
        {
            await to.ConnectAsync(IPAddress.Loopback, _target, _closing.Token);
            await Task.WhenAny(Pump(from, to, number, answers: false), Pump(to, from, number, answers: true));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of both has gone, so the other goes too.
        }
        from.Dispose();
        to.Dispose();
    }

    private async Task Pump(TcpClient from, TcpClient to, int number, bool answers)
    {
        var buffer = new byte[1 << 20];
        var muted = false;
        while (await from.GetStream().ReadAsync(buffer, _closing.Token) is var read and > 0)
        {
            muted |= answers && _mute;
            if (muted)
                continue;
            var back = answers || number > Volatile.Read(ref _keptBackUpTo) ? 0 : Volatile.Read(ref _keepBack);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, Math.Max(0, read - back)), _closing.Token);
            if (back > 0)
                await Task.Delay(Timeout.Infinite, _closing.Token);
        }
    }
}
