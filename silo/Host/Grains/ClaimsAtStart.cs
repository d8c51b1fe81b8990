using Coordination.Host.Accounts;
using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Grains;

/// <summary>Makes the claims that are missing before anybody is admitted: a journal may come from where none were kept.</summary>
public sealed partial class ClaimsAtStart(Claims claims, AccountRecords accounts, World world, Follower follower, ILogger<ClaimsAtStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await follower.CaughtUp.WaitAsync(cancellationToken);
        try
        {
            await Restore(cancellationToken);
        }
        catch (JournalUnavailableException exception) when (exception.BrokenAt is not null)
        {
            // Nobody is admitted either, and what can be read is read.
            LogNotMade(logger, exception);
        }
    }

    private async Task Restore(CancellationToken cancellationToken)
    {
        await accounts.ClaimNames(cancellationToken);
        var bodies = world.Bodies.OrderBy(body => body.Info.Id, StringComparer.Ordinal).ToList();
        var ids = bodies.Select(body => body.Info.Id);
        // The page of a group that is a body is one with the body's.
        var groups = world.Groups.Select(group => group.State.Id).Where(id => world.Body(id) is null);
        var others = await claims.Restore(Claims.Ids, [.. ids.Select(id => (id, $"body/{id}")), .. groups.Select(id => (id, $"group/{id}"))], cancellationToken);
        foreach (var stream in others) LogId(logger, stream);
        others = await claims.Restore(Claims.BodyNames, [.. bodies.Select(body => (body.Info.Name, $"body/{body.Info.Id}"))], cancellationToken);
        foreach (var stream in others) LogName(logger, stream);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Error, Message = "Claims of ids and names that are missing were not made, since something does not fit and nothing is written. The next start makes them")]
    private static partial void LogNotMade(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The id of {Stream} is taken for the one of another body or group")]
    private static partial void LogId(ILogger logger, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name of {Stream} is taken for the one of another body. Its coordinator can change it")]
    private static partial void LogName(ILogger logger, string stream);
}
