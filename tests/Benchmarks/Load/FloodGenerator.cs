using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Coordination.Benchmarks.Servers;

namespace Coordination.Benchmarks.Load;

/// <summary>
/// Somebody who wants to take the platform from the others: 1,000 live connections of one account, which are opened again as soon as they are refused or
/// closed, with 5,000 calls a second on those that are open; and 10,000 wrong sign-ins from 1,000 addresses. A process of its own, held to one
/// processor.
/// </summary>
public sealed class FloodGenerator(Uri address, string headers, string[] names)
{
    private const int Connections = 1_000;
    private const int CallsPerSecond = 5_000;
    private const int SignIns = 10_000;
    private const int Addresses = 1_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>A refused connection is tried again after this time: 1,000 of them take all that the processor has.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    private readonly Socket?[] _open = new Socket?[Connections];
    private long _opened;
    private long _refused;
    private long _calls;
    private readonly Dictionary<int, int> _signIns = [];

    /// <summary>Starts one on the first processor.</summary>
    public static Process Start(Uri address, string account, TimeSpan length)
    {
        var start = new ProcessStartInfo("taskset")
        {
            ArgumentList = { "-c", "0", Tools.Dotnet, Environment.GetCommandLineArgs()[0], "flood-generator", address.ToString(), account, length.TotalSeconds.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("taskset did not start.");
    }

    /// <summary>What the process does.</summary>
    public static async Task<bool> Run(Uri address, string account, double seconds)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(address, "/api/v1/") };
        var names = (await http.GetFromJsonAsync<JsonElement>("session/demonstration")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("account").GetString()!).ToArray();
        var headers = (await People.SignIn(http, [account]))[0];
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var flood = new FloodGenerator(address, headers, names);
        await Task.WhenAll([.. Enumerable.Range(0, Connections).Select(number => flood.Connect(number, stop.Token)), flood.Call(stop.Token), flood.SignIn(TimeSpan.FromSeconds(seconds), stop.Token)]);
        Console.WriteLine(flood);
        return true;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_opened} connections opened, {_refused} refused, {_calls} calls; sign-ins: {string.Join(", ", _signIns.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} times {pair.Key}"))}");

    private async Task Connect(int number, CancellationToken stop)
    {
        var hello = Encoding.ASCII.GetBytes(
            $"GET /hubs/live HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n");
        var handshake = Watchers.Frame("{\"protocol\":\"json\",\"version\":1}\u001e");
        var buffer = new byte[1_024];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(address.Host, address.Port, stop);
                await socket.SendAsync(hello, stop);
                var read = await socket.ReceiveAsync(buffer, stop);
                if (!buffer.AsSpan(0, read).StartsWith("HTTP/1.1 101"u8))
                {
                    _refused++;
                }
                else
                {
                    _opened++;
                    await socket.SendAsync(handshake, stop);
                    _open[number] = socket;
                    while (await socket.ReceiveAsync(buffer, stop) > 0)
                    {
                        // What is told is thrown away.
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Closed, or over.
            }

            _open[number] = null;
            await Task.Delay(Again, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Call(CancellationToken stop)
    {
        var call = Watchers.Frame("{\"type\":1,\"target\":\"Unfollow\",\"arguments\":[[\"plan/none\"]]}\u001e");
        var (began, sent, next) = (Stopwatch.GetTimestamp(), 0L, 0);
        using var timer = new PeriodicTimer(Tick);
        while (!stop.IsCancellationRequested)
        {
            // What could not be sent because none was open is not made up for.
            for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * CallsPerSecond); sent < due; sent++)
            {
                for (var tried = 0; tried < Connections; tried++)
                {
                    if (_open[next = (next + 1) % Connections] is not { } socket) continue;
                    try
                    {
                        await socket.SendAsync(call, stop);
                        _calls++;
                    }
                    catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
                    {
                        // Closed by the platform.
                    }

                    break;
                }
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task SignIn(TimeSpan length, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = Addresses }) { BaseAddress = new(address, "/api/v1/") };
        var pending = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < SignIns && !stop.IsCancellationRequested; number++)
        {
            var ahead = length * number / SignIns - Stopwatch.GetElapsedTime(began);
            if (ahead > Tick) await Task.Delay(ahead, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pending.Add(Try(http, number, stop));
            pending.RemoveAll(task => task.IsCompleted);
        }

        await Task.WhenAll(pending);
    }

    private async Task Try(HttpClient http, int number, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "session") { Content = JsonContent.Create(new { account = names[number % names.Length], password = "not the right one" }) };
            var place = number % Addresses;
            request.Headers.Add("X-Forwarded-For", $"198.{18 + place / 256}.{place % 256}.7");
            using var answer = await http.SendAsync(request, stop);
            lock (_signIns) _signIns[(int)answer.StatusCode] = _signIns.GetValueOrDefault((int)answer.StatusCode) + 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Over.
        }
    }
}
