using Coordination.Contracts.Accounts;
using Orleans.Core.Internal;

namespace Coordination.Silo.Tests.Running;

/// <summary>Commands given through grains, as the gateway gives them.</summary>
internal static class Giving
{
    public static CommandHeader By(string account, string? key = null, string said = "this", long? seen = null) =>
        new(account, key ?? Guid.NewGuid().ToString("N"), said, seen);

    public static IBodyGrain Body(this RunningSilo silo, string id) => silo.Grains.GetGrain<IBodyGrain>(id);
    public static IPlanGrain Plan(this RunningSilo silo, string id) => silo.Grains.GetGrain<IPlanGrain>(id);
    public static IRequestGrain Request(this RunningSilo silo, string id) => silo.Grains.GetGrain<IRequestGrain>(id);
    public static IGroupGrain Group(this RunningSilo silo, string id) => silo.Grains.GetGrain<IGroupGrain>(id);
    public static IInboxGrain Inbox(this RunningSilo silo, string id) => silo.Grains.GetGrain<IInboxGrain>(id);

    public static Task<Done> Give(this IBodyGrain grain, string account, BodyCommand command) => grain.Execute(By(account), command).Done();
    public static Task<Done> Give(this IPlanGrain grain, string account, PlanCommand command) => grain.Execute(By(account), command).Done();
    public static Task<Done> Give(this IRequestGrain grain, string account, RequestCommand command) => grain.Execute(By(account), command).Done();
    public static Task<Done> Give(this IGroupGrain grain, string account, GroupCommand command) => grain.Execute(By(account), command).Done();
    public static Task<Done> Give(this IInboxGrain grain, string account, SubscriptionCommand command) => grain.Execute(By(account), command).Done();

    public static async Task<Done> Done(this Task<Outcome> outcome)
    {
        var answer = await outcome;
        if (answer is Refused refused) Assert.Fail($"It was refused: {refused.Refusal.Code}. {refused.Refusal.Detail}");
        return Assert.IsType<Done>(answer);
    }

    public static async Task<Refusal> Refused(this Task<Outcome> outcome) => Assert.IsType<Refused>(await outcome).Refusal;

    public static string NewId(string noun) => $"{noun}-{Guid.NewGuid():N}"[..(noun.Length + 13)];

    public static IAccountGrain Account(this RunningSilo silo, string id) => silo.Grains.GetGrain<IAccountGrain>(id);
    public static Task<Done> Give(this IAccountGrain grain, string account, AccountCommand command) => grain.Execute(By(account), command).Done();

    /// <summary>Gives an account a role. The tests say themselves which id an account has, and it signs in under it.</summary>
    /// <param name="by">The account that gives it; the body's own when null.</param>
    public static Task<Done> GiveRole(this RunningSilo silo, string body, string account, Role role, string? by = null) =>
        silo.TryGiveRole(body, account, role, by).Done();

    public static async Task<Outcome> TryGiveRole(this RunningSilo silo, string body, string account, Role role, string? by = null)
    {
        // The platform makes accounts that have a password. Whoever is invited by others takes the account up at once.
        var granted = await silo.Account(account).Grant(By(by ?? body), new(body, account, role), account, by == Actor.Platform.Account ? null : InvitationTo(body));
        if (granted.IsInvited) await silo.Account(account).SetPassword(0, "hash", null);
        return granted.Outcome;
    }

    public static Invitation InvitationTo(string body, string hash = "secret") => new(hash, DateTimeOffset.MaxValue, body);

    public static Task<Done> TakeRole(this RunningSilo silo, string body, string account, string? by = null) =>
        silo.Account(account).Give(by ?? body, new RevokeRole(body));

    /// <summary>Admits a body, and opens an account of the same id that coordinates it.</summary>
    public static async Task<string> Admit(
        this RunningSilo silo, string? id = null, BodyKind kind = BodyKind.State, string? state = null, string? region = null, string? zone = null, string? subregion = null)
    {
        id ??= NewId("body");
        await silo.Body(id).Give(Actor.AdministratorAccount, new AdmitBody(id, kind, id, State: state, Region: region, Subregion: subregion, TimeZone: zone));
        await silo.GiveRole(id, id, Role.Coordinator, Actor.Platform.Account);
        return id;
    }

    /// <summary>Drafts a plan with one measure <c>m</c> and one milestone <c>one</c>.</summary>
    public static async Task<string> Draft(this RunningSilo silo, string body, string? id = null, Mark mark = Mark.Community, string? lead = null, Pillar pillar = Pillar.Training)
    {
        id ??= NewId("plan");
        await silo.Plan(id).Give(body, new DraftPlan(id, body, "A plan", Mark: mark));
        await silo.Plan(id).Give(body, new AddMeasure("m", pillar, "A measure", lead));
        await silo.Plan(id).Give(body, new AddMilestone("m", "one", "A milestone", new(2031, 5, 1)));
        return id;
    }

    /// <summary>Place in its stream of what was written, which nobody outside is told.</summary>
    public static async Task<long> PlaceOf(this RunningSilo silo, Done done) => Assert.Single(await silo.Disk.Journal.ReadAt([done.Position], Waiting.Cancellation)).Version;

    /// <summary>Position of the last entry of a stream.</summary>
    public static async Task<long> EndOf(this RunningSilo silo, string stream)
    {
        var last = 0L;
        await foreach (var entry in silo.Disk.Journal.ReadStream(stream, 0, Waiting.Cancellation)) last = entry.Position;
        return last;
    }

    /// <summary>Ends the activation; the next call makes another.</summary>
    public static async Task Deactivate(this IAddressable grain)
    {
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
    }

    /// <summary>Writes facts to a stream behind its grain's back.</summary>
    public static async Task<AppendOutcome.Appended> WriteBehind(
        this RunningSilo silo, string stream, long expectedVersion, string? body, Audience audience, params Fact[] facts)
    {
        var entries = facts.Select(fact =>
        {
            var (name, form) = FactJson.NameOf(fact);
            var stored = FactJson.Write(fact);
            return new NewEntry(name, form, [stream], System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(audience, FactJson.Options), stored.Data, stored.Texts);
        });
        var append = new Append(stream, expectedVersion, null, null, TimeProvider.System.GetUtcNow(), body ?? Actor.Platform.Account, body, [.. entries]);
        return Assert.IsType<AppendOutcome.Appended>(await silo.Disk.Journal.Append(append, Waiting.Cancellation));
    }

    /// <summary>What lies in a body's inbox, by position.</summary>
    public static async Task<Dictionary<long, InboxReason>> InboxOf(this RunningSilo silo, string body)
    {
        await silo.Settle();
        var found = new Dictionary<long, InboxReason>();
        string? cursor = null;
        do
        {
            var page = await silo.Inbox(body).Read(new(body), new(cursor, 500));
            foreach (var item in page.Items) found.Add(item.Position, item.Reason);
            cursor = page.Next;
        }
        while (cursor is not null);
        return found;
    }
}
