using Coordination.Contracts.Accounts;
using static Coordination.Domain.Tests.Accounts.AccountScenario;

namespace Coordination.Domain.Tests.Accounts;

/// <summary>Somebody has lost a password: a coordinator asks, an administrator agrees, and a person who knows the password after all may object.</summary>
public sealed class AnotherPassword
{
    private const string Arden = World.Arden, Belmar = World.Belmar, First = "a-asks2222", Second = "a-agrees22";
    private static readonly Actor Asks = new(First, Arden, Role.Coordinator), Agrees = new(Second, Arden, Role.Coordinator);
    private static readonly DateTimeOffset Now = Given<AccountState?, AccountCommand>.Now;
    private static readonly DateTimeOffset Week = Now + AccountRules.ResetLasts;

    [Fact]
    public void A_coordinator_asks_for_a_person_of_the_body()
    {
        var known = Given(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer));
        known.When(new AskReset(Arden), Asks).Then(new AccountResetAsked(Arden, First, Week));
        known.When(new AskReset(Arden), new(First, Arden, Role.Contributor)).ThenNotFound("account.not-found");
        known.When(new AskReset(Belmar), new(First, Belmar, Role.Coordinator)).ThenNotFound("account.not-found");
        known.When(new AskReset(Arden), By.Administrator).ThenNotFound("account.not-found");
        known.When(new AskReset(Arden), Itself(Arden, Role.Coordinator)).ThenConflict("account.reset-own");
        NotTaken(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer)).When(new AskReset(Arden), Asks).ThenConflict("account.reset-of-invited");
        Given().When(new AskReset(Arden), Asks).ThenNotFound("account.not-found");
    }

    [Fact]
    public void Agreed_to_in_the_last_hour_it_leaves_a_day_to_make_the_link()
    {
        var (last, from) = (Now.AddHours(1), Now + AccountRules.ResetWaits);
        Fact[] facts = [new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer), new AccountResetAsked(Arden, First, last), new AccountResetAgreed(Arden, Second, from)];
        var reset = Assert.IsType<AccountState.Open>(facts.Aggregate((AccountState?)null, (state, fact) => Fact.Evolve("", state, fact))).Reset!;
        Assert.Equal((false, true, false), (reset.IsDue(from.AddMinutes(-1)), reset.IsDue(from.AddHours(23)), reset.IsDue(from.AddDays(1))));
    }

    [Fact]
    public void It_is_asked_once()
    {
        Asked().When(new AskReset(Arden), Asks).ThenNothing();
        Asked().When(new AskReset(Arden), Agrees).ThenConflict("account.reset-asked-already");
        Given(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer), new AccountResetAsked(Arden, First, Now))
            .When(new AskReset(Arden), Agrees).Then(new AccountResetAsked(Arden, Second, Week));
    }

    [Fact]
    public void An_administrator_agrees_and_a_person_who_can_object_has_a_day_for_it()
    {
        Asked().When(new AgreeToReset(), By.Administrator).Then(new AccountResetAgreed(Arden, By.Administrator.Account, Now));
        MayObject(AskedFacts()).When(new AgreeToReset(), By.Administrator).Then(new AccountResetAgreed(Arden, By.Administrator.Account, Now + AccountRules.ResetWaits));
        // Whoever makes coordinators could make one that agrees.
        foreach (var actor in new[] { Asks, Agrees, Itself(Arden, Role.Coordinator) })
            Asked().When(new AgreeToReset(), actor).ThenForbidden("account.reset-second-person");
        Asked().When(new AgreeToReset(), new(First, Belmar, Role.Coordinator)).ThenNotFound("account.not-found");
        Asked().When(new AgreeToReset(), new(Second, Arden, Role.Contributor)).ThenNotFound("account.not-found");
        MayObject(AskedFacts(new AccountResetAgreed(Arden, Second, Now))).When(new AgreeToReset(), By.Administrator).ThenNothing();
    }

    [Fact]
    public void The_link_is_for_whoever_asked_when_it_is_time()
    {
        Agreed().When(new MakeResetLink(), Asks).ThenNothing();
        Asked().When(new MakeResetLink(), Asks).ThenConflict("account.reset-not-agreed");
        Agreed().When(new MakeResetLink(), Agrees).ThenForbidden("account.reset-link-of-another");
        Agreed().When(new MakeResetLink(), By.Administrator).ThenForbidden("account.reset-link-of-another");
        Agreed().When(new MakeResetLink(), new(First, Arden, Role.Observer)).ThenNotFound("account.not-found");
        Asked(new AccountResetAgreed(Arden, Second, Now.AddMinutes(1))).When(new MakeResetLink(), Asks).ThenConflict("account.reset-waits");
        Given(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer)).When(new MakeResetLink(), Asks).ThenNotFound("account.not-found");
    }

    [Fact]
    public void The_person_objects_and_those_responsible_take_it_back()
    {
        foreach (var actor in new[] { Itself(Arden), Asks, Agrees, By.Administrator })
            Agreed().When(new DropReset(), actor).Then(new AccountResetDropped(Arden));
        Agreed().When(new DropReset(), new(Second, Belmar, Role.Coordinator)).ThenNotFound("account.not-found");
        Agreed(new AccountResetDropped(Arden)).When(new MakeResetLink(), Asks).ThenNotFound("account.not-found");
        Agreed(new AccountResetDropped(Arden)).When(new DropReset(), Itself(Arden)).ThenNothing();
    }

    [Fact]
    public void It_ends_with_the_new_password_and_with_any_change_of_roles()
    {
        foreach (var fact in new Fact[] { new AccountAccepted(), new AccountRoleLeft(Arden, Role.Observer), new AccountRoleTaken(Belmar, Role.Observer), new AccountErased() })
            Agreed(fact).When(new MakeResetLink(), Asks).ThenNotFound("account.not-found");
    }

    private static Fact[] AskedFacts(params Fact[] then) =>
        [new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer), new AccountResetAsked(Arden, First, Week), .. then];

    private static Given<AccountState?, AccountCommand> Asked(params Fact[] then) => Given(AskedFacts(then));

    private static Given<AccountState?, AccountCommand> Agreed(params Fact[] then) => Asked([new AccountResetAgreed(Arden, Second, Now), .. then]);
}
