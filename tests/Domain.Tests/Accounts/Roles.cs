using Coordination.Contracts.Subscriptions;
using Coordination.Contracts.Accounts;

namespace Coordination.Domain.Tests.Accounts;

using static AccountScenario;
using static World;

public class Roles
{
    private static GrantRole Grant(string? body, Role? role, string? name = null) => new(body, "anna.k", role, name);

    [Fact]
    public void The_first_role_opens_an_account_and_a_role_is_taken_once() =>
        Given().When(Grant(Arden, Role.Contributor), By.Coordinator(Arden)).Then(new AccountOpened(), new AccountRoleTaken(Arden, Role.Contributor))
            .When(Grant(Arden, Role.Contributor), By.Coordinator(Arden)).ThenNothing()
            .When(Grant(Arden, Role.Observer), By.Coordinator(Arden)).Then(new AccountRoleTaken(Arden, Role.Observer, Role.Contributor))
            .When(new RevokeRole(Arden), By.Coordinator(Arden)).Then(new AccountRoleLeft(Arden, Role.Observer))
            .When(new RevokeRole(Arden), By.Coordinator(Arden)).ThenNothing()
            .When(Grant(Arden, Role.Observer), By.Coordinator(Arden)).Then(new AccountRoleTaken(Arden, Role.Observer));

    [Fact]
    public void An_account_holds_roles_in_several_bodies_and_none_of_them_touches_another()
    {
        var both = Given().When(Grant(Arden, Role.Coordinator), By.Coordinator(Arden)).Then(new AccountOpened(), new AccountRoleTaken(Arden, Role.Coordinator))
            .When(Grant(Belmar, Role.Observer), By.Coordinator(Belmar)).Then(new AccountRoleTaken(Belmar, Role.Observer));
        Assert.Equal((Role.Coordinator, Role.Observer, null), (both.State!.RoleIn(Arden), both.State.RoleIn(Belmar), both.State.RoleIn(Corvan)));

        both.When(new RevokeRole(Belmar), By.Coordinator(Arden)).ThenForbidden("body.coordinator-only");
        both.When(Grant(Belmar, Role.Coordinator), By.Coordinator(Arden)).ThenForbidden("body.coordinator-only");
        var left = both.When(new RevokeRole(Belmar), By.Coordinator(Belmar)).Then(new AccountRoleLeft(Belmar, Role.Observer));
        Assert.Equal((Role.Coordinator, null), (left.State!.RoleIn(Arden), left.State.RoleIn(Belmar)));
    }

    [Fact]
    public void The_order_in_which_bodies_were_joined_stays_when_a_role_changes()
    {
        var state = Given(new AccountOpened(), new AccountRoleTaken(Belmar, Role.Observer), new AccountRoleTaken(Arden, Role.Observer), new AccountRoleTaken(Belmar, Role.Contributor, Role.Observer)).State;
        Assert.Equal([(Belmar, Role.Contributor), (Arden, Role.Observer)], Assert.IsType<AccountState.Open>(state).Roles.Select(role => (role.Body, role.Role)));
    }

