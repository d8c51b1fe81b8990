using Coordination.Node;

namespace Coordination.Gateway.Tests.Configuration;

/// <summary>A database or a broker may come up later than the process that needs it.</summary>
public sealed class WaitingAtStart
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Goes_on_when_it_has_come_up()
    {
        var tries = 0;

        var answer = await new Patience("It", Enough).Until(
            _ => ++tries == 3 ? Task.FromResult("here") : throw new TimeoutException("not yet"), static exception => (exception as TimeoutException)?.Message, TestContext.Current.CancellationToken);

        Assert.Equal(("here", 3), (answer, tries));
    }

    [Fact]
    public async Task Is_given_up_when_the_time_is_over()
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => new Patience("It", TimeSpan.Zero).Until<string>(
            static _ => throw new TimeoutException("not yet"), static exception => exception.Message, TestContext.Current.CancellationToken));

        Assert.Equal((Exit.Unavailable, "It has not answered for 0 s. (not yet)"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task Is_not_done_for_what_does_not_pass()
    {
        var tries = 0;

        await Assert.ThrowsAsync<InvalidOperationException>(() => new Patience("It", Enough).Until<string>(
            _ => ++tries > 0 ? throw new InvalidOperationException("never") : null!, static exception => (exception as TimeoutException)?.Message, TestContext.Current.CancellationToken));

        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Ends_when_the_process_is_asked_to_end()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Patience("It", Enough).Until<string>(
            async _ =>
            {
                await ending.CancelAsync();
                throw new TimeoutException("not yet");
            }, static exception => exception.Message, ending.Token));
    }
}
