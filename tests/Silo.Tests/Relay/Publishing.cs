using Coordination.Contracts.Messages;
using Coordination.Host.Relay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Coordination.Silo.Tests.Relay;

/// <summary>The relay whatever the broker's client does.</summary>
public sealed class Publishing
{
    [Fact]
    public async Task A_transport_that_cancels_what_nobody_cancelled_is_asked_again_and_ends_nothing()
    {
        var bell = new Cancelling();
        await using var silo = await RunningSilo.Start(add: services => services.AddSingleton<IDoorbell>(bell));
        await silo.Admit();
        var position = silo.Disk.Journal.Position;

        var relay = silo.Services.GetRequiredService<Host.Relay.Relay>();
        await Published().Until("everything is published");

        Assert.True(bell.Rung > 1, "Nothing was cancelled.");
        Assert.False(silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);

        async Task Published()
        {
            while (relay.Published < position) await Task.Delay(10, Waiting.Cancellation);
        }
    }

    /// <summary>Gives up its first connection, as transports do that have waited for too long.</summary>
    private sealed class Cancelling : IDoorbell
    {
        public int Rung { get; private set; }

        public Task Ring(Changes changes, CancellationToken cancellation) => ++Rung == 1 ? throw new TaskCanceledException() : Task.CompletedTask;
    }
}
