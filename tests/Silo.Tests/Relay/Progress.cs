using Coordination.Host.Relay;
using Microsoft.Extensions.Time.Testing;

namespace Coordination.Silo.Tests.Relay;

public sealed class Progress : IInboxes
{
    private readonly FakeTimeProvider _time = new(new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private long _marked = 10;

    [Fact]
    public async Task The_mark_never_passes_a_message_that_was_not_delivered()
    {
        using var progress = new InboxProgress(this, _time);
        foreach (var position in (long[])[11, 13, 14, 15]) await progress.Delivered(position);
        await progress.Flush();
        Assert.Equal(11, _marked);

        await progress.Delivered(12);
        await progress.Flush();

        Assert.Equal(15, _marked);
    }

    [Fact]
    public async Task Repeats_and_what_lies_behind_the_mark_change_nothing()
    {
        using var progress = new InboxProgress(this, _time);
        foreach (var position in (long[])[3, 10, 11, 11, 12, 11]) await progress.Delivered(position);
        await progress.Flush();

        Assert.Equal(12, _marked);
    }

    [Fact]
    public async Task The_mark_is_noted_at_the_latest_with_the_first_delivery_after_a_second()
    {
        using var progress = new InboxProgress(this, _time);
        await progress.Delivered(11);
        await progress.Delivered(12);
        Assert.Equal(11, _marked);

        _time.Advance(TimeSpan.FromSeconds(1));
        await progress.Delivered(13);

        Assert.Equal(13, _marked);
    }

    ValueTask<long> IInboxes.DeliveredUpTo(CancellationToken cancellation) => new(_marked);

    Task IInboxes.MarkDelivered(long position, CancellationToken cancellation)
    {
        _marked = position;
        return Task.CompletedTask;
    }

    Task<bool> IInboxes.Add(string body, long position, string reason, CancellationToken cancellation) => throw new NotSupportedException();

    Task<IReadOnlyList<Delivery>> IInboxes.Read(string body, long? beforePosition, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    Task<IReadOnlyList<long>> IInboxes.PositionsAfter(string body, long afterPosition, int limit, CancellationToken cancellation) => throw new NotSupportedException();
}
