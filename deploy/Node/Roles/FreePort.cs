using System.Net;
using System.Net.Sockets;

namespace Coordination.Node.Roles;

/// <summary>Ports on loopback that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>
    /// The port that is wanted, or for 0 a free one: several processes may run on one machine. It is below those that systems give to
    /// connections on their way out, one of which could take it before it is listened on.
    /// </summary>
    public static int Choose(int wanted = 0)
    {
        if (wanted != 0) return wanted;
        while (true)
        {
            var port = Random.Shared.Next(10_000, 15_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The next one.
            }
        }
    }
}
