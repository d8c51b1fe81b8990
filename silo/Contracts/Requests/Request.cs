namespace Coordination.Contracts.Requests;

[GenerateSerializer, Alias("RequestKind")]
public enum RequestKind
{
    Information,
    GoodPractice,
    TechnicalAssistance,
    Training,
    JointActivity,
    ReturnAndReferral,
    /// <summary>Tracks that a formal request exists; the formal channel stays what it is.</summary>
    LegalAssistanceTracking,
    Funding,
}

[GenerateSerializer, Alias("Urgency")]
public enum Urgency { Routine, Urgent, Immediate }

[GenerateSerializer, Alias("RequestStatus")]
public enum RequestStatus { Open, Accepted, Answered, Confirmed, Declined, Withdrawn, Expired }

/// <summary>Why a request is declined.</summary>
[GenerateSerializer, Alias("DeclineGround")]
public enum DeclineGround { NotCompetent, NoCapacity, LegalObstacle, InsufficientInformation, Other }

[GenerateSerializer, Immutable, Alias("RequestCommand")]
public abstract record RequestCommand;

/// <summary>Asks other bodies for cooperation. The body's coordinator may.</summary>
/// <param name="To">Bodies addressed; empty when it is an open call.</param>
/// <param name="Region">For an open call: M49 name or code of the region whose bodies may answer.</param>
/// <param name="Agreement">Id of the agreement it rests on.</param>
/// <param name="Measure">The measure it serves, as <c>plan/measure</c>.</param>
[GenerateSerializer, Immutable, Alias("OpenRequest")]
public sealed record OpenRequest(
    [property: MaxLength(50)] string[]? To,
    [property: StringLength(100)] string? Region,
    [property: Required] RequestKind? Kind,
    [property: Required, StringLength(300, MinimumLength = 1)] string Subject,
    [property: StringLength(8000)] string? Text = null,
    Pillar? Pillar = null,
    Mark? Mark = null,
    Urgency? Urgency = null,
    DateOnly? NeededBy = null,
    [property: StringLength(80)] string? Agreement = null,
    [property: StringLength(170)] string? Measure = null) : RequestCommand;

/// <summary>Takes the request on; given by the requester, agrees to the date that was proposed.</summary>
[GenerateSerializer, Immutable, Alias("AcceptRequest")]
public sealed record AcceptRequest([property: StringLength(4000)] string? Text = null) : RequestCommand;

/// <summary>Would take it on, by another date.</summary>
[GenerateSerializer, Immutable, Alias("ProposeDate")]
public sealed record ProposeDate([property: Required] DateOnly? Date, [property: StringLength(4000)] string? Text = null) : RequestCommand;

[GenerateSerializer, Immutable, Alias("DeclineRequest")]
public sealed record DeclineRequest([property: Required] DeclineGround? Ground, [property: StringLength(4000)] string? Text = null) : RequestCommand;

/// <summary>Asks the requester to make something clear.</summary>
[GenerateSerializer, Immutable, Alias("AskClarification")]
public sealed record AskClarification([property: Required, StringLength(4000, MinimumLength = 1)] string Text) : RequestCommand;

/// <summary>Answers the open clarification. The requester may.</summary>
[GenerateSerializer, Immutable, Alias("AnswerClarification")]
public sealed record AnswerClarification([property: Required, StringLength(4000, MinimumLength = 1)] string Text) : RequestCommand;

[GenerateSerializer, Immutable, Alias("AnswerRequest")]
public sealed record AnswerRequest([property: Required, StringLength(8000, MinimumLength = 1)] string Text) : RequestCommand;

/// <summary>Says that the answer is what was needed. The requester may.</summary>
[GenerateSerializer, Immutable, Alias("ConfirmRequest")]
public sealed record ConfirmRequest([property: StringLength(4000)] string? Text = null) : RequestCommand;

[GenerateSerializer, Immutable, Alias("WithdrawRequest")]
public sealed record WithdrawRequest([property: StringLength(4000)] string? Text = null) : RequestCommand;

