using System.Globalization;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Domain.Accounts;
using Coordination.Domain.Bodies;
using Coordination.Domain.Erasures;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;

namespace Coordination.Host.Views;

/// <summary>
/// Says what happened, for those who may know: the only place where a fact becomes something that leaves the silo.
/// </summary>
public sealed class FeedEntryFormatter(World world)
{
    private const int Excerpt = 200;

    /// <summary>What to tell of an entry, or null when there is nothing to tell (a subscription, a read mark).</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="fact">Its fact. Texts that stand beside earlier entries are looked up in the views, as far as these remember them, unless they are in it.</param>
    public FeedEntry? Tell(Entry entry, Fact fact)
    {
        var (kind, id) = EntryFacts.Split(entry.Stream);
        if (kind == "inbox") return null;
        // A role is told of the body that it is in. Of the account itself nothing is told.
        var account = id;
        if (kind == "account")
        {
            if (fact is not AccountRoleFact role) return null;
            (kind, id) = ("body", role.Body);
        }

        var data = new Dictionary<string, string>(12, StringComparer.Ordinal);
        if (entry.Body is { } body)
        {
            data["body"] = body;
            data["bodyName"] = world.NameOf(body);
        }

        var who = entry.Body is { } acting ? world.NameOf(acting) : "The platform";
        var (summary, exercise) = kind switch
        {
            "body" => TellBody(id, account, fact, data),
            "plan" => TellPlan(id, who, fact, data),
            "request" => TellRequest(id, who, fact, data),
            "journal" => TellErasure(fact, data),
            _ => TellGroup(id, who, fact, data),
        };
        return new()
        {
            Position = entry.Position,
            At = entry.At,
            Type = entry.Fact,
            Body = entry.Body,
            Actor = entry.Actor,
            Topics = entry.Topics,
            Mark = AudienceOf(entry).Mark,
            Subject = new(kind, id),
            Summary = summary,
            Data = data,
            Exercise = exercise,
            Version = entry.Position,
            ActorName = world.PersonOf(entry.Actor),
        };
    }

    public static Audience AudienceOf(Entry entry) =>
        System.Text.Json.JsonSerializer.Deserialize<Audience>(entry.Audience, FactJson.Options)
        ?? throw new System.Text.Json.JsonException($"Entry {entry.Position} has no audience.");

    private (string, bool) TellBody(string id, string account, Fact fact, Dictionary<string, string> data)
    {
        var body = world.BodyItem(id);
        var name = body?.Info.Name ?? id;
        data["title"] = name;
        if (body?.Info.State is { } state) data["state"] = state;
        var summary = fact switch
        {
            BodyAdmitted => $"{name} was admitted",
            BodyProfileChanged => $"{name} changed its profile",
            AccountRoleTaken it => $"{Person(account, data)} is now {Role(it.Role, data)} of {name}{Outside(it.ByAdministrator)}",
            AccountRoleLeft it => $"{Person(account, data)} no longer has a role in {name}{Outside(it.ByAdministrator)}",
            AccountResetAsked => $"Another password is asked for {Person(account, data)}, of {name}",
            AccountResetAgreed => $"A second person agrees to another password for {Person(account, data)}, of {name}",
            AccountResetDropped => $"No other password is asked for {Person(account, data)}, of {name}, any more",
            BodyFactRecorded it => $"Reported of {name}: {Put(data, "text", it.Reported.Summary)}",
            BodyAgreementRecorded it => $"{name}: {Put(data, "text", it.Agreement.Name)}",
            _ => name,
        };
        return (summary, body?.Info.Exercise == true);
    }

    private string Person(string account, Dictionary<string, string> data)
    {
        data["account"] = account;
        return world.PersonOf(account) is { } person ? Put(data, "accountName", person) : "A former member";
    }

    private static string Role(Role role, Dictionary<string, string> data) => Put(data, "role", Name(role));

    private static string Outside(bool? byAdministrator) => byAdministrator == true ? ", by an administrator" : "";

    private (string, bool) TellPlan(string id, string who, Fact fact, Dictionary<string, string> data)
    {
        var plan = world.Plan(id);
        var title = plan?.Title ?? id;
        data["plan"] = id;
        data["planTitle"] = title;
        if (plan?.State.State is { } state) data["state"] = state;
        var summary = fact switch
        {
            PlanDrafted => $"{who} opened the plan “{title}”",
            PlanStatusChanged it => $"“{title}” is now {Put(data, "status", Name(it.Status)).Replace('-', ' ')}",
            MeasureAdded it => $"New measure in “{title}”: {Measure(plan, it.Id, data)}",
            MilestoneAdded it => $"New milestone in “{title}”: {Milestone(plan, it.Id, data)}, due {Put(data, "date", Day(it.Due))}",
            MilestoneRescheduled it => $"{Milestone(plan, it.Milestone, data)} moved to {Put(data, "date", Day(it.Due))}: {Put(data, "reason", Cut(it.Reason))}",
            ReportDrafted it => $"{who} drafted a report on {Report(plan, it.Report, data)}",
            ReportSubmitted it => $"{who} reported {Report(plan, it.Report, data)}: {State(it.Report)}, waiting for approval",
            ReportReturned it => $"{who} returned the report on {Report(plan, it.Report, data)}: {Put(data, "reason", Cut(it.Reason))}",
            ReportApproved it => $"{who} approved: {Report(plan, it.Report, data)} is {State(it.Report)}",
            MilestoneReported it => $"{who} reported {Report(plan, it.Report, data)}: {State(it.Report)}",
            _ => title,
        };
        return (summary, plan?.State.Exercise == true);
    }

