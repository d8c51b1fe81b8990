using Coordination.Contracts.Requests;

namespace Coordination.Domain.Tests.Requests;

using static World;

public class AnsweringARequest
{
    private static readonly Actor TheBelmar = By.Coordinator(Belmar), TheCorvan = By.Coordinator(Corvan), TheArden = By.Coordinator(Arden);

    [Fact]
    public void Accepted_answered_and_confirmed_each_once() =>
        RequestScenario.Given(RequestScenario.Opened())
            .When(new AcceptRequest(" Gladly. "), TheBelmar).Then(new RequestAccepted(Belmar, null, "Gladly."))
            .When(new AcceptRequest(), TheBelmar).ThenNothing()
            .When(new AcceptRequest(), TheCorvan).ThenConflict("request.already-accepted")
            .When(new AnswerRequest(" See the annex. "), TheBelmar).Then(new RequestAnswered(Belmar, "See the annex."))
            .When(new AnswerRequest("Again."), TheBelmar).ThenConflict("request.already-answered")
            .When(new ConfirmRequest("  "), TheArden).Then(new RequestConfirmed(null))
            .When(new ConfirmRequest(), TheArden).ThenNothing()
            .When(new WithdrawRequest(), TheArden).ThenConflict("request.already-confirmed");

    [Fact]
    public void An_answer_needs_no_acceptance_before_it() =>
        RequestScenario.Given(RequestScenario.Opened())
            .When(new AnswerRequest("Here."), TheCorvan).Then(new RequestAnswered(Corvan, "Here."))
            .When(new AcceptRequest(), TheBelmar).ThenConflict("request.already-answered");

