using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Coordination.Benchmarks.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends bytes made before and reads of the answer no more than it must: the load
/// shares the processors with what it loads, and should cost little and the same for everyone.
/// </summary>
public sealed class HttpLine : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1_024];
    private int _filled;
    private string? _cookie;

    public static async Task<HttpLine> Open(Uri address)
    {
        var line = new HttpLine();
        await line._socket.ConnectAsync(address.Host, address.Port);
        return line;
    }

    /// <summary>A request, with what every request of this caller carries.</summary>
    public static byte[] Request(string method, string path, string headers, string body) => Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Sends and answers the status. The body is in <see cref="Body"/> until the next request.</summary>
    public async ValueTask<int> Send(byte[] request)
    {
        var sent = await _socket.SendAsync(request);
        if (sent != request.Length) throw new IOException("A request was not taken whole.");
        _filled = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled));
            if (read == 0) throw new IOException("The server has closed the connection.");
            _filled += read;
            if (!IsWhole()) continue;
            NoteCookie();
            return (_buffer[9] - '0') * 100 + (_buffer[10] - '0') * 10 + _buffer[11] - '0';
        }
    }

    /// <summary>The cookie that an answer has set since this was last asked, as <c>name=value</c>, or null. A browser would send it from then on.</summary>
    public string? TakeCookie()
    {
        var cookie = _cookie;
        _cookie = null;
        return cookie;
    }

    /// <summary>The answer's body as it came; chunk lines may stand in it.</summary>
    public ReadOnlySpan<byte> Body
    {
        get
        {
            var all = _buffer.AsSpan(0, _filled);
            return all[(all.IndexOf("\r\n\r\n"u8) + 4)..];
        }
    }

    /// <summary>The whole number after a name in the body's JSON.</summary>
    public long Number(ReadOnlySpan<byte> name)
    {
        var body = Body;
        var at = body.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(body[(at + name.Length)..], out long number, out _) ? number : throw new FormatException($"No such number in {Encoding.UTF8.GetString(body)}");
    }

    public void Dispose() => _socket.Dispose();

    private void NoteCookie()
    {
        var head = _buffer.AsSpan(0, _filled);
        var at = head.IndexOf("Set-Cookie: "u8);
        if (at < 0) return;
        var cookie = head[(at + 12)..];
        _cookie = Encoding.UTF8.GetString(cookie[..cookie.IndexOf((byte)';')]);
    }

    private bool IsWhole()
    {
        var all = _buffer.AsSpan(0, _filled);
        var end = all.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var head = all[..end];
        var body = all[(end + 4)..];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) return head.IndexOf("chunked"u8) < 0 || body.EndsWith("0\r\n\r\n"u8);
        return Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) && body.Length >= length;
    }
}