    [Fact]
    public void Whoever_names_no_role_leaves_the_one_there_is() =>
        Given(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer)).When(Grant(Arden, null), By.Coordinator(Arden)).ThenNothing();

    [Fact]
    public void Bad_content_is_pointed_at()
    {
        Given().When(Grant(Arden, null), By.Coordinator(Arden)).ThenInvalid("#/role", "body.role-missing");
        Given(new AccountOpened(), new AccountRoleTaken(Belmar, Role.Observer)).When(Grant(Arden, null), By.Coordinator(Arden)).ThenInvalid("#/role", "body.role-missing");
        Given().When(Grant(Arden, Role.Administrator), By.Coordinator(Arden)).ThenInvalid("#/role", "body.role-not-of-a-body");
        Given().When(Grant(Arden, Role.Observer, "\u200B"), By.Coordinator(Arden)).ThenInvalid("#/displayName", "text.empty");
        Given().When(Grant(Arden, Role.Observer, "Anna\nK."), By.Coordinator(Arden)).ThenInvalid("#/displayName", "text.not-one-line");
    }

    [Fact]
    public void An_account_that_is_named_by_an_id_that_is_nobodys_is_not_opened() =>
        ById().When(Grant(Arden, Role.Observer), By.Coordinator(Arden)).ThenInvalid("#/account", "account.not-found");

    [Fact]
    public void Without_an_invitation_no_account_is_opened() =>
        Uninvited().When(Grant(Arden, Role.Observer), By.Coordinator(Arden)).ThenInvalid("#/account", "account.unknown")
            .When(Grant(Arden, Role.Observer), By.Coordinator(Belmar)).ThenForbidden("body.coordinator-only");

    [Fact]
    public void Nobody_else_gives_a_role_to_an_account_before_a_person_has_taken_it_up()
    {
        var invited = NotTaken(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer));
        invited.When(Grant(Belmar, Role.Observer), By.Coordinator(Belmar)).ThenConflict("account.not-taken");
        invited.When(Grant(Arden, Role.Contributor), By.Coordinator(Arden)).Then(new AccountRoleTaken(Arden, Role.Contributor, Role.Observer));
        NotTaken(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer), new AccountRoleLeft(Arden, Role.Observer))
            .When(Grant(Belmar, Role.Observer), By.Coordinator(Belmar)).Then(new AccountRoleTaken(Belmar, Role.Observer));
    }

    [Fact]
    public void An_account_is_taken_up_by_itself()
    {
        var invited = Given(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer));
        invited.When(new AcceptInvitation(null), Itself(Arden)).Then(new AccountAccepted());
        invited.When(new AcceptInvitation("Anna K."), Itself(Arden)).Then(new AccountAccepted());
        invited.When(new AcceptInvitation("Anna\nK."), Itself(Arden)).ThenInvalid("#/displayName", "text.not-one-line");
        invited.When(new AcceptInvitation(" "), Itself(Arden)).ThenInvalid("#/displayName", "text.empty");
        invited.When(new AcceptInvitation(null), By.Coordinator(Arden)).ThenNotFound("account.not-found");
        Given().When(new AcceptInvitation(null), Itself(Arden)).ThenNotFound("account.not-found");
        Given(new AccountOpened(), new AccountErased()).When(new AcceptInvitation(null), Itself(Arden)).ThenNotFound("account.not-found");
    }

    [Fact]
    public void An_administrator_grants_a_body_its_first_coordinator_and_no_other_role()
    {
        Given().When(Grant(Arden, Role.Coordinator), By.Administrator).Then(new AccountOpened(), new AccountRoleTaken(Arden, Role.Coordinator, ByAdministrator: true));
        Given().When(Grant(Arden, Role.Observer), By.Administrator).ThenForbidden("body.first-coordinator-only");
        In(WithCoordinators("another")).When(Grant(Arden, Role.Coordinator), By.Administrator).ThenForbidden("body.first-coordinator-only");
        // Of another body that has one, this says nothing.
        In(WithCoordinators("another")).When(Grant(Belmar, Role.Coordinator), By.Administrator).Then(new AccountOpened(), new AccountRoleTaken(Belmar, Role.Coordinator, ByAdministrator: true));
    }

    [Fact]
    public void The_administrators_own_account_belongs_to_no_body()
    {
        var decision = AccountRules.Decide(AccountId.Administrator, null, Grant(Arden, Role.Observer), new(By.Coordinator(Arden), default, new World(), "command"), new(ByName: true, MayOpen: true, IsTaken: true));
        Assert.Equal("account.of-no-body", decision.Refusal?.Code);
    }

    [Fact]
    public void A_body_does_not_lose_its_last_coordinator_by_its_own_hand()
    {
        Fact[] coordinator = [new AccountOpened(), new AccountRoleTaken(Arden, Role.Coordinator)];
        var last = In(WithCoordinators(Id), coordinator);
        foreach (var hand in new[] { By.Coordinator(Arden), Itself(Arden, Role.Coordinator) })
        {
            last.When(new RevokeRole(Arden), hand).ThenConflict("body.last-coordinator");
            last.When(Grant(Arden, Role.Observer), hand).ThenConflict("body.last-coordinator");
        }

        var two = In(WithCoordinators(Id, "another"), coordinator);
        two.When(new RevokeRole(Arden), Itself(Arden, Role.Coordinator)).Then(new AccountRoleLeft(Arden, Role.Coordinator));
        two.When(Grant(Arden, Role.Observer), By.Coordinator(Arden)).Then(new AccountRoleTaken(Arden, Role.Observer, Role.Coordinator));
        last.When(new RevokeRole(Arden), By.Administrator).Then(new AccountRoleLeft(Arden, Role.Coordinator, ByAdministrator: true));
    }

    [Fact]
    public void Whoever_has_a_role_may_leave_by_themselves()
    {
        var observer = Given(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer), new AccountRoleTaken(Belmar, Role.Observer));
        observer.When(new RevokeRole(Arden), Itself(Arden)).Then(new AccountRoleLeft(Arden, Role.Observer));
        // Acting for one body, nobody changes anything in another.
        observer.When(new RevokeRole(Arden), Itself(Belmar)).ThenForbidden("body.coordinator-only");
        observer.When(Grant(Arden, Role.Coordinator), Itself(Arden)).ThenForbidden("body.coordinator-only");
    }

    [Fact]
    public void Nobody_else_gives_or_takes_a_role()
    {
        Actor[] others = [By.Contributor(Arden), By.Observer(Arden), By.Coordinator(Belmar), By.Coordinator(ArdenRapporteur), By.Nobody];
        foreach (var actor in others)
        {
            foreach (var account in new[] { Given(), Given(new AccountOpened(), new AccountRoleTaken(Arden, Role.Observer)), Given(new AccountOpened(), new AccountErased()) })
            {
                account.When(Grant(Arden, Role.Observer), actor).ThenForbidden("body.coordinator-only");
                account.When(new RevokeRole(Arden), actor).ThenForbidden("body.coordinator-only");
            }
        }
    }

    [Fact]
    public void A_body_that_is_not_there_gives_no_roles()
    {
        foreach (var body in new[] { "nowhere", null })
            Given().When(Grant(body, Role.Coordinator), By.Administrator).ThenNotFound("body.not-found");
        Given().When(new RevokeRole("nowhere"), By.Administrator).ThenNotFound("body.not-found");
    }

    [Fact]
    public void An_account_that_is_not_there_has_no_role_to_take() =>
        Given().When(new RevokeRole(Arden), By.Coordinator(Arden)).ThenNothing()
            .When(new RevokeRole(Arden), By.Administrator).ThenNothing();

    [Fact]
    public void A_role_is_for_its_own_body_unless_an_administrator_changed_it()
    {
        var world = new World();
        Assert.Equal([Arden], new AccountRoleTaken(Arden, Role.Observer).AudienceIn(Opened).Resolve(world)!);
        Assert.Equal([Arden], new AccountRoleLeft(Arden, Role.Observer).AudienceIn(Opened).Resolve(world)!);
        Assert.Equal(Audience.Community, new AccountRoleTaken(Arden, Role.Coordinator, ByAdministrator: true).AudienceIn(Opened));
        Assert.Equal(Audience.Community, new AccountRoleLeft(Arden, Role.Coordinator, ByAdministrator: true).AudienceIn(Opened));
        foreach (var fact in new Fact[] { new AccountOpened(), new AccountAccepted(), new AccountNamed(), new AccountErased() })
        {
            Assert.Empty(((AccountFact)fact).AudienceIn(Opened).Resolve(world)!);
            Assert.All(By.Everyone(world).Where(actor => !actor.IsPlatform), actor => Assert.False(((AccountFact)fact).AudienceIn(Opened).Admits(actor, world)));
        }
    }

    [Fact]
    public void A_body_is_told_that_it_has_lost_its_last_coordinator_by_leaving_or_by_becoming_something_less()
    {
        Assert.Equal(InboxReason.Roles, new AccountRoleLeft(Arden, Role.Coordinator).ReasonIn(WithCoordinators()));
        Assert.Equal(InboxReason.Roles, new AccountRoleTaken(Arden, Role.Observer, Role.Coordinator).ReasonIn(WithCoordinators()));
        Assert.Null(new AccountRoleLeft(Arden, Role.Coordinator).ReasonIn(WithCoordinators("another")));
        Assert.Null(new AccountRoleTaken(Arden, Role.Observer, Role.Coordinator).ReasonIn(WithCoordinators("another")));
        Assert.Null(new AccountRoleLeft(Arden, Role.Contributor).ReasonIn(WithCoordinators()));
        Assert.Null(new AccountRoleTaken(Arden, Role.Coordinator).ReasonIn(WithCoordinators()));
        Assert.Null(new AccountRoleTaken(Arden, Role.Observer, Role.Contributor).ReasonIn(WithCoordinators()));
    }

    private static readonly AccountState Opened = new AccountState.Open([]);

    private static World WithCoordinators(params string[] accounts) => new() { Coordinators = { [Arden] = accounts } };
}
