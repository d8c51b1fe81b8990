using System.ComponentModel.DataAnnotations;
using Coordination.Contracts.Subscriptions;
using Coordination.Gateway.Http;

namespace Coordination.Gateway.Subscriptions;

/// <param name="UpTo">Position of the newest item that was read.</param>
public sealed record ReadUpTo([property: Required, Range(0, long.MaxValue)] long? UpTo);

public static class InboxApi
{
    public static RouteGroupBuilder MapInbox(this RouteGroupBuilder api)
    {
        var subscriptions = api.MapGroup("/subscriptions").In(Chapter.Inbox);
        subscriptions.MapGet("/", List).WithName("listSubscriptions").WithSummary("What the caller's body subscribed to");
        subscriptions.MapPost("/", Subscribe).WithName("subscribe").WithSummary("Subscribe the caller's body").Writes(409);
        subscriptions.MapDelete("/{id}", Unsubscribe).WithName("unsubscribe").WithSummary("End a subscription").Writes(404);
        var inbox = api.MapGroup("/inbox").In(Chapter.Inbox);
        inbox.MapGet("/", Read).WithName("readInbox").WithSummary("What concerns the caller's body, newest first");
        inbox.MapPost("/read", MarkRead).WithName("markInboxRead").WithSummary("Mark the inbox as read up to a position").Writes();
        return api;
    }

    private static async Task<Page<SubscriptionView>> List(Sorted<SubscriptionSort>? sort, [AsParameters] SearchQuery query, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<ISubscriptionViewsGrain>(0).List(query.AskedBy(http), query.PagingFor(sort, http));

    private static Task<DoneOrNot> Subscribe(Subscribe body, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains) =>
        ForOwnBody(http, commands, grains, body);

    private static Task<DoneOrNot> Unsubscribe(string id, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains) =>
        ForOwnBody(http, commands, grains, new Unsubscribe(id));

    private static Task<DoneOrNot> MarkRead(ReadUpTo body, HttpContext http, [FromServices] Commands commands, [FromServices] Grains grains) =>
        ForOwnBody(http, commands, grains, new ReadInbox(body.UpTo ?? 0));

    private static async Task<Inbox> Read([AsParameters] ListQuery query, HttpContext http, [FromServices] Grains grains)
    {
        var asker = query.AskedBy(http);
        return asker.Body is { } body
            ? await grains.Of<IInboxGrain>(body).Read(asker, query.Paging)
            : new([], null, 0, 0);
    }

    private static async Task<DoneOrNot> ForOwnBody(HttpContext http, Commands commands, Grains grains, SubscriptionCommand command) =>
        http.ActingFor() is { } body
            ? await commands.Change(null, header => grains.Of<IInboxGrain>(body).Execute(header, command), versionNeeded: false)
            : Problems.Of(StatusCodes.Status403Forbidden, "subscription.own-body-only", "This account speaks for no body that could subscribe.");
}
