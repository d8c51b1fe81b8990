using Coordination.Contracts.Bodies;
using Coordination.Domain.Accounts;
using Coordination.Domain.Groups;

namespace Coordination.Domain.Bodies;

/// <summary>Who may take bodies in and change what they say of themselves.</summary>
public static class BodyRules
{
    /// <summary>The verbs of a body that is there. To record facts and agreements is no verb of the API: only the import gives these commands.</summary>
    public static readonly Verbs<BodyState> Verbs = new(("change-profile", MayChange), ("grant-role", MayGrantRole));

    /// <summary>Bodies and groups share one space of ids: a group under a body's id would be shown on the body's page.</summary>
    public static readonly Refusal IdOfAGroup =
        Refusal.Conflict("body.id-of-a-group", "A group has this id, and would be shown on the body's page. Choose another id.");

    public static readonly Refusal IdMisleads =
        Refusal.Conflict("body.id-misleads", "Another body or group has an id that is taken for this one. Choose an id that looks different.");

    /// <summary>All over the platform: a coordinator of one State does not call a body as one of another State is called.</summary>
    public static readonly Refusal NameTaken = Refusal.Taken(
        "#/name", "body.name-taken", "Another body has this name, or one that is taken for it. Add what tells them apart, such as the State.");

    /// <summary>Whoever signs in by a body's id or name is taken for the body.</summary>
    public static readonly Refusal IdOfAnAccount = Refusal.Conflict(
        "body.id-of-an-account", "Somebody who is not of this body signs in with this id, or with a name that is taken for it. Choose another id, or have that account erased first.");

    public static readonly Refusal NameOfAnAccount = Refusal.Taken(
        "#/name", "body.name-of-an-account",
        "Somebody who is not of this body signs in with this name, or with one that is taken for it. Add what tells them apart, such as the State, or have that account erased first.");

    public static Decision Decide(string id, BodyState? state, BodyCommand command, in Situation situation) => command switch
    {
        AdmitBody it => MayAdmit((id, state), situation) ?? Admit(id, it, situation),
        _ when state is null => NotFound,
        ChangeProfile it => MayChange(state, situation) ?? Change(state, it),
        RecordFact it => MayRecord(state, situation) ?? Record(state, it),
        RecordAgreement it => MayRecord(state, situation) ?? Record(state, it),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
    };

    /// <param name="at">The id, and the body that has it already; null when none has.</param>
    public static Decision? MayAdmit((string Id, BodyState? Body) at, in Situation situation) =>
        !situation.Actor.Administers ? AdmittedByAdministrators
        : at.Id == Actor.AdministratorAccount || at.Id.StartsWith(GroupRules.OwnIds, StringComparison.Ordinal) ? IdReserved
        : at.Body is not null ? AlreadyAdmitted : Decision.Undecided;

    private static Decision? MayChange(BodyState body, in Situation situation) => situation.Actor.Coordinates(body.Id) ? Decision.Undecided : CoordinatorOnly;

    private static Decision? MayGrantRole(BodyState body, in Situation situation) => AccountRules.MayGrant(body.Id, situation);

    public static Decision? MayRecord(BodyState body, in Situation situation) => situation.Actor.Administers ? Decision.Undecided : RecordedByAdministrators;

    private static Decision Admit(string id, AdmitBody command, in Situation situation)
    {
        if ((Texts.Name("#/name", command.Name) ?? Texts.Sign("#/acronym", command.Acronym)) is { } unnamed) return unnamed;
        if (command.TimeZone is { } zone && !TimeZones.IsOne(zone))
            return UnknownZone(zone);
        var regions = (command.Region, command.Subregion, command.IntermediateRegion);
        if ((Unknown("#/region", regions.Region) ?? Unknown("#/subregion", regions.Subregion) ?? Unknown("#/intermediateRegion", regions.IntermediateRegion)) is { } unknown)
            return unknown;
        var (actor, _, directory, _) = situation;
        // The import takes bodies in one after the other, and a group under the id of the body that it is the page of.
        if (!actor.IsPlatform)
        {
            if (directory.HasGroup(id))
                return IdOfAGroup;
            if (command.Parent is { } parent && directory.Body(parent) is null)
                return UnknownBody("#/parent", parent);
            var stranger = Array.FindIndex(command.Members ?? [], member => member is null || directory.Body(member) is null);
            if (stranger >= 0)
                return UnknownBody($"#/members/{stranger}", command.Members![stranger]);
        }

        var terms = command.Chairs ?? [];
        var vacant = Array.FindIndex(terms, term => term?.Body is null || (!actor.IsPlatform && directory.Body(term.Body) is null));
        if (vacant >= 0)
            return UnknownBody($"#/chairs/{vacant}/body", terms[vacant]?.Body);
        var wrong = Array.FindIndex(terms, term => !ChairTerms.IsDate(term.From) || !ChairTerms.IsDate(term.To) || !ChairTerms.IsDate(term.AsAt));
        if (wrong >= 0)
            return Refusal.Invalid($"#/chairs/{wrong}", "date.does-not-exist", "A term's dates are years, months or days that exist, such as 2011 or 2011-06-30.");
        var far = terms.Select((term, index) => Days.OutOfBounds($"#/chairs/{index}", term.From) ?? Days.OutOfBounds($"#/chairs/{index}", term.To) ?? Days.OutOfBounds($"#/chairs/{index}", term.AsAt));
        if (far.FirstOrDefault(refusal => refusal is not null) is { } outOfBounds) return outOfBounds;
        return new BodyAdmitted(
            id, command.Kind!.Value, command.Name.Trim(), command.Acronym, command.State, command.M49, Named(regions.Region),
            Named(regions.Subregion), Named(regions.IntermediateRegion), command.Parent, command.ParentRelation, command.TimeZone, command.Note, command.Members ?? [],
            [.. terms], command.Source, command.Exercise, command.Category);
    }

