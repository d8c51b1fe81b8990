using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Domain.Tests.Subscriptions;

using static World;

public class Subscribing
{
    private static readonly Subscribe Want = new(SubscriptionSubject.Requests, ["005", "Asia", "South America"], ["XBB", "XCC"], [RequestKind.Training], [Pillar.Awareness], [Urgency.Urgent]);
    private static readonly Subscribed Made = new("s1", SubscriptionSubject.Requests, ["South America", "Asia"], ["XBB", "XCC"], [RequestKind.Training], [Pillar.Awareness], [Urgency.Urgent]);

    private static Given<SubscriptionsState, SubscriptionCommand> Given(params IEnumerable<Fact> facts) => new Given<SubscriptionsState, SubscriptionCommand>(
        SubscriptionsState.Empty(Arden), new World(), (state, fact) => Fact.Evolve(Arden, state, fact)!,
        (SubscriptionsState state, SubscriptionCommand command, in Situation situation) => SubscriptionRules.Decide(Arden, state, command, situation)).And(facts);

    [Fact]
    public void A_coordinator_subscribes_and_ends_it_each_once() =>
        Given().When(Want, By.Coordinator(Arden)).Then(Made)
            .When(Want with { Regions = ["Asia", "South America"], States = ["XCC", "XBB"] }, By.Coordinator(Arden)).ThenNothing()
            .When(Want with { States = [] }, By.Coordinator(Arden)).Then(Made with { Id = "s2", States = [] })
            .When(new Unsubscribe("s1"), By.Coordinator(Arden)).Then(new Unsubscribed("s1"))
            .When(new Unsubscribe("s1"), By.Coordinator(Arden)).ThenNothing()
            .When(new Unsubscribe("s3"), By.Coordinator(Arden)).ThenNotFound("subscription.not-found")
            .When(new Unsubscribe("x"), By.Coordinator(Arden)).ThenNotFound("subscription.not-found");

    [Fact]
    public void Only_the_bodys_own_people_and_of_them_the_coordinator()
    {
        foreach (var actor in new[] { By.Coordinator(Belmar), By.Coordinator(ArdenRapporteur), By.Administrator, By.Nobody })
            foreach (var command in new SubscriptionCommand[] { Want, new Unsubscribe("s1"), new ReadInbox(1) })
                Given(Made).When(command, actor).ThenForbidden("subscription.own-body-only");
        foreach (var actor in new[] { By.Contributor(Arden), By.Observer(Arden) })
            foreach (var command in new SubscriptionCommand[] { Want, new Unsubscribe("s1"), new Unsubscribe("s9") })
                Given(Made).When(command, actor).ThenForbidden("subscription.coordinator-only");
    }

    public static TheoryData<Subscribe, string, string> Bad() => new()
    {
        { Want with { Regions = ["Asia", "Atlantis"] }, "#/regions/1", "region.unknown" },
        { Want with { Regions = [null!] }, "#/regions/0", "region.unknown" },
        { Want with { States = ["XAA", "xaa"] }, "#/states/1", "state.not-a-code" },
        { Want with { States = [null!] }, "#/states/0", "state.not-a-code" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Bad_content_is_pointed_at(Subscribe command, string pointer, string code) => Given().When(command, By.Coordinator(Arden)).ThenInvalid(pointer, code);

    [Fact]
    public void There_is_a_limit_and_the_same_again_is_still_nothing()
    {
        var full = Given(Enumerable.Range(1, SubscriptionRules.Most).Select(number => Made with { Id = "s" + number, States = [$"X{(char)('A' + number / 26)}{(char)('A' + number % 26)}"] }));
        full.When(Want with { States = ["ZZZ"] }, By.Coordinator(Arden)).ThenTooMany("subscription.too-many");
        full.When(Want with { States = ["XAB"] }, By.Coordinator(Arden)).ThenNothing();
    }

    [Fact]
    public void Who_contributes_marks_as_read_and_the_mark_never_goes_back() =>
        Given().When(new ReadInbox(7), By.Contributor(Arden)).Then(new InboxReadUpTo(7))
            .When(new ReadInbox(9), By.Observer(Arden)).ThenForbidden("inbox.contributor-only")
            .When(new ReadInbox(7), By.Coordinator(Arden)).ThenNothing()
            .When(new ReadInbox(3), By.Contributor(Arden)).ThenNothing()
            .When(new ReadInbox(-1), By.Coordinator(Arden)).ThenInvalid("#/upTo", "inbox.position-negative");
}
