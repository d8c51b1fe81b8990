using Coordination.Host.Views;

namespace Coordination.Host.Reactors;

/// <summary>How far inboxes have been filled, here or by another silo.</summary>
public sealed class InboxProgress(IInboxes inboxes, TimeProvider time)
{
    private static readonly TimeSpan Ask = TimeSpan.FromMilliseconds(20);
    private readonly PositionWaiter _reached = new();

    public void Advance(long position) => _reached.Advance(position);

    /// <summary>Completes when inboxes are filled up to a position, or quietly after <paramref name="within"/>.</summary>
    public async Task Reach(long position, TimeSpan within)
    {
        var began = time.GetTimestamp();
        while (_reached.Position < position)
        {
            // Another silo may be the one that fills them.
            Advance(await Histories.Briefly(cancellation => inboxes.DeliveredUpTo(cancellation).AsTask()));
            if (_reached.Position >= position || time.GetElapsedTime(began) >= within) return;
            await _reached.WaitFor(position, Ask, time, CancellationToken.None);
        }
    }
}