    private static Decision Change(BodyState body, ChangeProfile command)
    {
        if (((command.Name is { } name ? Texts.Name("#/name", name) : null) ?? Texts.Sign("#/acronym", command.Acronym)) is { } unnamed) return unnamed;
        if (command.TimeZone is { } zone && !TimeZones.IsOne(zone))
            return UnknownZone(zone);
        var points = command.FocalPoints ?? [];
        for (var index = 0; index < points.Length; index++)
        {
            if (!Holds(points[index]?.Subject, 100))
                return Refusal.Invalid($"#/focalPoints/{index}/subject", "text.length", "Say what the focal point answers for, in 1 to 100 characters.");
            if (!Holds(points[index]?.Office, 200))
                return Refusal.Invalid($"#/focalPoints/{index}/office", "text.length", "Name the office to turn to, in 1 to 200 characters.");
            if ((Texts.OneLine($"#/focalPoints/{index}/subject", points[index].Subject) ?? Texts.OneLine($"#/focalPoints/{index}/office", points[index].Office)) is { } broken)
                return broken;
        }

        var change = new BodyProfileChanged(command.Name?.Trim(), command.Acronym, command.LegalBasis, command.TimeZone, command.FocalPoints is null ? null : [.. points], command.IdleMinutes);
        // What was written before is not known here: texts that are given again are taken for others.
        return Fact.Evolve(body.Id, body, change) == body && command is { LegalBasis: null, FocalPoints: null } ? Decision.Nothing : change;
    }

    private static bool Holds(string? text, int most) => !Texts.IsEmpty(text) && text.Length <= most;

    private static Decision Record(BodyState body, RecordFact command) =>
        body.Recorded.Contains("fact/" + command.Fact.Id) ? Decision.Nothing : new BodyFactRecorded(command.Fact);

    private static Decision Record(BodyState body, RecordAgreement command) =>
        body.Recorded.Contains("agreement/" + command.Agreement.Id) ? Decision.Nothing : new BodyAgreementRecorded(command.Agreement);

    private static Refusal UnknownBody(string pointer, string? id) =>
        Refusal.Invalid(pointer, "body.not-found", $"There is no body '{id}'. Look its id up in /api/v1/bodies.");

    private static string? Named(string? region) => region is null ? null : Regions.NameOf(region);

    private static Refusal? Unknown(string pointer, string? region) => region is null || Regions.NameOf(region) is not null
        ? null
        : Refusal.Invalid(pointer, "region.unknown", $"'{region}' is no region of M49. Give its name or three-digit code.");

    private static Refusal UnknownZone(string zone) =>
        Refusal.Invalid("#/timeZone", "body.time-zone-unknown", $"'{zone}' is no IANA time zone. Give a name such as Europe/Vienna.");

    private static readonly Decision NotFound = Refusal.NotFound("body.not-found", "There is no such body. Look its id up in /api/v1/bodies.");
    private static readonly Decision AdmittedByAdministrators = Refusal.Forbidden("body.administrator-only", "Only an administrator admits bodies.");
    private static readonly Decision RecordedByAdministrators = Refusal.Forbidden("body.administrator-only", "Only an administrator records what a document reports.");
    private static readonly Decision CoordinatorOnly = Refusal.Forbidden("body.coordinator-only", "Only the body's own coordinator changes its profile.");
    private static readonly Decision IdReserved = Refusal.Conflict("body.id-reserved", "No body can have this id. Choose another one.");
    private static readonly Decision AlreadyAdmitted = Refusal.Conflict("body.already-admitted", "A body with this id is admitted already. Choose another id.");
}
