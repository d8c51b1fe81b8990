using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace Coordination.EndToEnd.Tests;

/// <summary>Waits for what another process does by itself, and when it does not come says for what.</summary>
internal static class Waiting
{
    private static readonly TimeSpan ToPassBy = TimeSpan.FromSeconds(60);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Asks again and again until the answer is yes; fails with the last answer.</summary>
    /// <param name="ask">Answers null when it is so, else what is still missing.</param>
    public static async Task Until(string what, TimeSpan within, Func<Task<string?>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await ask() is { } missing)
        {
            if (Stopwatch.GetElapsedTime(began) > within) Assert.Fail($"Waited {within.TotalSeconds} s in vain: {what}. Missing: {missing}");
            await tick.WaitForNextTickAsync(Cancellation);
        }
    }

    /// <summary>
    /// Asks until there is an answer. A database that comes up, a connection that died with the server, a gateway that asks to come
    /// again: what the platform would not give up for, no test gives up for. Every other failure is one.
    /// </summary>
    public static async Task<T> Patiently<T>(Func<Task<T>> ask)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (PassesBy(exception) && Stopwatch.GetElapsedTime(began) < ToPassBy)
            {
                await Task.Delay(100, Cancellation);
            }
        }
    }

    private static bool PassesBy(Exception exception) => exception switch
    {
        NpgsqlException { IsTransient: true } or IOException or SocketException => true,
        HttpRequestException { StatusCode: null or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
        TaskCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };

    public static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
