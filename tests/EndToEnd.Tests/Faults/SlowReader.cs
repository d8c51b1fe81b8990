using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>Someone on a very thin line: follows everything and reads a kilobyte a second, through as little room as can be had.</summary>
public sealed class SlowReader : IAsyncDisposable
{
    private const int BytesASecond = 1_024;
    private const byte End = 0x1E;

    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Task _running = Task.CompletedTask;

    private SlowReader(Caller caller) => _invoker = new(new SocketsHttpHandler
    {
        CookieContainer = caller.Cookies,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <summary>Bytes read so far.</summary>
    public long Read { get; private set; }

    /// <summary>Whether it is still connected.</summary>
    public bool IsOpen => _socket.State is WebSocketState.Open;

    public static async Task<SlowReader> Follow(Uri address, Caller caller)
    {
        var reader = new SlowReader(caller);
        await reader._socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/hubs/live" }.Uri, reader._invoker, Waiting.Cancellation);
        await reader.Send("""{"protocol":"json","version":1}""");
        await reader.Send("""{"type":1,"invocationId":"1","target":"Follow","arguments":[["all"]]}""");
        reader._running = Task.WhenAll(reader.Drip(), reader.Ping());
        return reader;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _socket.Dispose();
        _invoker.Dispose();
        _sending.Dispose();
        _stop.Dispose();
    }

    private async Task Drip()
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var buffer = new byte[BytesASecond];
        try
        {
            while (await second.WaitForNextTickAsync(_stop.Token)) Read += (await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token)).Count;
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // Stopped, or sent away.
        }
    }

    /// <summary>It is there all the time: silence would end the connection.</summary>
    private async Task Ping()
    {
        using var now = new PeriodicTimer(TimeSpan.FromSeconds(5));
        try
        {
            while (await now.WaitForNextTickAsync(_stop.Token)) await Send("""{"type":6}""");
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // Stopped, or sent away.
        }
    }

    private async Task Send(string message)
    {
        await _sending.WaitAsync(Waiting.Cancellation);
        try
        {
            await _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(message), End], WebSocketMessageType.Text, endOfMessage: true, Waiting.Cancellation);
        }
        finally
        {
            _sending.Release();
        }
    }
}
