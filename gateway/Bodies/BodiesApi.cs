using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Bodies;
using Coordination.Gateway.Http;
using Coordination.Gateway.Sessions;
using Microsoft.AspNetCore.Identity;

namespace Coordination.Gateway.Bodies;

public sealed record RegionList(RegionView[] Items);

/// <param name="Password">First password of an account that was made with it; shown this once.</param>
public sealed record RoleReceipt(string Id, long Version, long Position, string? Password);

public static class BodiesApi
{
    public static RouteGroupBuilder MapBodies(this RouteGroupBuilder api)
    {
        var bodies = api.MapGroup("/bodies").WithTags("Bodies");
        bodies.MapGet("/", List).WithName("listBodies").WithSummary("Bodies by kind, region, State or text").Produces<Page<BodyView>>();
        bodies.MapPost("/", Admit).WithName("admitBody").WithSummary("Admit a body (administrators)").Produces<Receipt>(201).Writes(409);
        bodies.MapGet("/{id}", Get).WithName("getBody").WithSummary("A body's page").Produces<BodyDetail>().Reads();
        bodies.MapPost("/{id}/profile", ChangeProfile).WithName("changeProfile").WithSummary("Change a body's profile").Produces<Receipt>().Changes();
        bodies.MapPost("/{id}/roles", Grant).WithName("grantRole").WithSummary("Give an account a role; makes the account when there is none").Produces<RoleReceipt>().Writes(404, 409);
        bodies.MapDelete("/{id}/roles/{account}", Revoke).WithName("revokeRole").WithSummary("Take an account's role").Produces<Receipt>().Writes(404, 409);
        api.MapGet("/regions", Regions).WithTags("Bodies").WithName("listRegions").WithSummary("Regions of M49 that bodies lie in").Produces<RegionList>();
        return api;
    }

    private static async Task<Page<BodyView>> List(
        Named<BodyKind>? kind, string? region, string? state, string? text, [AsParameters] ListQuery query, HttpContext http, [FromServices] IGrainFactory grains) =>
        await grains.GetGrain<IBodyViewsGrain>(0).List(query.AskedBy(http), new(kind?.Value, region, state, text), query.Paging);

    private static async Task<IResult> Get(string id, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] IGrainFactory grains) =>
        await grains.GetGrain<IBodyViewsGrain>(0).Get(http.Asker(seen), id) is { } body
            ? Results.Ok(body)
            : Problems.NotFound("body");

    private static async Task<RegionList> Regions(HttpContext http, [FromServices] IGrainFactory grains) =>
        new(await grains.GetGrain<IBodyViewsGrain>(0).Regions(http.Asker()));

    private static Task<IResult> Admit(AdmitBody body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Make("body", body.Id, body.Name, (id, header) => grains.Of<IBodyGrain>(id).Execute(header, body));

    private static Task<IResult> ChangeProfile(string id, ChangeProfile body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Change(new("body", id), header => grains.Of<IBodyGrain>(id).Execute(header, body));

    private static async Task<IResult> Grant(
        string id, GrantRole body, [FromServices] Commands commands, [FromServices] Grains grains, [FromServices] IPasswordHasher<SignInAccount> hasher)
    {
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
        var made = new AccountRecord(body.Account, body.Account, null, Guid.NewGuid().ToString("N"), 0, null, 0);
        (Done? Done, bool IsNew) given = default;
        var result = await commands.Change(
            new("body", id),
            async header =>
            {
                var outcome = await grains.Of<IBodyGrain>(id).Execute(header, body);
                if (outcome is not Done done) return outcome;
                var account = grains.Of<IAccountGrain>(body.Account);
                var record = await account.Find();
                // Not for a command that is repeated after the role was taken again.
                if (record is null && await account.WhoIs() is not null && await account.Save(made with { PasswordHash = hasher.HashPassword(new(made), password) })) record = made;
                // Also when an attempt before this one made it and the answer was lost.
                given = (done, record?.SecurityStamp == made.SecurityStamp);
                return outcome;
            },
            versionNeeded: false);
        return given is { Done: { } role } ? Results.Ok(new RoleReceipt(role.Id, role.Version, role.Position, given.IsNew ? password : null)) : result;
    }

    private static Task<IResult> Revoke(string id, string account, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Change(new("body", id), header => grains.Of<IBodyGrain>(id).Execute(header, new RevokeRole(account)), versionNeeded: false);
}
