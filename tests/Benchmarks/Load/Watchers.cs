using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Coordination.Benchmarks.Load;

/// <summary>
/// Many live connections that count what they are told: WebSockets with SignalR's JSON protocol, read without building a single
/// object, since they share the processors with what is measured.
/// </summary>
public sealed class Watchers : IAsyncDisposable
{
    private const byte EndOfRecord = 0x1e;
    private readonly List<Watcher> _all = [];
    private readonly CancellationTokenSource _closing = new();
    private Task _work = Task.CompletedTask;
    private long _target = long.MaxValue;
    private int _missing;
    private TaskCompletionSource _reached = new();

    /// <summary>Called with a watcher's number, a position and when it came in (<see cref="Stopwatch"/>). Set before anything is told.</summary>
    public Action<int, long, long>? Heard { get; set; }

    public int Count => _all.Count;

    /// <summary>Changes that all of them together have been told.</summary>
    public long Told => _all.Sum(watcher => watcher.Told);

    /// <summary>Changes that came out of order or twice.</summary>
    public long Disordered => _all.Sum(watcher => watcher.Disordered);

    /// <summary>How often one of them was sent back to read the feed.</summary>
    public long SentBack => _all.Sum(watcher => watcher.SentBack);

    /// <param name="headers">What watcher number n sends when it connects.</param>
    /// <param name="follow">Whether they ask for all topics.</param>
    public static async Task<Watchers> Connect(Uri address, int count, Func<int, string> headers, bool follow)
    {
        var watchers = new Watchers();
        for (var number = 0; number < count; number++) watchers._all.Add(new(watchers, number));
        await Parallel.ForEachAsync(watchers._all, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (watcher, _) => await watcher.Connect(address, headers(watcher.Number), follow));
        watchers._work = Task.WhenAll([.. watchers._all.Select(watcher => Task.Run(() => watcher.Listen(watchers._closing.Token))), watchers.StayAlive()]);
        return watchers;
    }

    /// <summary>Completes when every watcher has been told of the change at a position, or a later one.</summary>
    public Task Reach(long position)
    {
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _missing = _all.Count;
        Volatile.Write(ref _target, position);
        foreach (var watcher in _all) watcher.Look();
        return _reached.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        foreach (var watcher in _all) watcher.Dispose();
        await _work;
        _closing.Dispose();
    }

    /// <summary>The server takes a client for dead that says nothing for 30 s.</summary>
    private async Task StayAlive()
    {
        var ping = Frame("{\"type\":6}\u001e");
        while (true)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(10), _closing.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            foreach (var watcher in _all) await watcher.Say(ping);
        }
    }

    /// <summary>One text frame of a client, whose mask is all zeros.</summary>
    public static byte[] Frame(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        return [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];
    }

    private sealed class Watcher(Watchers owner, int number) : IDisposable
    {
        // What tells a change, and its position, stands at a record's beginning.
        private const int HeadLength = 96;
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[8 * 1_024];
        private readonly byte[] _head = new byte[HeadLength];
        private readonly byte[] _prefix = new byte[10];
        private int _prefixed;
        private long _left;
        private int _record;
        private long _last;
        private int _reached = 1;

        public int Number => number;
        public long Told { get; private set; }
        public long Disordered { get; private set; }
        public long SentBack { get; private set; }

        public async Task Connect(Uri address, string headers, bool follow)
        {
            // From several networks, as people do: the platform takes so many from each.
            if (IPAddress.TryParse(address.Host, out var host) && IPAddress.IsLoopback(host)) _socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(1 + number / 1_000), 1]), 0));
            await _socket.ConnectAsync(address.Host, address.Port);
            await _socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET /hubs/live HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"));
            var read = 0;
            while (_buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) < 0) read += await _socket.ReceiveAsync(_buffer.AsMemory(read, 1));
            if (!_buffer.AsSpan(0, read).StartsWith("HTTP/1.1 101"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, read));
            await Say(Frame("{\"protocol\":\"json\",\"version\":1}\u001e"));
            if (follow) await Say(Frame("{\"type\":1,\"target\":\"Follow\",\"arguments\":[[\"all\"]]}\u001e"));
        }

        public async Task Say(byte[] frame)
        {
            try
            {
                await _socket.SendAsync(frame);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Closed.
            }
        }

        public async Task Listen(CancellationToken closing)
        {
            try
            {
                while (await _socket.ReceiveAsync(_buffer, closing) is > 0 and var read) Take(_buffer.AsSpan(0, read), Stopwatch.GetTimestamp());
                if (!closing.IsCancellationRequested) Console.WriteLine($"Watcher {number} was closed by the server.");
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Closed.
            }
        }

        public void Dispose() => _socket.Dispose();

        /// <summary>Notes that it waits for the owner's target, unless it is there already.</summary>
        public void Look()
        {
            Volatile.Write(ref _reached, 0);
            Note();
        }

        private void Note()
        {
            if (Volatile.Read(ref _last) < Volatile.Read(ref owner._target) || Interlocked.Exchange(ref _reached, 1) == 1) return;
            if (Interlocked.Decrement(ref owner._missing) == 0) owner._reached.TrySetResult();
        }

        private void Take(ReadOnlySpan<byte> bytes, long at)
        {
            while (bytes.Length > 0)
            {
                if (_left == 0)
                {
                    _prefix[_prefixed++] = bytes[0];
                    bytes = bytes[1..];
                    var length = _prefixed < 2 ? -1 : _prefix[1] & 127;
                    if (length < 0 || _prefixed < (length == 127 ? 10 : length == 126 ? 4 : 2)) continue;
                    _left = length switch
                    {
                        127 => BinaryPrimitives.ReadInt64BigEndian(_prefix.AsSpan(2)),
                        126 => BinaryPrimitives.ReadUInt16BigEndian(_prefix.AsSpan(2)),
                        _ => length,
                    };
                    _prefixed = 0;
                    continue;
                }

                var payload = bytes[..(int)Math.Min(bytes.Length, _left)];
                bytes = bytes[payload.Length..];
                _left -= payload.Length;
                while (payload.Length > 0)
                {
                    var end = payload.IndexOf(EndOfRecord);
                    var part = end < 0 ? payload : payload[..end];
                    if (_record < HeadLength) part[..Math.Min(part.Length, HeadLength - _record)].CopyTo(_head.AsSpan(_record));
                    _record = Math.Min(HeadLength, _record + part.Length);
                    if (end < 0) break;
                    Take(at);
                    _record = 0;
                    payload = payload[(end + 1)..];
                }
            }
        }

        /// <summary>A whole record, of which the head is kept.</summary>
        private void Take(long at)
        {
            var head = _head.AsSpan(0, _record);
            if (head.IndexOf("\"target\":\"CatchUp\""u8) >= 0) SentBack++;
            if (head.IndexOf("\"target\":\"Changed\""u8) < 0) return;
            var place = head.IndexOf("\"position\":"u8);
            if (place < 0 || !Utf8Parser.TryParse(head[(place + 11)..], out long position, out _)) return;
            Told++;
            if (position <= _last) Disordered++;
            Volatile.Write(ref _last, position);
            owner.Heard?.Invoke(number, position, at);
            Note();
        }
    }
}
