using Coordination.Contracts.Messages;
using Polly;

namespace Coordination.Host.Relay;

/// <summary>
/// One silo's turn at publishing, from the last note on. It notes where it stands from time to time; what came after the last note is
/// published again by whoever goes on.
/// </summary>
public sealed class Announcing(IViewStore views, IInboxes inboxes, IDoorbell bell, ResiliencePipeline pipeline)
{
    private ViewMark _mark = ViewMark.None;
    private long _published;

    /// <summary>Position of the last change that the broker has confirmed.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Position of the last note.</summary>
    public long Noted => _mark.Position;

    /// <summary>Goes on where the last note ends; a journal from before there were notes, where its inboxes end.</summary>
    public async Task Begin(CancellationToken cancellation)
    {
        _mark = (await views.Marks(cancellation)).GetValueOrDefault(Relay.Mark, ViewMark.None);
        var position = _mark.Position;
        if (_mark == ViewMark.None) position = await inboxes.DeliveredUpTo(cancellation);
        Volatile.Write(ref _published, position);
    }

    /// <summary>Publishes changes that follow the last published one. The journal is the letter, this is only the doorbell.</summary>
    public async Task Publish(Changed[] changes, CancellationToken cancellation)
    {
        await bell.Room(changes.Length, cancellation);
        var message = Changes.Of(changes);
        await pipeline.ExecuteAsync(async stop => await bell.Ring(message, stop), cancellation);
        Volatile.Write(ref _published, message.Position);
    }

    /// <returns>False when somebody else has noted since: this silo leads no more.</returns>
    public async Task<bool> Note(CancellationToken cancellation)
    {
        var position = Published;
        if (position <= _mark.Position) return true;
        if (!await views.Save([new(Relay.Mark, _mark, position, [], [])], cancellation)) return false;
        _mark = _mark with { Position = position };
        return true;
    }
}