    [Fact]
    public void Another_date_is_proposed_and_agreed_to()
    {
        var proposed = new RequestDateProposed(Belmar, RequestScenario.Proposed, "After the session.");
        var agreed = RequestScenario.Given(RequestScenario.Opened())
            .When(new ProposeDate(RequestScenario.Proposed, "After the session."), TheBelmar).Then(proposed)
            .When(new ProposeDate(RequestScenario.Proposed), TheBelmar).ThenNothing()
            .When(new AcceptRequest("Fine."), TheArden).Then(new RequestAccepted(
                Belmar, RequestScenario.Proposed, "Fine.", new DateTimeOffset(2026, 5, 1, 22, 0, 0, TimeSpan.Zero)));
        Assert.Equal((RequestStatus.Accepted, Belmar, RequestScenario.Proposed), (agreed.State!.Status, agreed.State.Holder, agreed.State.NeededBy));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 22, 0, 0, TimeSpan.Zero), agreed.State.ExpiresAt);
        agreed.When(new AcceptRequest(), TheArden).ThenNothing();
    }

    [Fact]
    public void The_latest_proposal_counts_and_one_by_a_body_that_declines_is_gone() =>
        RequestScenario.Given(RequestScenario.States["proposed"])
            .When(new ProposeDate(new(2026, 4, 20)), TheCorvan).Then(new RequestDateProposed(Corvan, new(2026, 4, 20), null))
            .When(new DeclineRequest(DeclineGround.NoCapacity), TheCorvan).Then(new RequestDeclined(Corvan, DeclineGround.NoCapacity, null))
            .When(new AcceptRequest(), TheArden).ThenConflict("request.nothing-proposed");

    [Fact]
    public void A_proposed_date_is_a_day_that_has_not_passed_at_the_proposing_body()
    {
        var open = RequestScenario.Given(RequestScenario.Opened());
        open.When(new ProposeDate(new(2026, 3, 1)), TheBelmar).ThenInvalid("#/date", "date.past");
        open.When(new ProposeDate(new(2101, 1, 1)), TheBelmar).ThenInvalid("#/date", "date.out-of-bounds");
        // 20:00 in UTC on the 2nd is the 3rd in Kathmandu and still the 2nd in Bogotá.
        var evening = new DateTimeOffset(2026, 3, 2, 20, 0, 0, TimeSpan.Zero);
        open.When(new ProposeDate(new(2026, 3, 2)), TheCorvan, evening).ThenInvalid("#/date", "date.past");
        open.When(new ProposeDate(new(2026, 3, 2)), TheBelmar, evening).Then(new RequestDateProposed(Belmar, new(2026, 3, 2), null));
    }

    [Fact]
    public void The_last_day_there_is_can_still_be_agreed_to_where_it_was_proposed() =>
        RequestScenario.Given(RequestScenario.Opened(), new RequestDateProposed(Belmar, DateOnly.MaxValue, null))
            .When(new AcceptRequest(), TheArden).Then(new RequestAccepted(Belmar, DateOnly.MaxValue, null, DateTimeOffset.MaxValue));

    [Fact]
    public void What_shows_nothing_asks_and_answers_nothing()
    {
        var open = RequestScenario.Given(RequestScenario.Opened());
        open.When(new AskClarification("\u200B"), TheBelmar).ThenInvalid("#/text", "text.empty");
        open.When(new AnswerRequest("\u2060\n"), TheBelmar).ThenInvalid("#/text", "text.empty");
        open.When(new DeclineRequest(DeclineGround.Other, "\u200B"), TheBelmar).ThenInvalid("#/text", "request.ground-unexplained");
        open.When(new AskClarification("Which port?\nWhich day?"), TheBelmar).Then(new ClarificationAsked(Belmar, "Which port?\nWhich day?"))
            .When(new AnswerClarification("\u200B"), TheArden).ThenInvalid("#/text", "text.empty");
    }

    [Fact]
    public void One_declines_and_the_other_may_still_accept() =>
        RequestScenario.Given(RequestScenario.Opened())
            .When(new DeclineRequest(DeclineGround.LegalObstacle, "Art. 5"), TheBelmar).Then(new RequestDeclined(Belmar, DeclineGround.LegalObstacle, "Art. 5"))
            .When(new DeclineRequest(DeclineGround.LegalObstacle), TheBelmar).ThenNothing()
            .When(new AcceptRequest(), TheBelmar).ThenConflict("request.already-declined")
            .When(new AcceptRequest(), TheCorvan).Then(new RequestAccepted(Corvan, null, null));

    [Fact]
    public void When_all_decline_it_is_declined()
    {
        var declined = RequestScenario.Given(RequestScenario.States["declined"]);
        Assert.Equal(RequestStatus.Declined, declined.State!.Status);
        declined.When(new WithdrawRequest(), TheArden).ThenConflict("request.already-declined");
    }

    [Fact]
    public void Who_accepted_may_still_decline_and_the_request_is_open_again_for_others()
    {
        var open = RequestScenario.Given(RequestScenario.States["accepted"])
            .When(new DeclineRequest(DeclineGround.NoCapacity), TheBelmar).Then(new RequestDeclined(Belmar, DeclineGround.NoCapacity, null));
        Assert.Equal((RequestStatus.Open, null), (open.State!.Status, open.State.Holder));
        open.When(new AcceptRequest(), TheCorvan).Then(new RequestAccepted(Corvan, null, null));
    }

    [Fact]
    public void A_ground_is_stated_and_explained_when_it_is_another()
    {
        var open = RequestScenario.Given(RequestScenario.Opened());
        open.When(new DeclineRequest(DeclineGround.Other, " "), TheBelmar).ThenInvalid("#/text", "request.ground-unexplained");
        open.When(new DeclineRequest(DeclineGround.Other, "Elections."), TheBelmar).Then(new RequestDeclined(Belmar, DeclineGround.Other, "Elections."));
    }

    [Fact]
    public void A_clarification_is_asked_for_and_given() =>
        RequestScenario.Given(RequestScenario.Opened())
            .When(new AskClarification(" Which year? "), TheBelmar).Then(new ClarificationAsked(Belmar, "Which year?"))
            .When(new AskClarification("Which route?"), TheCorvan).ThenConflict("request.already-clarifying")
            .When(new AnswerClarification(" Last year. "), TheArden).Then(new ClarificationAnswered("Last year."))
            .When(new AnswerClarification("Last year."), TheArden).ThenConflict("request.nothing-to-clarify")
            .When(new AskClarification("Which route?"), TheCorvan).Then(new ClarificationAsked(Corvan, "Which route?"));

    [Fact]
    public void Withdrawn_once_and_for_good() =>
        RequestScenario.Given(RequestScenario.States["accepted"])
            .When(new WithdrawRequest("No longer needed."), TheArden).Then(new RequestWithdrawn("No longer needed."))
            .When(new WithdrawRequest(), TheArden).ThenNothing()
            .When(new AnswerRequest("Here."), TheBelmar).ThenConflict("request.already-withdrawn");

    [Fact]
    public void Not_there()
    {
        foreach (var verb in RequestScenario.Verbs)
            RequestScenario.Given().When(RequestScenario.Command(verb), TheArden).ThenNotFound("request.not-found");
    }
}