    private (string, bool) TellRequest(string id, string who, Fact fact, Dictionary<string, string> data)
    {
        var request = world.Request(id);
        var subject = request?.Opened.Subject ?? id;
        data["request"] = id;
        data["subject"] = subject;
        if (request is not null)
        {
            data["to"] = request.Opened.Region ?? string.Join(", ", request.Opened.To.Select(world.NameOf));
            data["kind"] = Name(request.Opened.Kind);
        }

        var summary = fact switch
        {
            RequestOpened => $"{who} asks {data.GetValueOrDefault("to")}: {subject}",
            RequestAccepted it => $"{world.NameOf(it.By)} takes on “{subject}”",
            RequestDateProposed it => $"{who} proposes {Put(data, "date", Day(it.Date))} for “{subject}”",
            RequestDeclined it => $"{who} declined “{subject}”: {Put(data, "ground", Name(it.Ground)).Replace('-', ' ')}",
            ClarificationAsked it => $"{who} asks about “{subject}”: {Put(data, "text", Cut(it.Text))}",
            ClarificationAnswered it => $"{who} made “{subject}” clear: {Put(data, "text", Cut(it.Text))}",
            RequestAnswered it => $"{who} answered “{subject}”: {Put(data, "text", Cut(it.Text))}",
            RequestConfirmed => $"{who} confirmed the answer to “{subject}”",
            RequestWithdrawn => $"{who} withdrew “{subject}”",
            RequestExpired => $"“{subject}” expired",
            _ => subject,
        };
        return (summary, request?.Opened.Exercise == true);
    }

    private (string, bool) TellGroup(string id, string who, Fact fact, Dictionary<string, string> data)
    {
        var group = world.Group(id);
        var name = group?.Formed.Name ?? id;
        data["group"] = id;
        data["groupName"] = name;
        var summary = fact switch
        {
            GroupFormed => $"The group {name} was formed",
            GroupMemberInvited it => $"{who} invites {Member(it.Body, data)} to {name}",
            GroupInvitationDeclined it => $"{Member(it.Body, data)} declined the invitation to {name}",
            GroupInvitationWithdrawn it => $"The invitation of {Member(it.Body, data)} to {name} was withdrawn",
            GroupMemberAdded it => $"{Member(it.Body, data)} joined {name}",
            GroupMemberRemoved it => $"{Member(it.Body, data)} left {name}",
            GroupChairAppointed it => $"{Member(it.Term.Body, data)} takes the chair of {name}",
            GroupUpdateShared it => $"{who} in {name}: {Put(data, "text", Cut(it.Text))}",
            _ => name,
        };
        if (fact is GroupUpdateShared shared) data["update"] = shared.Id;
        return (summary, group?.State.Exercise == true);
    }

    private static (string, bool) TellErasure(Fact fact, Dictionary<string, string> data)
    {
        var erased = (TextsErased)fact;
        data["count"] = erased.Positions.Length.ToString(CultureInfo.InvariantCulture);
        data["positions"] = string.Join(' ', erased.Positions);
        return ($"Texts were erased: {Put(data, "reason", Cut(erased.Reason))}", false);
    }

    private string Member(string body, Dictionary<string, string> data)
    {
        data["member"] = body;
        return Put(data, "memberName", world.NameOf(body));
    }

    private static string Measure(PlanItem? plan, string id, Dictionary<string, string> data)
    {
        data["measure"] = id;
        if (plan?.State.Measures.GetValueOrDefault(id) is not { } measure) return id;
        data["pillar"] = Name(measure.Pillar);
        return plan.TitleOf(id) is { } title ? Put(data, "title", title) : id;
    }

    private static string Milestone(PlanItem? plan, string id, Dictionary<string, string> data)
    {
        data["milestone"] = id;
        if (plan?.State.Milestones.GetValueOrDefault(id) is not { } milestone) return id;
        Measure(plan, milestone.Measure, data);
        data.Remove("title");
        return plan.MilestoneTitles.TryGetValue(id, out var title) ? Put(data, "milestoneTitle", title) : id;
    }

    private static string Report(PlanItem? plan, Report report, Dictionary<string, string> data)
    {
        data["report"] = report.Id;
        data["status"] = Name(report.Status);
        data["progress"] = report.Progress.ToString(CultureInfo.InvariantCulture);
        if ((report.Note is null ? plan?.Whole(report) : report)?.Note is { } note) data["text"] = Cut(note);
        return Milestone(plan, report.Milestone, data);
    }

    private static string State(Report report) => $"{Name(report.Status).Replace('-', ' ')}, {report.Progress} %";

    private static string Put(Dictionary<string, string> data, string key, string value) => data[key] = value;

    private static string Day(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    private static string Cut(string text) => text.Length <= Excerpt ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Excerpt - 1]) ? Excerpt - 1 : Excerpt), "…");

    /// <summary>The name of an enumeration's member as the API writes it.</summary>
    public static string Name<T>(T value) where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
