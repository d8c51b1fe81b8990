using System.ComponentModel.DataAnnotations;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;
using Coordination.Gateway.Security;
using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Bodies;

public sealed record RegionList(RegionView[] Items);

/// <param name="Items">States that have milestones.</param>
public sealed record RegionProgress(StateProgress[] Items);

/// <param name="Id">The body.</param>
/// <param name="Version">Version of the body, which a role does not change.</param>
/// <param name="Account">Id of the account that has the role now.</param>
public sealed record RoleReceipt(string Id, long Version, long Position, string Account);

/// <param name="Id">The body.</param>
/// <param name="Account">Id of the account that has the role now.</param>
/// <param name="Link">
/// Path of this site at which the person chooses a password, once. Told in this answer only; the same command sent again gives another, and
/// the one before opens nothing. Null when the account has been taken up: its person signs in as before.
/// </param>
/// <param name="Expires">When the link opens nothing any more.</param>
public sealed record InvitationReceipt(string Id, long Version, long Position, string Account, string? Link, DateTimeOffset? Expires);

public static class BodiesApi
{
    private const int MostIds = 100;

    public static RouteGroupBuilder MapBodies(this RouteGroupBuilder api)
    {
        var bodies = api.MapGroup("/bodies").In(Chapter.Bodies);
        bodies.MapGet("/", List).WithName("listBodies").WithSummary("Bodies by kind, region, State, words or ids, by name unless another sort is said; for administrators those without a coordinator").ProducesProblem(403).Sorts();
        bodies.MapPost("/", Admit).WithName("admitBody").WithSummary("Admit a body (administrators)").Writes(409).Notes(SecurityEventKind.BodyAdmitted);
        bodies.MapGet("/{id}", Get).WithName("getBody").WithSummary("A body's page").Reads();
        bodies.MapPost("/{id}/profile", ChangeProfile).WithName("changeProfile").WithSummary("Change a body's profile").Changes();
        bodies.MapPost("/{id}/roles", Grant).AddEndpointFilter<Confirmed>().WithName("grantRole").WithSummary("Give an account a role").Writes(404, 409).Notes(SecurityEventKind.RoleGiven);
        bodies.MapPost("/{id}/invitations", Invite).AddEndpointFilter<Confirmed>().WithName("invitePerson").WithSummary("Give a person a role, and a link with which to choose a password; makes the account when there is none").Writes(404, 409).Notes(SecurityEventKind.Invited);
        bodies.MapDelete("/{id}/roles/{account}", Revoke).WithName("revokeRole").WithSummary("Take an account's role").Writes(404, 409).Notes(SecurityEventKind.RoleTaken);
        api.MapGet("/regions", Regions).In(Chapter.Bodies).WithName("listRegions").WithSummary("Regions of M49 that bodies lie in, or all of them");
        api.MapGet("/regions/{region}/progress", Progress).In(Chapter.Bodies).WithName("readRegionProgress").WithSummary("How the milestones of the plans of a region's States stand, by pillar").Reads().Sorts();
        return api;
    }

    private static async Task<Results<Ok<Page<BodyView>>, Problem>> List(
        Named<BodyKind>? kind, string? region, string? state, bool? withoutCoordinator, bool? exercise, string[]? id, Sorted<BodySort>? sort, [AsParameters] SearchQuery query,
        HttpContext http, [FromServices] Grains grains)
    {
        if (id?.Length > MostIds) return Problems.Of(StatusCodes.Status400BadRequest, "body.too-many-ids", $"At most {MostIds} ids at once.");
        var filter = new BodyFilter(kind?.Value, region, state, withoutCoordinator, exercise, id is [] ? null : id);
        return await grains.Of<IBodyViewsGrain>(0).List(query.AskedBy(http), filter, query.PagingFor(sort, http)) is { } page
            ? TypedResults.Ok(page)
            : Problems.Of(StatusCodes.Status403Forbidden, "body.administrator-only", "Only an administrator lists bodies by their coordinators. Leave withoutCoordinator out.");
    }

    private static async Task<Results<Ok<BodyDetail>, Problem>> Get(string id, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IBodyViewsGrain>(0).Get(http.Asker(seen), id) is { } body
            ? TypedResults.Ok(body)
            : Problems.NotFound("body");

    private static async Task<Results<Ok<RegionProgress>, Problem>> Progress(string region, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IBodyViewsGrain>(0).Progress(http.Asker(seen), region, Languages.Of(http.Request)) is { } rows
            ? TypedResults.Ok(new RegionProgress(rows))
            : Problems.Of(StatusCodes.Status404NotFound, "region.not-found", "There is no such region. GET /api/v1/regions?all=true lists them.");

    private static async Task<RegionList> Regions(bool? all, HttpContext http, [FromServices] Grains grains) =>
        new(await grains.Of<IBodyViewsGrain>(0).Regions(http.Asker(), all is true));

    private static Task<MadeOrNot> Admit(AdmitBody body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Make("body", body.Id, (id, header) => grains.Of<IBodyGrain>(id).Execute(header, body));

    private static Task<DoneOrNot> ChangeProfile(string id, ChangeProfile body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Change(new("body", id), header => grains.Of<IBodyGrain>(id).Execute(header, body));

    private static async Task<Results<Ok<RoleReceipt>, Problem>> Grant(string id, GrantRole body, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains)
    {
        var (granted, result) = await Give(id, body, null, http, commands, grains);
        return granted is { Outcome: Done done, Account: { } account } ? TypedResults.Ok(new RoleReceipt(done.Id, done.Version, done.Position, account)) : (Problem)result.Result;
    }

    private static async Task<Results<Ok<InvitationReceipt>, Problem>> Invite(
        string id, GrantRole body, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains, [FromServices] TimeProvider time)
    {
        var secret = InvitationSecret.New();
        var invitation = new Invitation(secret.Hash, time.GetUtcNow() + Invitation.Lasts, id);
        var (granted, result) = await Give(id, body, invitation, http, commands, grains);
        return granted is { Outcome: Done done, Account: { } account }
            ? TypedResults.Ok(new InvitationReceipt(
                done.Id, done.Version, done.Position, account, granted.IsInvited ? secret.LinkTo(account) : null, granted.IsInvited ? invitation.Expires : null))
            : (Problem)result.Result;
    }

    private static async Task<(Granted?, DoneOrNot)> Give(string id, GrantRole body, Invitation? invitation, HttpContext http, Commands commands, Grains grains)
    {
        var role = body with { Body = id };
        Granted? granted = null;
        var result = await commands.Change(
            new("body", id),
            async header =>
            {
                granted = AccountId.IsOne(role.Account)
                    ? await grains.Of<IAccountGrain>(role.Account).Grant(header, role, null, invitation)
                    : await grains.Of<ISignInNameGrain>(role.Account).Grant(header, role, invitation);
                return granted.Outcome;
            },
            versionNeeded: false, changesRights: true);
        if (granted?.Account is { } account) http.Concerns(account);
        return (granted, result);
    }

    private static Task<DoneOrNot> Revoke(string id, string account, [FromServices] Commands commands, [FromServices] Grains grains)
    {
        var command = new RevokeRole(id);
        return AccountId.IsOne(account) ? Take(header => grains.Of<IAccountGrain>(account).Execute(header, command))
            : SignInName.IsOne(account) ? Take(header => grains.Of<ISignInNameGrain>(account).Revoke(header, command))
            : Task.FromResult<DoneOrNot>(Problems.NotFound("account"));

        Task<DoneOrNot> Take(Func<CommandHeader, Task<Outcome>> execute) => commands.Change(new("body", id), execute, versionNeeded: false, changesRights: true);
    }
}
