using System.Net;
using System.Net.Sockets;

namespace Coordination.Node.Roles;

/// <summary>Ports on loopback that nobody listens on, and that nobody else who asks here is given while this process runs.</summary>
internal static class FreePort
{
    private static readonly List<Socket> Held = [];

    /// <summary>
    /// The port that is wanted, or for 0 a free one: several processes may run on one machine. It is below those that systems give to
    /// connections on their way out, one of which could take it before it is listened on.
    /// </summary>
    public static int Choose(int wanted = 0)
    {
        if (wanted != 0) return wanted;
        while (true)
        {
            var place = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 15_000));
            // It is listened on a while after it was chosen, by us or by a program that we start. Until then the UDP port of the same
            // number, which nobody needs, tells all others that it is taken; the system lets it go when this process ends.
            var held = Bound(place, SocketType.Dgram, ProtocolType.Udp);
            if (held is null) continue;
            using var listener = Bound(place, SocketType.Stream, ProtocolType.Tcp);
            if (listener is null)
            {
                held.Dispose();
                continue;
            }

            lock (Held) Held.Add(held);
            return place.Port;
        }
    }

    /// <summary>Bound, and for TCP listening, or nothing where another process is.</summary>
    private static Socket? Bound(IPEndPoint place, SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(place);
            // Systems that let two sockets be bound to one port let one of them listen.
            if (type == SocketType.Stream) socket.Listen();
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            if (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied) return null;
            throw;
        }
    }
}
