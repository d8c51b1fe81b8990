using Coordination.Contracts.Accounts;
using Coordination.Contracts.Security;
using Coordination.Gateway.Bodies;
using Coordination.Gateway.Http;
using Coordination.Gateway.Security;
using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Accounts;

public static class AccountsApi
{
    public static RouteGroupBuilder MapAccounts(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/accounts").In(Chapter.Accounts);
        accounts.MapGet("/", List).WithName("listAccounts").WithSummary("All accounts, by sign-in name unless another sort is said (administrators)").ProducesProblem(403).Sorts();
        accounts.MapPost("/{id}/name", Name).WithName("nameAccount").WithSummary("Change how a person is shown (one's own account, or administrators)").Writes(404);
        accounts.MapPost("/{id}/reset", Ask).AddEndpointFilter<Confirmed>().WithName("askReset").WithSummary("Ask for another password for a person of one's body who has lost it (coordinators)").Writes(404, 409).Notes(SecurityEventKind.ResetAsked);
        accounts.MapPost("/{id}/reset/agree", Agree).AddEndpointFilter<Confirmed>().WithName("agreeToReset").WithSummary("Agree to it as a second person (administrators)").Writes(404, 409).Notes(SecurityEventKind.ResetAgreed);
        accounts.MapPost("/{id}/reset/link", Link).AddEndpointFilter<Confirmed>().WithName("makeResetLink").WithSummary("Make the link with which the person chooses another password (whoever asked for it)").Writes(404, 409).Notes(SecurityEventKind.ResetLinkMade);
        accounts.MapDelete("/{id}/reset", Drop).WithName("dropReset").WithSummary("Object to it, or take it back").Writes(404).Notes(SecurityEventKind.ResetDropped);
        accounts.MapDelete("/{id}", Erase).AddEndpointFilter<Confirmed>().WithName("eraseAccount").WithSummary("End an account: its roles, its sign-in and all that is known of its person (administrators)").Writes(404, 409).Notes(SecurityEventKind.AccountErased);
        accounts.MapGet("/{id}/sessions", Sessions).WithName("listSessions").WithSummary("Devices on which a person is signed in (the person; the body's coordinator, those that act for the body; administrators)").ProducesProblem(404);
        accounts.MapDelete("/{id}/sessions/{session}", EndSession).WithName("endSession").WithSummary("End a session that one may see").Guarded(404).Notes(SecurityEventKind.SessionEnded);
        return api;
    }

    private static async Task<Results<Ok<Page<AccountSummary>>, Problem>> List(bool? resets, Sorted<AccountSort>? sort, [AsParameters] SearchQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IAccountViewsGrain>(0).List(query.AskedBy(http), resets == true, query.PagingFor(sort, http)) is { } page
            ? TypedResults.Ok(page)
            : Problems.Of(StatusCodes.Status403Forbidden, "account.administrator-only", "Only an administrator lists accounts.");

    private static Task<Results<Ok<OpenSessionList>, Problem>> Sessions(string id, HttpContext http, [FromServices] SessionLists lists) =>
        IsId(id) ? lists.List(http, id) : Task.FromResult<Results<Ok<OpenSessionList>, Problem>>(Problems.NotFound("account"));

    private static Task<Results<NoContent, Problem>> EndSession(string id, string session, HttpContext http, [FromServices] SessionLists lists) =>
        IsId(id) ? lists.End(http, id, session) : Task.FromResult<Results<NoContent, Problem>>(Problems.NotFound("account"));

    private static Task<DoneOrNot> Name(string id, NameAccount body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains, changesRights: false);

    private static Task<DoneOrNot> Erase(string id, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, new EraseAccount(), commands, grains, changesRights: true);

    private static Task<DoneOrNot> Ask(string id, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Step(id, new AskReset(http.ActingFor()), http, commands, grains);

    private static Task<DoneOrNot> Agree(string id, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Step(id, new AgreeToReset(), http, commands, grains);

    private static Task<DoneOrNot> Drop(string id, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Step(id, new DropReset(), http, commands, grains);

    /// <summary>A step towards another password, of which the body that asks for it is told, whoever takes it.</summary>
    private static async Task<DoneOrNot> Step(string id, AccountCommand command, HttpContext http, Commands commands, Grains grains)
    {
        if (!IsId(id)) return Problems.NotFound("account");
        return await commands.Change(
            null,
            async header =>
            {
                var outcome = await grains.Of<IAccountGrain>(id).Execute(header, command);
                if (outcome is Done done && done.Id != id) http.Concerns(id, done.Id);
                return outcome;
            },
            versionNeeded: false, changesRights: true); // Who asks next for the session is told of it, whichever silo answers.
    }

    private static async Task<Results<Ok<InvitationReceipt>, Problem>> Link(string id, [FromServices] Commands commands, [FromServices] Grains grains, [FromServices] TimeProvider time)
    {
        if (!IsId(id)) return Problems.NotFound("account");
        var secret = InvitationSecret.New();
        var link = new Invitation(secret.Hash, time.GetUtcNow() + Invitation.Lasts, "");
        Granted? made = null;
        var result = await commands.Change(
            null,
            async header =>
            {
                made = await grains.Of<IAccountGrain>(id).Reset(header, link);
                return made.Outcome;
            },
            versionNeeded: false);
        return made is { Outcome: Done done, IsInvited: true }
            ? TypedResults.Ok(new InvitationReceipt(done.Id, done.Version, done.Position, id, secret.LinkTo(id), link.Expires))
            : (Problem)result.Result;
    }

    private static Task<DoneOrNot> Change(string id, AccountCommand command, Commands commands, Grains grains, bool changesRights) =>
        IsId(id)
            ? commands.Change(null, header => grains.Of<IAccountGrain>(id).Execute(header, command), versionNeeded: false, changesRights)
            : Task.FromResult<DoneOrNot>(Problems.NotFound("account"));

    private static bool IsId(string id) => AccountId.IsOne(id) || id == AccountId.Administrator;
}
