using Coordination.Host.Clustering;
using Coordination.Journal.Postgres;

namespace Coordination.Node.Roles;

/// <summary>Lets a silo write only while the others count it among the living. To be added right after Orleans.</summary>
internal sealed class Fenced(PostgresStore store, IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var sentence = Sentence.On(services);
        store.FenceBy(sentence.Condition, sentence.Values);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
