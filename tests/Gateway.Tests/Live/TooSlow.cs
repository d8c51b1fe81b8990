using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Gateway.Tests.Live;

public sealed class TooSlow
{
    /// <summary>Of some kilobytes each: more than lies between the queue and a connection that is not read.</summary>
    private const int Writes = 150;

    [Fact]
    public async Task A_viewer_who_does_not_read_is_sent_to_the_feed_and_delays_nobody()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, adjust: builder =>
        {
            builder.Services.Configure<GatewayOptions>(options =>
            {
                options.ViewerQueue = 5;
                options.Heartbeat = TimeSpan.FromMilliseconds(300);
            });
            builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint =>
            {
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                socket.SendBufferSize = 16_384;
                return socket;
            });
        });
        var (writer, slow) = (await node.As("finland"), await node.As("argentina"));
        // Requests to many bodies make large entries, so that the pipes between are full sooner.
        var to = (await writer.Get("/bodies?limit=60")).Items.Select(body => body.GetProperty("id").GetString()).Where(id => id != "finland").Take(50).ToArray();
        await using var quick = await (await node.As("austria")).Watch();
        using var raw = await RawConnection.Follow(slow);

        var began = node.Position;
        var written = new List<long>();
        // A few at once, so that they are written long before the server gives up the connection that is not read; no more than the queue of the other viewer takes.
        foreach (var numbers in Enumerable.Range(0, Writes).Chunk(3))
        {
            var receipts = await Task.WhenAll(numbers.Select(number =>
                writer.Post("/requests", new { to, kind = "information", subject = $"Number {number}", mark = "community" }, match: null)));
            written.AddRange(receipts.Select(receipt => receipt.Position).Order());
            await quick.Told(written[^1], Watch.Promptly);
            await raw.Ping();
        }

        var heard = new List<long>();
        long? back = null;
        while (back is null)
        {
            var (what, said) = await raw.Next();
            if (what == "Changed") heard.Add(said.GetProperty("position").GetInt64());
            if (what == "CatchUp") back = said.GetInt64();
        }

        Assert.Equal(written.Take(heard.Count), heard);
        Assert.True(back >= heard.LastOrDefault(began), $"It is sent back to {back} and has heard {heard.LastOrDefault(began)}.");
        Assert.True(heard.Count < written.Count, "It was sent back although it had heard everything.");
        // From there the feed has the rest, and it is told live again.
        var rest = new List<long>();
        var after = back.Value;
        while ((await slow.Get($"/feed?after={after}&limit=500")).Done() is { Items.Length: > 0 } page)
        {
            rest.AddRange(page.Items.Select(item => item.GetProperty("position").GetInt64()));
            after = rest[^1];
        }

        Assert.Equal(written, heard.Concat(rest));
        var more = await writer.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "One more" }, match: null);
        while (await raw.Next() is var (what, said) && !(what == "Changed" && said.GetProperty("position").GetInt64() == more.Position))
        {
            // What was said in between.
        }
    }

    /// <summary>A SignalR connection by hand, with little room for what is not read.</summary>
    private sealed class RawConnection : IDisposable
    {
        private const byte End = 0x1E;
        private readonly ClientWebSocket _socket = new();
        private readonly HttpMessageInvoker _invoker;
        private readonly Queue<string> _lines = new();
        private readonly MemoryStream _partial = new();

        private RawConnection(Person person)
        {
            _invoker = new(new SocketsHttpHandler
            {
                CookieContainer = person.Cookies,
                ConnectCallback = async (context, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 32_768 };
                    await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            });
        }

        public static async Task<RawConnection> Follow(Person person)
        {
            var connection = new RawConnection(person);
            var address = new UriBuilder(person.Address) { Scheme = "ws", Path = "/hubs/live" }.Uri;
            await connection._socket.ConnectAsync(address, connection._invoker, TestContext.Current.CancellationToken);
            await connection.Send("""{"protocol":"json","version":1}""");
            await connection.Send("""{"type":1,"invocationId":"1","target":"Follow","arguments":[["all"]]}""");
            while ((await connection.Next()).What != "Position")
            {
                // The handshake and who is here.
            }

            return connection;
        }

        /// <summary>The next thing said; pings and completions are passed over.</summary>
        public async Task<(string What, JsonElement Said)> Next()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (true)
            {
                while (_lines.TryDequeue(out var line))
                {
                    var message = JsonDocument.Parse(line).RootElement;
                    if (message.TryGetProperty("target", out var target)) return (target.GetString()!, message.GetProperty("arguments") is { } said && said.GetArrayLength() > 0 ? said[0] : default);
                }

                await Fill(limit.Token);
            }
        }

        /// <summary>Says that it is there, without reading: silence alone would end the connection.</summary>
        public Task Ping() => Send("""{"type":6}""");

        public void Dispose()
        {
            _socket.Dispose();
            _invoker.Dispose();
            _partial.Dispose();
        }

        private async Task Fill(CancellationToken cancellation)
        {
            var buffer = new byte[4_096];
            var result = await _socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (result.MessageType is WebSocketMessageType.Close) throw new InvalidOperationException("The server closed the connection.");
            foreach (var value in buffer.AsSpan(0, result.Count))
            {
                if (value != End)
                {
                    _partial.WriteByte(value);
                    continue;
                }

                _lines.Enqueue(Encoding.UTF8.GetString(_partial.ToArray()));
                _partial.SetLength(0);
            }
        }

        private Task Send(string message) =>
            _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(message), End], WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
    }
}
