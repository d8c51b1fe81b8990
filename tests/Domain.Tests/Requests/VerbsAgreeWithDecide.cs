using Coordination.Contracts.Requests;
using CsCheck;

namespace Coordination.Domain.Tests.Requests;

using static World;

public class VerbsAgreeWithDecide
{
    private static readonly string[] Bodies = [Arden, Belmar, Corvan, ArdenRapporteur, BelmarRapporteur, Agency];

    private static readonly Gen<RequestOpened> Openings = Gen.Select(Gen.Enum<Mark>(), Gen.Int[0, 2], Gen.Bool).Select((mark, to, call) =>
        call && mark is not Mark.Named
            ? RequestScenario.Opened(mark, region: "Latin America and the Caribbean")
            : RequestScenario.Opened(mark, to switch { 0 => [Belmar], 1 => [Belmar, Corvan], _ => [Belmar, Corvan, Agency] }));

    private static readonly Gen<(string Verb, Actor Actor, int Hours)[]> Commands = Gen.Select(
        Gen.Int[0, RequestScenario.Verbs.Length].Select(index => RequestScenario.Verbs.ElementAtOrDefault(index) ?? RequestScenario.Expire), Gen.Int[0, Bodies.Length - 1].Select(index => Bodies[index]), Gen.Int[0, 1200],
        (verb, body, hours) => (verb, verb == RequestScenario.Expire ? By.Platform : By.Coordinator(body), hours)).Array[0, 12];

    [Fact]
    public void A_verb_listed_is_not_refused_to_its_actor_and_one_not_listed_does_nothing() =>
        Gen.Select(Openings, Commands).Sample((opened, commands) =>
        {
            var request = RequestScenario.Given(opened);
            var world = request.World;
            foreach (var (verb, actor, hours) in commands)
            {
                var decision = request.When(RequestScenario.Command(verb), actor, Given<RequestState?, object>.Now.AddHours(hours)).Decision;
                request = request.And(decision.Facts);
            }

            foreach (var actor in By.Everyone(world))
            {
                var listed = RequestRules.Verbs(request.State!, actor, world);
                Assert.Equal(listed.Distinct(), listed);
                foreach (var verb in RequestScenario.Verbs)
                {
                    var decision = request.When(RequestScenario.Command(verb), actor).Decision;
                    if (listed.Contains(verb)) Assert.Null(decision.Refusal);
                    else Assert.Empty(decision.Facts);
                }
            }
        }, iter: 1_000);
}
