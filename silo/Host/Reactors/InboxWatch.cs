using Coordination.Host.Relay;
using Coordination.Host.Views;
using Microsoft.Extensions.Hosting;

namespace Coordination.Host.Reactors;

/// <summary>
/// The doorbell's substitute on the silo that leads: when the inboxes stand still though the journal went on, the messages
/// were lost or the broker is away, and they are filled from the journal.
/// </summary>
public sealed class InboxWatch(IInboxes inboxes, InboxReactor reactor, World world, Leadership leadership) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (delivered, wanted) = (-1L, 0L);
        try
        {
            while (true)
            {
                await Task.Delay(Every, TimeProvider.System, stoppingToken);
                if (!leadership.IsHeld) continue;
                try
                {
                    var now = await inboxes.DeliveredUpTo(stoppingToken);
                    if (now == delivered && now < wanted) await reactor.FillUpTo(wanted, stoppingToken);
                    (delivered, wanted) = (now, world.Position);
                }
                catch (JournalUnavailableException)
                {
                    // Asked again.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
