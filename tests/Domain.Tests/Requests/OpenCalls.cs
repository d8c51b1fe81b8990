using Coordination.Contracts.Requests;

namespace Coordination.Domain.Tests.Requests;

using static World;

public class OpenCalls
{
    private static readonly Fact Call = RequestScenario.Opened(region: "South America");

    private static World WithAFourthBodyInTheRegion()
    {
        var world = new World();
        world.Add("quilla-council", Contracts.Bodies.BodyKind.NationalBody, "XEE", "America/Santiago", "Americas", "Latin America and the Caribbean", "South America");
        world.Bodies[Belmar] = world.Bodies[Belmar] with { IntermediateRegion = "South America" };
        return world;
    }

    [Fact]
    public void Any_body_in_the_region_may_take_it_on_and_one_outside_does_not_see_it() =>
        RequestScenario.In(WithAFourthBodyInTheRegion(), Call)
            .When(new AcceptRequest(), By.Coordinator(Corvan)).ThenNotFound("request.not-found")
            .When(new AcceptRequest(), By.Coordinator("quilla-council")).Then(new RequestAccepted("quilla-council", null, null))
            .When(new AcceptRequest(), By.Coordinator(Belmar)).ThenConflict("request.already-accepted");

    [Fact]
    public void It_stays_open_however_many_decline()
    {
        var call = RequestScenario.In(WithAFourthBodyInTheRegion(), Call)
            .When(new DeclineRequest(DeclineGround.NoCapacity), By.Coordinator(Belmar)).Then(new RequestDeclined(Belmar, DeclineGround.NoCapacity, null))
            .When(new DeclineRequest(DeclineGround.NoCapacity), By.Coordinator("quilla-council")).Then(new RequestDeclined("quilla-council", DeclineGround.NoCapacity, null));
        Assert.Equal(RequestStatus.Open, call.State!.Status);
        call.When(new AnswerRequest("Here."), By.Coordinator(Belmar)).ThenConflict("request.already-declined");
    }

    [Fact]
    public void The_body_that_calls_is_not_addressed_by_its_own_call()
    {
        var world = WithAFourthBodyInTheRegion();
        world.Bodies[Arden] = world.Bodies[Arden] with { IntermediateRegion = "South America" };
        RequestScenario.In(world, Call).When(new AnswerRequest("Myself."), By.Coordinator(Arden)).ThenForbidden("request.not-addressed");
    }

    [Fact]
    public void One_marked_for_the_community_is_seen_outside_the_region_but_not_answered_there() =>
        RequestScenario.In(WithAFourthBodyInTheRegion(), RequestScenario.Opened(Mark.Community, region: "South America"))
            .When(new AcceptRequest(), By.Coordinator(Corvan)).ThenForbidden("request.not-addressed");

    [Fact]
    public void Who_took_it_on_remains_a_party_and_may_answer_after_leaving_the_region()
    {
        var world = WithAFourthBodyInTheRegion();
        var call = RequestScenario.In(world, Call, new RequestAccepted(Belmar, null, null));
        world.Bodies[Belmar] = world.Bodies[Belmar] with { IntermediateRegion = "Caribbean" };
        call.When(new AnswerRequest("Here."), By.Coordinator(Belmar)).Then(new RequestAnswered(Belmar, "Here."));
    }
}
