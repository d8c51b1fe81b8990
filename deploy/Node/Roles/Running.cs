using System.Net;
using System.Net.Sockets;
using Coordination.Domain;
using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Coordination.Node.Roles;

/// <summary>What every role does alike: begin, listen, end.</summary>
internal static class Running
{
    /// <param name="urls">Addresses to listen on.</param>
    /// <param name="end">Time for a clean end: what was accepted is finished.</param>
    public static WebApplicationBuilder Builder(string[] urls, TimeSpan end)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.WebHost.UseUrls(urls);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = end);
        Quieten(builder.Logging);
        return builder;
    }

    public static async Task<int> Run(WebApplication app, Settings settings)
    {
        // The application cannot be asked any more once it has ended.
        var stopping = app.Lifetime.ApplicationStopping;
        var world = app.Services.GetService<World>();
        try
        {
            app.Services.GetService<Follower>()?.Begin();
            await app.RunAsync();
            return world?.Stopped is null ? Exit.Done : Exit.Unavailable;
        }
        catch (UnknownFactException exception)
        {
            throw new Refusal(Exit.Unavailable, $"This journal was written by a newer version of the platform. {exception.Message}");
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && WasCutShort(exception))
        {
            // Asked to end before it had begun, or without the time to end all of it. What it acknowledged is in the journal.
            return Exit.Stopped;
        }
        catch (OptionsValidationException exception)
        {
            throw new Refusal(Exit.Usage, string.Join(Environment.NewLine, exception.Failures));
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw Taken(string.Join(' ', app.Urls));
        }
        catch (AddressInUseException)
        {
            throw new Refusal(Exit.Unavailable, $"Port {settings.SiloPort} or {settings.ClientPort} at {settings.Address} is in use by another program. Choose others with SiloPort and ClientPort.");
        }
    }

    /// <summary>Of several parts that had no time to end, each says so.</summary>
    private static bool WasCutShort(Exception exception) =>
        exception is OperationCanceledException || (exception is AggregateException several && several.InnerExceptions.All(WasCutShort));

    public static Refusal Taken(string url) => new(Exit.Unavailable, $"{url} is in use by another program. Choose another address with --urls, or for operators with {GivenSettings.Prefix}OPS.");

    /// <summary>The first address that another program listens on, or null. Asked before anything is loaded: a newcomer should not wait for a refusal.</summary>
    public static string? TakenUrl(Settings settings) => Array.Find(Lists.Of(settings.Urls), url =>
    {
        var address = BindingAddress.Parse(url);
        if (address.Port == 0 || !IPAddress.TryParse(address.Host is "localhost" ? "127.0.0.1" : address.Host.Trim('[', ']'), out var host)) return false;
        using var listener = new TcpListener(host, address.Port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    });

    /// <summary>What remains in the log is what an operator can do something about.</summary>
    private static void Quieten(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("MassTransit", LogLevel.Warning)
        .AddFilter("Polly", LogLevel.Warning)
        .AddFilter("Orleans", LogLevel.Warning)
        // Tells of the collector's mode, which is chosen on purpose.
        .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
        // Takes a slow first second for a deadlock.
        .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
        // Tells that keys lie unencrypted in the data folder, which only its owner can read.
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
}
