using Coordination.Host.Reactors;
using Coordination.Tests.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Polly;

namespace Coordination.Silo.Tests.Reactors;

/// <summary>What a sender does with what a channel says.</summary>
public sealed class TheSender : IChannel
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryOutbox _outbox = new();
    private readonly Sender _sender;
    private readonly List<string> _sent = [];
    private Func<Outgoing, Sent> _says = static _ => new Sent.Arrived();

    public TheSender() => _sender = new(this, _outbox, _time, ResiliencePipeline.Empty, NullLogger<Sender>.Instance);

    string IChannel.Name => "mail";

    Task<Sent> IChannel.Send(Outgoing outgoing, CancellationToken cancellation)
    {
        _sent.Add($"{outgoing.Id} to {outgoing.Recipient}");
        return Task.FromResult(_says(outgoing));
    }

    [Fact]
    public async Task What_arrives_is_sent_once_and_leaves_a_receipt_without_data()
    {
        await Put(("a", 1), ("b", 2), ("a", 3));

        Assert.Equal(3, await Round());
        Assert.Equal(0, await Round());

        Assert.Equal(["letters/1/0 to a", "letters/2/0 to b", "letters/3/0 to a"], _sent.Order());
        Assert.All(await List(OutgoingState.Sent), row => Assert.Empty(row.Data));
        Assert.Equal(3, (await List(OutgoingState.Sent)).Count);
    }

    [Fact]
    public async Task What_fails_is_tried_again_after_longer_and_longer_and_nothing_of_the_same_recipient_overtakes_it()
    {
        await Put(("a", 1), ("a", 2), ("b", 3));
        _says = static row => row.Recipient == "a" ? new Sent.Later("Busy.") : new Sent.Arrived();
        var pauses = new List<TimeSpan>();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            await Round();
            var first = (await List(OutgoingState.Waiting))[0];
            Assert.Equal((1, attempt + 1, "Busy."), (first.Position, first.Attempts, first.Reason));
            pauses.Add(first.Due - _time.GetUtcNow());
            // A moment before, it is not tried.
            _time.SetUtcNow(first.Due - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, await Round());
            _time.SetUtcNow(first.Due);
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600], pauses.Select(pause => pause.TotalSeconds));
        Assert.DoesNotContain("letters/2/0 to a", _sent);
        Assert.Single(_sent, "letters/3/0 to b");

        _says = static _ => new Sent.Arrived();
        await Round();
        await Round();
        Assert.Equal(["letters/1/0 to a", "letters/2/0 to a"], _sent[^2..]);
        // Taken together with the first, and not tried: no attempt was counted.
        Assert.Equal(1, (await List(OutgoingState.Sent)).Single(row => row.Position == 2).Attempts);
    }

    [Fact]
    public async Task A_receiver_that_says_when_is_believed()
    {
        await Put(("a", 1));
        _says = static _ => new Sent.Later("Busy.", TimeSpan.FromMinutes(42));
        await Round();
        Assert.Equal(Start.AddMinutes(42), (await List(OutgoingState.Waiting)).Single().Due);
    }

    [Fact]
    public async Task What_never_can_be_sent_is_given_up_at_once_and_does_not_stand_in_the_way()
    {
        await Put(("a", 1), ("a", 2));
        _says = static row => row.Position == 1 ? new Sent.Never("Unknown.") : new Sent.Arrived();
        await Round();
        Assert.Equal(("Unknown.", 1), ((await List(OutgoingState.GivenUp)).Single().Reason, (await List(OutgoingState.Sent)).Count));
    }

    [Fact]
    public async Task After_three_days_it_is_given_up()
    {
        await Put(("a", 1));
        _says = static _ => new Sent.Later("Busy.");
        while ((await List(OutgoingState.Waiting)) is [var row])
        {
            _time.SetUtcNow(row.Due);
            await Round();
        }

        var given = Assert.Single(await List(OutgoingState.GivenUp));
        Assert.Equal("Busy.", given.Reason);
        Assert.InRange(_time.GetUtcNow() - Start, Sender.GivenUpAfter, Sender.GivenUpAfter + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task What_an_operator_retries_has_three_days_again()
    {
        await Put(("a", 1));
        _says = static _ => new Sent.Later("Busy.");
        _time.Advance(Sender.GivenUpAfter);
        await Round();
        var given = Assert.Single(await List(OutgoingState.GivenUp));

        await _outbox.Retry(null, given.Number, _time.GetUtcNow(), Waiting.Cancellation);
        await Round();

        Assert.Equal(1, Assert.Single(await List(OutgoingState.Waiting)).Attempts);
        _time.Advance(Sender.GivenUpAfter);
        await Round();
        Assert.Single(await List(OutgoingState.GivenUp));
    }

    [Fact]
    public async Task A_silo_that_ends_gives_nothing_up_and_counts_no_attempt()
    {
        await Put(("a", 1), ("a", 2));
        _time.Advance(Sender.GivenUpAfter);
        using var ending = new CancellationTokenSource();
        _says = _ =>
        {
            ending.Cancel();
            throw new OperationCanceledException(ending.Token);
        };

        await _sender.Round(ending.Token);

        Assert.Equal([(1, 0, null), (2, 0, null)], (await List(OutgoingState.Waiting)).Select(row => (row.Position, row.Attempts, row.Reason)));
    }

    [Fact]
    public async Task An_exception_is_a_failed_attempt_whose_words_are_kept_from_the_outbox()
    {
        await Put(("a", 1));
        _says = static _ => throw new TimeoutException("someone@somewhere did not answer");
        await Round();
        Assert.Equal(nameof(TimeoutException), (await List(OutgoingState.Waiting)).Single().Reason);
    }

    [Fact]
    public async Task Who_sends_slowly_leaves_the_rest_to_the_next_round_before_someone_else_may_take_it()
    {
        await Put(("a", 1), ("a", 2), ("a", 3), ("a", 4));
        _says = _ =>
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            return new Sent.Arrived();
        };

        await Round();

        Assert.Equal(2, _sent.Count);
        Assert.Equal([(3, 0), (4, 0)], (await List(OutgoingState.Waiting)).Select(row => (row.Position, row.Attempts)));
        await Round();
        Assert.Equal(4, _sent.Distinct().Count());
    }

    private async Task Put(params (string Recipient, long Position)[] rows)
    {
        await _outbox.Mark("letters", 0, Waiting.Cancellation);
        await _outbox.Put("letters", 0, 9, [.. rows.Select(row => new NewOutgoing(row.Position, 0, "mail", row.Recipient, "plan/p", [1]))], Start, Waiting.Cancellation);
    }

    private Task<int> Round() => _sender.Round(Waiting.Cancellation);

    private Task<IReadOnlyList<Outgoing>> List(OutgoingState state) => _outbox.List(null, state, 0, 99, Waiting.Cancellation);
}
