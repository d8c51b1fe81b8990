using System.ComponentModel.DataAnnotations;
using Coordination.Contracts.Erasures;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;
using Coordination.Gateway.Security;
using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Feed;

public static class FeedApi
{
    private const int MostTopics = 50;

    public static RouteGroupBuilder MapFeed(this RouteGroupBuilder api)
    {
        api.MapGet("/feed", Get).In(Chapter.Feed).WithName("readFeed")
            .WithSummary("What the caller may see: after a position oldest first, else newest first");
        api.MapGet("/journal/entries", Entries).In(Chapter.Journal).WithName("listJournalEntries")
            .WithSummary("Every entry after a position: in full what the caller may see, of the rest what the chain is verified over").Notes(SecurityEventKind.Exported);
        api.MapPost("/journal/erasures", Erase).AddEndpointFilter<Confirmed>().In(Chapter.Journal).WithName("eraseTexts")
            .WithSummary("Erase, for good, what people wrote in entries of the journal; those who may see them are told why (administrators)").Writes().Notes(SecurityEventKind.TextsErased);
        api.MapGet("/journal/heads", Heads).In(Chapter.Journal).WithName("listJournalHeads")
            .WithSummary("Where the journal ended, signed by the platform each hour: keep some elsewhere, and a later change of what was before is found. Newest first");
        api.MapGet("/journal/verify", Verify).In(Chapter.Journal).WithName("verifyJournal")
            .WithSummary("Walks the hash chain from the first entry to the last; of a long journal at leisure, and anew after ten minutes").WithMetadata(new TakesItsTime());
        return api;
    }

    private static async Task<Results<Ok<FeedPage>, Problem>> Get(
        [Range(0, long.MaxValue)] long? after, [Range(0, long.MaxValue)] long? before, string[]? topic, [Range(1, 500)] int? limit,
        [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains)
    {
        if (topic?.Length > MostTopics)
            return Problems.Of(StatusCodes.Status400BadRequest, "feed.too-many-topics", $"At most {MostTopics} topics at once.");
        var topics = topic is null || topic.Contains("all") ? [] : topic;
        var asker = http.Asker(seen);
        var feed = grains.Of<IFeedGrain>(0);
        return TypedResults.Ok(after is { } position
            ? await feed.After(asker, position, topics, limit ?? 100)
            : await feed.Before(asker, before, topics, limit ?? 100));
    }

    private static Task<DoneOrNot> Erase(EraseTexts body, [FromServices] Commands commands, [FromServices] Grains grains) =>
        commands.Change(null, header => grains.Of<IErasureGrain>(0).Execute(header, body), versionNeeded: false);

    private static async Task<JournalPage> Entries(
        [Range(0, long.MaxValue)] long? after, [Range(1, 500)] int? limit, [Range(0, long.MaxValue)] long? seen, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IFeedGrain>(0).Entries(http.Asker(seen), after ?? 0, limit ?? 500);

    private static async Task<JournalHeads> Heads(
        [Range(0, long.MaxValue)] long? after, [Range(1, 500)] int? limit, HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IFeedGrain>(0).Heads(http.Asker(), after, limit ?? 100);

    private static async Task<JournalVerification> Verify(HttpContext http, [FromServices] Grains grains) =>
        await grains.Of<IFeedGrain>(0).Verify(http.Asker(), http.RequestAborted);
}
