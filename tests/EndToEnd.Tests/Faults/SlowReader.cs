using System.Globalization;
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
    private IPEndPoint? _here;
    private IPEndPoint? _there;

    private SlowReader(Caller caller) => _invoker = new(new SocketsHttpHandler
    {
        CookieContainer = caller.Cookies,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            (_here, _there) = ((IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <summary>Bytes read so far.</summary>
    public long Read { get; private set; }

    /// <summary>Most bytes that lay at the other end at a time: written by the gateway, and no room here.</summary>
    public long MostUnsent { get; private set; }

    /// <summary>Whether it is still connected. A gateway gives up who lets it wait for longer than a write may take.</summary>
    public bool IsOpen => _socket.State is WebSocketState.Open;

    /// <param name="address">Of a gateway itself: a proxy would take in what is not read.</param>
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
            while (await second.WaitForNextTickAsync(_stop.Token))
            {
                MostUnsent = Math.Max(MostUnsent, Unsent());
                Read += (await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token)).Count;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // Stopped, or sent away.
        }
    }

    /// <summary>As the machine has it: each connection with its two ends, and the bytes that wait to be sent and to be read.</summary>
    private long Unsent()
    {
        var (from, to) = (Port(_there!), Port(_here!));
        var line = File.ReadLines("/proc/net/tcp").Select(one => one.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(parts => parts[1].EndsWith(from, StringComparison.Ordinal) && parts[2].EndsWith(to, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[4].Split(':')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

        static string Port(IPEndPoint end) => $":{end.Port:X4}";
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