/// <summary>A request in a list.</summary>
[GenerateSerializer, Immutable, Alias("RequestView")]
public record RequestView
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required string From { get; init; }
    [Id(2)] public required string FromName { get; init; }
    [Id(3)] public required string[] To { get; init; }
    [Id(4)] public required string[] ToNames { get; init; }
    /// <summary>Name of the region of an open call.</summary>
    [Id(5)] public string? Region { get; init; }
    [Id(6)] public required RequestKind Kind { get; init; }
    [Id(7)] public required string Subject { get; init; }
    [Id(8)] public Pillar? Pillar { get; init; }
    [Id(9)] public required Mark Mark { get; init; }
    [Id(10)] public required Urgency Urgency { get; init; }
    [Id(11)] public required RequestStatus Status { get; init; }
    [Id(12)] public DateOnly? NeededBy { get; init; }
    /// <summary>The body that took it on.</summary>
    [Id(13)] public string? Holder { get; init; }
    [Id(14)] public string? HolderName { get; init; }
    /// <summary>A clarification waits for the requester.</summary>
    [Id(15)] public required bool Clarifying { get; init; }
    [Id(16)] public DateOnly? ProposedDate { get; init; }
    /// <summary>Accepted, not yet answered, and past the date it is needed by in the requester's time zone.</summary>
    [Id(17)] public required bool Late { get; init; }
    [Id(18)] public required bool Exercise { get; init; }
    /// <summary>Position of its last change, for <c>If-Match</c>.</summary>
    [Id(19)] public required long Version { get; init; }
    [Id(20)] public required DateTimeOffset OpenedAt { get; init; }
    [Id(21)] public required DateTimeOffset ChangedAt { get; init; }
    /// <summary>What the asker may do now, by the names in the path: <c>accept</c>, <c>decline</c> …</summary>
    [Id(22)] public required string[] Verbs { get; init; }
}

[GenerateSerializer, Immutable, Alias("RequestDetail")]
public sealed record RequestDetail : RequestView
{
    [Id(0)] public string? Text { get; init; }
    [Id(1)] public string? Agreement { get; init; }
    [Id(2)] public string? Measure { get; init; }
    [Id(3)] public required ThreadEntry[] Thread { get; init; }
    /// <summary>When it expires unless someone takes it on.</summary>
    [Id(4)] public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>One turn in a request's thread.</summary>
/// <param name="Verb">opened, accepted, proposed-date, declined, asked, clarified, answered, confirmed, withdrawn, expired.</param>
/// <param name="ActorName">How the person is shown; null when the account was erased, and for the platform.</param>
[GenerateSerializer, Immutable, Alias("ThreadEntry")]
public sealed record ThreadEntry(
    string Verb, string? Body, string? BodyName, string Actor, string? ActorName, DateTimeOffset At, string? Text, DeclineGround? Ground, DateOnly? Date);

/// <summary>Which side of requests: in, out, or others that may be seen.</summary>
[GenerateSerializer, Alias("RequestBox")]
public enum RequestBox
{
    /// <summary>Addressed to the asker's body, by name or by an open call to its region.</summary>
    In,
    Out,
    /// <summary>Seen, but neither from nor to the asker's body.</summary>
    Watching,
}

/// <summary>What requests can be sorted by: when they were opened or last changed, when they are needed by, how urgent they are, or their subjects.</summary>
public enum RequestSort { Opened, Changed, NeededBy, Urgency, Subject }

/// <param name="Waiting">Only those that wait for the asker's body to take them on, make something clear, answer or confirm (true), or only others (false).</param>
[GenerateSerializer, Immutable, Alias("RequestFilter")]
public sealed record RequestFilter(
    RequestBox? Box = null, RequestStatus? Status = null, RequestKind? Kind = null, Pillar? Pillar = null, string? Region = null,
    string? State = null, string? Body = null, bool? Open = null, bool? Waiting = null);

/// <summary>Decides for one request, by its id.</summary>
[Alias("IRequestGrain")]
public interface IRequestGrain : IGrainWithStringKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, RequestCommand command);
}

[Alias("IRequestViewsGrain")]
public interface IRequestViewsGrain : IGrainWithIntegerKey
{
    /// <summary>Newest first unless the asker says another sort.</summary>
    [Alias("List")]
    Task<Page<RequestView>> List(Asker asker, RequestFilter filter, Paging paging);

    [Alias("Get")]
    Task<RequestDetail?> Get(Asker asker, string id);
}
