namespace Coordination.Gateway.Http;

/// <summary>
/// The end of a gateway that is one of several behind a proxy. For a moment it answers as before and says with each answer that its
/// connection ends. Else a request that the proxy sends on a kept connection, at the moment at which it is closed, would be lost: the proxy may not
/// send it elsewhere, since it may have been carried out.
/// </summary>
public sealed class Leaving(IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    /// <summary>In which every connection that is in use has carried an answer.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    /// <summary>Says with an answer that its connection ends, once the gateway is asked to end.</summary>
    public Task Tell(HttpContext http, RequestDelegate next)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested && HttpProtocol.IsHttp11(http.Request.Protocol) && !http.WebSockets.IsWebSocketRequest)
            http.Response.Headers.Connection = "close";
        return next(http);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken) =>
        await Task.Delay(Moment, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
