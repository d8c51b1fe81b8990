namespace Coordination.Node;

/// <summary>What the command line says.</summary>
/// <param name="Data">Folder of the journal, the keys and the passwords.</param>
/// <param name="Urls">Addresses to listen on.</param>
/// <param name="Demonstration">Loads the report and the exercise, and lets demonstration accounts sign in.</param>
public sealed record Settings(string Data, string[] Urls, bool Demonstration, int SiloPort, int ClusterPort)
{
    private const string Usage = """
        Coordination

          --data DIR              where everything is kept (default ./data)
          --urls URLS             addresses to listen on, separated by ; (default http://127.0.0.1:5080)
          --demonstration on|off  load the report and the exercise, offer demonstration accounts (default on)

        COORDINATION_DEMO_PASSWORD sets the password of the demonstration accounts.
        """;

    /// <summary>Reads the command line; says what is wrong with it and answers null when it cannot be followed.</summary>
    public static Settings? Read(string[] args)
    {
        var data = "./data";
        var urls = "http://127.0.0.1:5080";
        var demonstration = true;
        for (var index = 0; index < args.Length; index++)
        {
            var (name, value) = args[index].Split('=', 2) is [var key, var text] ? (key, text) : (args[index], null);
            if (name is "--help" or "-h" or "-?")
            {
                Console.WriteLine(Usage);
                return null;
            }

            value ??= index + 1 < args.Length ? args[++index] : null;
            switch (name)
            {
                case "--data" when !string.IsNullOrWhiteSpace(value): data = value; break;
                case "--urls" when !string.IsNullOrWhiteSpace(value): urls = value; break;
                case "--demonstration" when value is "on" or "off": demonstration = value == "on"; break;
                default:
                    Console.Error.WriteLine($"I do not understand {name} {value}.\n\n{Usage}");
                    return null;
            }
        }

        // Several nodes may run on one machine: the cluster's own ports are taken as they are free.
        return new(Path.GetFullPath(data), urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), demonstration, FreePort(), FreePort());
    }

    /// <summary>The first address that another program listens on, or null. Asked before anything is loaded: a newcomer should not wait for a refusal.</summary>
    public string? TakenUrl() => Array.Find(Urls, url =>
    {
        var address = BindingAddress.Parse(url);
        if (address.Port == 0 || !System.Net.IPAddress.TryParse(address.Host is "localhost" ? "127.0.0.1" : address.Host.Trim('[', ']'), out var host)) return false;
        using var listener = new System.Net.Sockets.TcpListener(host, address.Port);
        try
        {
            listener.Start();
            return false;
        }
        catch (System.Net.Sockets.SocketException exception) when (exception.SocketErrorCode is System.Net.Sockets.SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    });

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
