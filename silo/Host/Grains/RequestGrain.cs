using Coordination.Contracts.Requests;
using Coordination.Domain.Requests;
using Coordination.Host.Views;

namespace Coordination.Host.Grains;

/// <summary>Decides for one request, and lets it expire.</summary>
public sealed class RequestGrain(Deciding deciding) : JournaledGrain<RequestState>(deciding), IRequestGrain
{
    protected override string Kind => "request";
    protected override int Form => 2;

    public Task<Outcome> Execute(CommandHeader header, RequestCommand command) =>
        Execute(header, (state, situation) => RequestRules.Decide(Id, state, command, situation));

    protected override Decision Decide(RequestState state, Rang rang, in Situation situation) => RequestRules.Decide(state, rang, situation);

    protected override RequestState? Evolve(RequestState? state, Fact fact) => RequestState.Evolve(Id, state, fact);

    protected override Audience AudienceOf(RequestState state, Fact fact) => state.Audience;

    protected override IEnumerable<string> TopicsOf(RequestState state, Fact fact)
    {
        yield return $"request/{Id}";
        foreach (var body in state.Joined.Union(state.To).Add(state.From))
            foreach (var topic in Topics.OfBody(Directory, body)) yield return topic;
        if (fact is RequestOpened { Pillar: { } pillar }) yield return $"pillar/{FeedEntryFormatter.Name(pillar)}";
    }
}
