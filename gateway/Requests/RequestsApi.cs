using System.ComponentModel.DataAnnotations;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Requests;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Requests;

public static class RequestsApi
{
    public static RouteGroupBuilder MapRequests(this RouteGroupBuilder api)
    {
        var requests = api.MapGroup("/requests").In(Chapter.Requests);
        requests.MapGet("/", List).WithName("listRequests").WithSummary("Requests the caller may see, newest first unless another sort is said").Sorts();
        requests.MapPost("/", Open).WithName("openRequest").WithSummary("Ask bodies, or a region, for cooperation").Writes(409);
        requests.MapGet("/{id}", Get).WithName("getRequest").WithSummary("A request with its thread").Reads();
        requests.MapPost("/{id}/accept", Accept).WithName("acceptRequest").WithSummary("Take the request on; as requester, agree to the proposed date").Changes();
        requests.MapPost("/{id}/propose-date", Propose).WithName("proposeDate").WithSummary("Would take it on, by another date").Changes();
        requests.MapPost("/{id}/decline", Decline).WithName("declineRequest").WithSummary("Decline with a ground").Changes();
        requests.MapPost("/{id}/ask", Ask).WithName("askClarification").WithSummary("Ask the requester to make something clear").Changes();
        requests.MapPost("/{id}/clarify", Clarify).WithName("answerClarification").WithSummary("Answer the open clarification").Changes();
        requests.MapPost("/{id}/answer", Answer).WithName("answerRequest").WithSummary("Answer the request").Changes();
        requests.MapPost("/{id}/confirm", Confirm).WithName("confirmRequest").WithSummary("Confirm that the answer is what was needed").Changes();
        requests.MapPost("/{id}/withdraw", Withdraw).WithName("withdrawRequest").WithSummary("Withdraw the request").Changes();
        requests.MapPost("/{id}/{verb}", Unknown).ExcludeFromDescription();
        return api;
    }

    private static async Task<Page<RequestView>> List(
        Named<RequestBox>? box, Named<RequestStatus>? status, Named<RequestKind>? kind, Named<Pillar>? pillar, string? region, string? state, string? body,
        bool? open, bool? waiting, Sorted<RequestSort>? sort, [AsParameters] SearchQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IRequestViewsGrain>(0).List(
            query.AskedBy(http), new(box?.Value, status?.Value, kind?.Value, pillar?.Value, region, state, body, open, waiting), query.PagingFor(sort, http));

    private static async Task<Results<Ok<RequestDetail>, Problem>> Get(string id, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IRequestViewsGrain>(0).Get(http.Asker(seen), id) is { } request
            ? Versions.Tagged(http, request, request.Version)
            : Problems.NotFound("request");

    private static Task<MadeOrNot> Open(OpenRequest body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        // No words of the subject in the id: ids stand in addresses and logs.
        commands.Make("request", null, (id, header) => grains.Of<IRequestGrain>(id).Execute(header, body));

    private static Task<DoneOrNot> Accept(string id, AcceptRequest? body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body ?? new(), commands, grains);

    private static Task<DoneOrNot> Propose(string id, ProposeDate body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> Decline(string id, DeclineRequest body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> Ask(string id, AskClarification body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> Clarify(string id, AnswerClarification body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> Answer(string id, AnswerRequest body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body, commands, grains);

    private static Task<DoneOrNot> Confirm(string id, ConfirmRequest? body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body ?? new(), commands, grains);

    private static Task<DoneOrNot> Withdraw(string id, WithdrawRequest? body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        Change(id, body ?? new(), commands, grains);

    private static Task<DoneOrNot> Change(string id, RequestCommand command, Commands commands, Grains grains) =>
        commands.Change(new Subject("request", id), header => grains.Of<IRequestGrain>(id).Execute(header, command));

    private static readonly string[] Verbs = ["accept", "propose-date", "decline", "ask", "clarify", "answer", "confirm", "withdraw"];

    /// <summary>What is hidden has no verbs either: first whether the request is there, then whether the verb is.</summary>
    private static async Task<Problem> Unknown(string id, string verb, HttpContext http, [FromServices] Grains grains, [FromServices] Silos silos)
    {
        // A verb that there is comes here only when its body is said to be something else than JSON.
        if (Verbs.Contains(verb, StringComparer.OrdinalIgnoreCase)) return Problems.NotJson();
        var asker = http.Asker();
        return await silos.Ask(() => grains.Visibility.MaySee(asker, new("request", id)))
            ? Problems.Of(StatusCodes.Status404NotFound, "request.verb-unknown", $"Requests have no verb '{(PlainText.IsPlain(verb) ? verb : "?")}'. They have {string.Join(", ", Verbs[..^1])} and {Verbs[^1]}.")
            : Problems.NotFound("request");
    }
}
