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

/// <param name="Password">First password of an account that was made with it. Shown in this answer only; the same command sent again gives another, until it is changed.</param>
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
        commands.Make("body", body.Id, (id, header) => grains.Of<IBodyGrain>(id).Execute(header, body));

    private static Task<IResult> ChangeProfile(string id, ChangeProfile body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Change(new("body", id), header => grains.Of<IBodyGrain>(id).Execute(header, body));

    private static async Task<IResult> Grant(
        string id, GrantRole body, [FromServices] Commands commands, [FromServices] Grains grains, [FromServices] IPasswordHasher<SignInAccount> hasher)
    {
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
        (Done? Done, bool IsNew) given = default;
        var result = await commands.Change(
            new("body", id),
            async header =>
            {
                var outcome = await grains.Of<IBodyGrain>(id).Execute(header, body);
                if (outcome is Done done) given = (done, await GiveFirst(password, grains.Of<IAccountGrain>(body.Account), body.Account, header.Command, hasher));
                return outcome;
            },
            versionNeeded: false);
        return given is { Done: { } role } ? Results.Ok(new RoleReceipt(role.Id, role.Version, role.Position, given.IsNew ? password : null)) : result;
    }

    /// <summary>
    /// Makes the account's record, with a first password. A grant that is repeated, since its answer was lost and the password
    /// with it, gives another one: for as long as nobody has changed the password, and never after the role was taken again.
    /// </summary>
    /// <returns>Whether the password is the account's now.</returns>
    private static async Task<bool> GiveFirst(string password, IAccountGrain account, string name, string command, IPasswordHasher<SignInAccount> hasher)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var record = await account.Find();
            if (record is null ? await account.WhoIs() is null : record.FirstGivenBy != command) return false;
            record ??= new(name, name, null, "", 0, null, 0);
            // Whoever signed in with one that was given before is signed out.
            if (await account.Save(record with { PasswordHash = hasher.HashPassword(new(record), password), SecurityStamp = Guid.NewGuid().ToString("N"), FirstGivenBy = command })) return true;
            // Another write came first, such as one that counts a try to sign in.
        }

        return false;
    }

    private static Task<IResult> Revoke(string id, string account, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Change(new("body", id), header => grains.Of<IBodyGrain>(id).Execute(header, new RevokeRole(account)), versionNeeded: false);
}
