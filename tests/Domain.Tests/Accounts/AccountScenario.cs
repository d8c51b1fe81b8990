using Coordination.Contracts.Accounts;

namespace Coordination.Domain.Tests.Accounts;

internal static class AccountScenario
{
    public const string Id = "a-7f3kq2xw";

    /// <summary>An account that any command may open.</summary>
    public static Given<AccountState?, AccountCommand> Given(params IEnumerable<Fact> facts) => In(new World(), facts);

    public static Given<AccountState?, AccountCommand> In(World world, params IEnumerable<Fact> facts) => new Given<AccountState?, AccountCommand>(
        null, world, (state, fact) => Fact.Evolve("", state, fact),
        (AccountState? state, AccountCommand command, in Situation situation) => AccountRules.Decide(Id, state, command, situation, new(ByName: true, MayOpen: true, IsTaken: true))).And(facts);

    /// <summary>The same, named by its id: nothing is opened.</summary>
    public static Given<AccountState?, AccountCommand> ById(params IEnumerable<Fact> facts) => new Given<AccountState?, AccountCommand>(
        null, new World(), (state, fact) => Fact.Evolve("", state, fact),
        (AccountState? state, AccountCommand command, in Situation situation) => AccountRules.Decide(Id, state, command, situation)).And(facts);

    /// <summary>The same, with a role of which nobody has taken up the account yet.</summary>
    public static Given<AccountState?, AccountCommand> NotTaken(params IEnumerable<Fact> facts) => new Given<AccountState?, AccountCommand>(
        null, new World(), (state, fact) => Fact.Evolve("", state, fact),
        (AccountState? state, AccountCommand command, in Situation situation) => AccountRules.Decide(Id, state, command, situation, new(ByName: true, MayOpen: true, IsTaken: false))).And(facts);

    /// <summary>The same, without an invitation.</summary>
    public static Given<AccountState?, AccountCommand> Uninvited(params IEnumerable<Fact> facts) => new Given<AccountState?, AccountCommand>(
        null, new World(), (state, fact) => Fact.Evolve("", state, fact),
        (AccountState? state, AccountCommand command, in Situation situation) => AccountRules.Decide(Id, state, command, situation, new(ByName: true, MayOpen: false, IsTaken: true))).And(facts);

    /// <summary>The same, of a person who can object to what is done to it.</summary>
    public static Given<AccountState?, AccountCommand> MayObject(params IEnumerable<Fact> facts) => new Given<AccountState?, AccountCommand>(
        null, new World(), (state, fact) => Fact.Evolve("", state, fact),
        (AccountState? state, AccountCommand command, in Situation situation) => AccountRules.Decide(Id, state, command, situation, new(IsTaken: true, MayObject: true))).And(facts);

    public static Actor Itself(string? body, Role role = Role.Observer) => new(Id, body, role);
}
