using Coordination.Contracts.Accounts;

namespace Coordination.Domain.Tests.Accounts;

using static AccountScenario;
using static World;

public class NamesAndErasure
{
    private static readonly Fact[] Opened = [new AccountOpened(), new AccountRoleTaken(Belmar, Role.Observer), new AccountRoleTaken(Arden, Role.Coordinator)];

    [Fact]
    public void A_person_is_named_by_the_person_and_by_an_administrator()
    {
        Given(Opened).When(new NameAccount("Anna K."), Itself(Arden)).Then(new AccountNamed()).When(new NameAccount("Anna B."), Itself(Belmar)).Then(new AccountNamed());
        Given(Opened).When(new NameAccount("Anna K."), By.Administrator).Then(new AccountNamed());
        foreach (var actor in new[] { By.Coordinator(Arden), By.Coordinator(Belmar), By.Nobody })
            Given(Opened).When(new NameAccount("Anna K."), actor).ThenForbidden("account.own-only");
    }

    [Fact]
    public void A_name_is_one_line_that_can_be_seen()
    {
        Given(Opened).When(new NameAccount("\u200B"), Itself(Arden)).ThenInvalid("#/displayName", "text.empty");
        Given(Opened).When(new NameAccount("Anna\nK."), Itself(Arden)).ThenInvalid("#/displayName", "text.not-one-line");
    }

    [Fact]
    public void Erasing_takes_all_roles_and_is_done_once() =>
        Given(Opened).When(new EraseAccount(), By.Administrator)
            .Then(new AccountRoleLeft(Belmar, Role.Observer), new AccountRoleLeft(Arden, Role.Coordinator), new AccountErased())
            .When(new EraseAccount(), By.Administrator).ThenNothing();

    [Fact]
    public void Nothing_is_done_with_an_erased_account()
    {
        var erased = Given([.. Opened, new AccountErased()]);
        Assert.IsType<AccountState.Erased>(erased.State);
        Assert.Null(erased.State!.RoleIn(Arden));
        erased.When(new GrantRole(Arden, "anna.k", Role.Observer), By.Coordinator(Arden)).ThenInvalid("#/account", "account.not-found");
        erased.When(new RevokeRole(Arden), By.Coordinator(Arden)).ThenNothing();
        erased.When(new NameAccount("Anna K."), By.Administrator).ThenNotFound("account.not-found");
    }

    [Fact]
    public void Only_an_administrator_erases()
    {
        foreach (var actor in new[] { By.Coordinator(Arden), Itself(Arden, Role.Coordinator), By.Nobody })
        {
            Given(Opened).When(new EraseAccount(), actor).ThenForbidden("account.administrator-only");
            // An account that is not there is refused alike.
            Given().When(new EraseAccount(), actor).ThenForbidden("account.administrator-only");
        }
    }

    [Fact]
    public void An_account_that_is_not_there_is_neither_named_nor_erased()
    {
        Given().When(new NameAccount("Anna K."), By.Administrator).ThenNotFound("account.not-found");
        Given().When(new EraseAccount(), By.Administrator).ThenNotFound("account.not-found");
    }

    [Fact]
    public void The_account_that_the_platform_is_installed_with_stays()
    {
        var decision = AccountRules.Decide(AccountId.Administrator, null, new EraseAccount(), new(By.Administrator, default, new World(), "command"));
        Assert.Equal("account.built-in", decision.Refusal?.Code);
    }

    [Fact]
    public void Ids_are_random_and_no_sign_in_name_looks_like_one()
    {
        var ids = Enumerable.Range(0, 1_000).Select(_ => AccountId.New()).ToHashSet();
        Assert.Equal(1_000, ids.Count);
        Assert.All(ids, id =>
        {
            Assert.Matches("^a-[a-z2-9]{8}$", id);
            Assert.True(AccountId.IsOne(id));
            Assert.False(SignInName.IsOne(id));
        });
        foreach (var text in new[] { "anna.k", "a-1", "finland", AccountId.Administrator, "a-abcdefg", "a-abcdefghi", "b-abcdefgh", "a-abcdefg1" })
            Assert.True(!AccountId.IsOne(text) && SignInName.IsOne(text), text);
        foreach (var text in new[] { "", "anna k", ".anna", "anna..k", "Anna", "anna\n", new string('a', 81) })
            Assert.True(!AccountId.IsOne(text) && !SignInName.IsOne(text), text);
    }
}
