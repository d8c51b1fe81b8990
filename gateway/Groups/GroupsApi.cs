using System.ComponentModel.DataAnnotations;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Groups;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Groups;

public static class GroupsApi
{
    public static RouteGroupBuilder MapGroups(this RouteGroupBuilder api)
    {
        var groups = api.MapGroup("/groups").In(Chapter.Groups);
        groups.MapGet("/", List).WithName("listGroups").WithSummary("Groups, first those that concern the caller's body unless another sort is said").Sorts();
        groups.MapPost("/", Form).WithName("formGroup").WithSummary("Form a group").Writes(409);
        groups.MapGet("/{id}", Get).WithName("getGroup").WithSummary("A group: members, chair, who is here").Reads();
        groups.MapGet("/{id}/updates", Updates).WithName("listUpdates").WithSummary("What was shared, newest first").Reads();
        groups.MapPost("/{id}/updates", Share).WithName("shareUpdate").WithSummary("Share an update, or reply to one").Writes(404);
        groups.MapPost("/{id}/members", InviteMember).WithName("inviteMember").WithSummary("Invite a body (the chair; while nobody is in it, administrators). It is a member once it has accepted").Writes(404);
        groups.MapPost("/{id}/join", Join).WithName("joinGroup").WithSummary("Accept the invitation of one's own body").Writes(404);
        groups.MapDelete("/{id}/members/{body}", RemoveMember).WithName("removeMember").WithSummary("A body leaves, declines its invitation, or is taken out by the chair").Writes(404, 409);
        groups.MapPost("/{id}/chairs", Appoint).WithName("appointChair").WithSummary("Hand the chair to a member for a term").Writes(404);
        return api;
    }

    private static async Task<Page<GroupView>> List(Sorted<GroupSort>? sort, [AsParameters] SearchQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IGroupViewsGrain>(0).List(query.AskedBy(http), query.PagingFor(sort, http));

    private static async Task<Results<Ok<GroupView>, Problem>> Get(string id, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IGroupViewsGrain>(0).Get(http.Asker(seen), id) is { } group ? TypedResults.Ok(group) : Problems.NotFound("group");

    private static async Task<Results<Ok<Page<UpdateView>>, Problem>> Updates(string id, [AsParameters] ListQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IGroupViewsGrain>(0).Updates(query.AskedBy(http), id, query.Paging) is { } updates ? TypedResults.Ok(updates) : Problems.NotFound("group");

    private static Task<MadeOrNot> Form(FormGroup body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Make("group", body.Id, (id, header) => grains.Of<IGroupGrain>(id).Execute(header, body));

    private static Task<DoneOrNot> Share(string id, ShareUpdate body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> InviteMember(string id, InviteMember body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> Join(string id, [FromServices] Commands commands, [FromServices] Grains grains) => Change(id, new JoinGroup(), commands, grains);

    private static Task<DoneOrNot> RemoveMember(string id, string body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, new RemoveMember(body), commands, grains);

    private static Task<DoneOrNot> Appoint(string id, AppointChair body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    /// <summary>Members share side by side: what one adds never undoes what another did, so no version is asked for.</summary>
    private static Task<DoneOrNot> Change(string id, GroupCommand command, Commands commands, Grains grains) =>
        commands.Change(new Subject("group", id), header => grains.Of<IGroupGrain>(id).Execute(header, command), versionNeeded: false);
}
