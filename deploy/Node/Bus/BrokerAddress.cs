using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Coordination.Node.Bus;

/// <summary>Where RabbitMQ is and who calls.</summary>
public sealed record BrokerAddress(string Host, int Port, string VirtualHost, string User, string Password, bool Tls)
{
    /// <summary>Reads amqp://user:password@host:port/vhost; amqps is amqp over TLS. Null when it is not of this form.</summary>
    public static BrokerAddress? Read(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.UserInfo.Split(':') is not [var user, var password]) return null;
        var tls = uri.Scheme == "amqps";
        var virtualHost = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        return new(uri.Host, uri.Port > 0 ? uri.Port : tls ? 5671 : 5672, virtualHost is "" ? "/" : virtualHost, Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), tls);
    }

    /// <summary>Where it is, without who calls.</summary>
    public override string ToString() => $"{Host}:{Port}";

    public async Task<IConnection> Connect(string name, CancellationToken cancellation = default) => await new ConnectionFactory
    {
        HostName = Host,
        Port = Port,
        VirtualHost = VirtualHost,
        UserName = User,
        Password = Password,
        Ssl = new() { Enabled = Tls, ServerName = Host },
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(name, cancellation);

    /// <summary>Waits until the broker lets us in.</summary>
    /// <exception cref="Refusal">It has not within <paramref name="limit"/>, or knows us not.</exception>
    public async Task Await(string name, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await new Patience($"RabbitMQ at {this}", limit).Until(
                ending => Connect(name, ending),
                static exception => exception is BrokerUnreachableException and not { InnerException: AuthenticationFailureException } ? exception.InnerException?.Message ?? exception.Message : null,
                cancellation);
        }
        catch (BrokerUnreachableException)
        {
            throw new Refusal(Exit.Unavailable, $"RabbitMQ at {this} does not accept this user and password.");
        }
    }
}
