using Coordination.Contracts.Accounts;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Accounts;

public static class AccountsApi
{
    public static RouteGroupBuilder MapAccounts(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/accounts").WithTags("Accounts");
        accounts.MapPost("/{id}/name", Name).WithName("nameAccount").WithSummary("Change how a person is shown (one's own account, or administrators)").Produces<Receipt>().Writes(404);
        accounts.MapDelete("/{id}", Erase).WithName("eraseAccount").WithSummary("End an account: its roles, its sign-in and all that is known of its person (administrators)").Produces<Receipt>().Writes(404, 409);
        return api;
    }

    private static Task<IResult> Name(string id, NameAccount body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains, changesRights: false);

    private static Task<IResult> Erase(string id, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, new EraseAccount(), commands, grains, changesRights: true);

    private static Task<IResult> Change(string id, AccountCommand command, Commands commands, Grains grains, bool changesRights) =>
        AccountId.IsOne(id) || id == AccountId.Administrator
            ? commands.Change(null, header => grains.Of<IAccountGrain>(id).Execute(header, command), versionNeeded: false, changesRights)
            : Task.FromResult(Problems.NotFound("account"));
}
