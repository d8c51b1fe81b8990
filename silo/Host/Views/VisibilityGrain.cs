using Coordination.Contracts.Feed;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Coordination.Host.Views;

/// <summary>
/// Says whether something is there for someone, before its grain is woken: what is hidden and what does not exist then cost
/// the same look into memory, and no time tells them apart.
/// </summary>
[StatelessWorker, Reentrant]
public sealed class VisibilityGrain(World world, IJournal journal, IOptions<SiloOptions> options) : Grain, IVisibilityGrain
{
    public async Task<bool> MaySee(Asker asker, Subject subject)
    {
        if (Sees(asker, subject)) return true;
        // It may have been made a moment ago, on another silo too. What is hidden waits as long as what is not there.
        var end = (await journal.ReadHead()).Position;
        await world.Reach(end, options.Value.SeenWithin);
        if (Sees(asker, subject)) return true;
        return world.Position >= end ? false : throw new ViewsBehindException();
    }

    private bool Sees(Asker asker, Subject subject)
    {
        var actor = world.Who(asker);
        return subject.Kind switch
        {
            "plan" => world.Plan(subject.Id) is { } plan && world.MaySee(plan, actor),
            "request" => world.Request(subject.Id) is { } request && world.MaySee(request, actor),
            "group" => world.Group(subject.Id) is not null,
            "body" => world.Body(subject.Id) is not null,
            _ => false,
        };
    }
}
