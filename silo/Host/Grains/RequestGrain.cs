using Coordination.Contracts.Requests;
using Coordination.Domain.Requests;

namespace Coordination.Host.Grains;

/// <summary>Decides for one request, and lets it expire.</summary>
public sealed class RequestGrain(Deciding deciding) : JournaledGrain<RequestState>(deciding), IRequestGrain
{
    protected override string Kind => "request";

    public Task<Outcome> Execute(CommandHeader header, RequestCommand command) =>
        Execute(header, (state, situation) => RequestRules.Decide(Id, state, command, situation));

    protected override Decision Decide(RequestState state, Rang rang, in Situation situation) => RequestRules.Decide(state, rang, situation);
}
