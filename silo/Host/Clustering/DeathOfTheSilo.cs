namespace Coordination.Host.Clustering;

/// <summary>
/// Orleans calls it when this silo cannot go on: it was declared dead while it slept, or a part of it broke. The process ends at
/// once with <see cref="ExitCode"/>, and whoever started it starts it anew under a new name among the members.
/// </summary>
public sealed partial class DeathOfTheSilo(ILogger<DeathOfTheSilo> logger) : IFatalErrorHandler
{
    /// <summary>Internal software error, in the words of sysexits.h.</summary>
    public const int ExitCode = 70;

    private static readonly TimeSpan ForTheLog = TimeSpan.FromMilliseconds(200);

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        LogEnding(logger, context, exception);
        // Not the orderly end: it would wait for grains that live elsewhere by now.
        var ending = new Thread(() =>
        {
            using var written = new ManualResetEventSlim();
            written.Wait(ForTheLog);
            Environment.Exit(ExitCode);
        })
        { IsBackground = true };
        ending.Start();
        using var forever = new ManualResetEventSlim();
        forever.Wait();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo cannot go on and ends itself; start it again. {Context}")]
    private static partial void LogEnding(ILogger logger, string? context, Exception? exception);
}
