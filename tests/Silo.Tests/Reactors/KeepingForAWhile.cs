using Coordination.Host.Reactors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Coordination.Silo.Tests.Reactors;

/// <summary>How long inboxes, receipts and what was given up are kept, as it stands in <c>docs/operations.md</c>.</summary>
[Trait("On", "both")]
public sealed class KeepingForAWhile
{
    [Fact]
    public async Task What_is_old_passes_in_its_time_and_nothing_else()
    {
        await using var silo = await RunningSilo.Start();
        var (one, other) = (await silo.Admit(), await silo.Admit());
        var positions = new List<long>();
        for (var time = 0; time < 5; time++)
            positions.Add((await silo.Request(Giving.NewId("request")).Give(one, new OpenRequest([other], null, RequestKind.Information, "Please"))).Position);
        await silo.Settle();
        var entries = await silo.Store.Journal.ReadAt(positions, Waiting.Cancellation);
        var outbox = silo.Store.Outbox;
        var now = TimeProvider.System.GetUtcNow();
        await outbox.Mark("letters", 0, Waiting.Cancellation);
        await outbox.Put("letters", 0, 3, [New(1, "a"), New(2, "b"), New(3, "c")], now, Waiting.Cancellation);
        var taken = await outbox.Take("mail", now, now.AddMinutes(1), 9, Waiting.Cancellation);
        await outbox.Note([new Sending.Done(taken[0]), new Sending.Never(taken[1], "Unknown."), new Sending.Later(taken[2], now, "Busy.")], now, Waiting.Cancellation);
        var clock = new FakeTimeProvider(now);
        using var keeping = ActivatorUtilities.CreateInstance<Keeping>(silo.Services, clock);

        await After(Keeping.Receipts - TimeSpan.FromMinutes(1));
        Assert.Equal((1, 1, 1), await Kept());
        await After(Keeping.Receipts + TimeSpan.FromMinutes(1));
        Assert.Equal((0, 1, 1), await Kept());
        await After(Keeping.GivenUp + TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0, 1), await Kept());
        Assert.Equal(positions, (await silo.InboxOf(other)).Keys.Order());

        // Between the second and the third.
        clock.SetUtcNow(entries[2].At + Keeping.Inbox);
        await keeping.Forget(Waiting.Cancellation);
        Assert.Equal(positions[2..], (await silo.InboxOf(other)).Keys.Order());
        Assert.Equal(3, (await silo.Inbox(other).Read(new(other), new())).Unread);

        // A rebuild does not bring it back, and what is stored is still what the journal comes to.
        var folding = silo.Services.GetRequiredService<Folding>();
        var kept = await silo.Store.Inboxes.KeptAfter(Waiting.Cancellation);
        Assert.InRange(kept, positions[1], positions[2] - 1);
        var position = silo.World.Position;
        Assert.Equal(
            (await folding.Digest(position, kept, null, Waiting.Cancellation)).Inboxes,
            (await (await silo.Digests()).With(silo.Store.Inboxes, Waiting.Cancellation)).Inboxes);
        Assert.NotEqual(
            (await folding.Digest(position, 0, null, Waiting.Cancellation)).Inboxes,
            (await (await silo.Digests()).With(silo.Store.Inboxes, Waiting.Cancellation)).Inboxes);
        await silo.Store.Inboxes.Clear(Waiting.Cancellation);
        await silo.Settle();
        Assert.Equal(positions[2..], (await silo.InboxOf(other)).Keys.Order());
        Assert.Equal(3, (await silo.Inbox(other).Read(new(other), new())).Unread);

        async Task After(TimeSpan time)
        {
            clock.SetUtcNow(now + time);
            await keeping.Forget(Waiting.Cancellation);
        }

        async Task<(int Sent, int GivenUp, int Waiting)> Kept() => (await Count(OutgoingState.Sent), await Count(OutgoingState.GivenUp), await Count(OutgoingState.Waiting));

        async Task<int> Count(OutgoingState state) => (await outbox.List(null, state, 0, 9, Waiting.Cancellation)).Count;
    }

    private static NewOutgoing New(long position, string recipient) => new(position, 0, "mail", recipient, "plan/p", []);
}
