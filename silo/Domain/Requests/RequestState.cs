using System.Text.Json.Serialization;
using Coordination.Contracts.Requests;

namespace Coordination.Domain.Requests;

/// <summary>A cooperation request as its rules need it; null stands for one that was never opened. Holds no texts.</summary>
/// <param name="Stage">Where it stands in its life.</param>
/// <param name="Declined">Bodies that said no.</param>
/// <param name="DueSince">Position of the entry that set when it expires.</param>
/// <param name="Joined">Bodies that acted on an open call; they stay parties even when they leave its region.</param>
/// <param name="Turns">How many turns its thread has.</param>
public sealed record RequestState(
    string Id, string From, ImmutableArray<string> To, string? Region, RequestKind Kind, Pillar? Pillar, Urgency Urgency, Mark Mark, RequestStage Stage, DateOnly? NeededBy,
    DateTimeOffset? ExpiresAt, ImmutableHashSet<string> Declined, ImmutableHashSet<string> Joined, ImmutableArray<string> States, long DueSince = 0, int Turns = 1) : IWoken
{
    /// <summary>Name of the clock that ends a request which nobody took on in time.</summary>
    public const string Expiry = "expiry";

    /// <summary>Only an open request expires. One that is open again waits for the same moment.</summary>
    public IEnumerable<Wake> Wakes() => Status is RequestStatus.Open && ExpiresAt is { } expires ? [new(Expiry, expires, DueSince > 0 ? DueSince : null)] : [];

    [JsonIgnore]
    public RequestStatus Status => Stage.Status;

    /// <summary>The body that took it on, or answered it.</summary>
    [JsonIgnore]
    public string? Holder => Stage.Holder;

    /// <summary>Another date that a body would take it on by, and nobody has agreed to.</summary>
    [JsonIgnore]
    public Proposal? Proposal => (Stage as RequestStage.Open)?.Proposal;

    /// <summary>The body that waits for a clarification, or null.</summary>
    [JsonIgnore]
    public string? Clarifying => (Stage as RequestStage.Unanswered)?.Clarifying;

    /// <summary>Over: nothing more can be done with it.</summary>
    [JsonIgnore]
    public bool IsTerminal => Stage is RequestStage.Over;

    /// <summary>Who asks, who was asked by name, and who acted on an open call.</summary>
    [JsonIgnore]
    public IEnumerable<string> Parties => [.. Joined.Union(To).Add(From)];

    [JsonIgnore]
    public Audience Audience => Mark switch
    {
        Mark.Named => Audience.Named([From, .. To, .. Joined]),
        Mark.Parties => new(Mark.Parties, [From, .. To, .. Joined], States: States.Length == 0 ? null : [.. States], Region: Region),
        _ => new(Mark),
    };

    /// <summary>Addressed by name, or by an open call to the region it lies in or lay in when it acted on it.</summary>
    public bool IsAddressed(string? body, IDirectory directory) =>
        body is not null && body != From && (Region is null ? To.Contains(body) : Joined.Contains(body) || directory.Body(body)?.IsIn(Region) == true);
}

/// <summary>Where a request stands in its life: a closed set.</summary>
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Accepted), "accepted")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(Confirmed), "confirmed")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Withdrawn), "withdrawn")]
[JsonDerivedType(typeof(Expired), "expired")]
public abstract record RequestStage
{
    private RequestStage() { }

    [JsonIgnore]
    public abstract RequestStatus Status { get; }

    /// <summary>The body that took it on, or answered it.</summary>
    [JsonIgnore]
    public virtual string? Holder => null;

    /// <summary>It waits for an answer.</summary>
    /// <param name="Clarifying">The body that waits for a clarification before it goes on.</param>
    public abstract record Unanswered(string? Clarifying) : RequestStage;

    /// <summary>Nobody has taken it on.</summary>
    public sealed record Open(Proposal? Proposal = null, string? Clarifying = null) : Unanswered(Clarifying)
    {
        public override RequestStatus Status => RequestStatus.Open;
    }

    public sealed record Accepted(string By, string? Clarifying = null) : Unanswered(Clarifying)
    {
        public override RequestStatus Status => RequestStatus.Accepted;
        public override string? Holder => By;
    }

    public sealed record Answered(string By) : RequestStage
    {
        public override RequestStatus Status => RequestStatus.Answered;
        public override string? Holder => By;
    }

    /// <summary>Nothing more can be done with it.</summary>
    /// <param name="By">The body that had taken it on, or answered it.</param>
    public abstract record Over(string? By) : RequestStage
    {
        public override string? Holder => By;
    }

    public sealed record Confirmed(string? By) : Over(By)
    {
        public override RequestStatus Status => RequestStatus.Confirmed;
    }

    /// <summary>Everyone who was asked by name has declined.</summary>
    public sealed record Refused() : Over((string?)null)
    {
        public override RequestStatus Status => RequestStatus.Declined;
    }

    public sealed record Withdrawn(string? By) : Over(By)
    {
        public override RequestStatus Status => RequestStatus.Withdrawn;
    }

    /// <summary>Nobody took it on in time.</summary>
    public sealed record Expired() : Over((string?)null)
    {
        public override RequestStatus Status => RequestStatus.Expired;
    }
}

/// <summary>Another date, proposed by a body that would take the request on.</summary>
public sealed record Proposal(string By, DateOnly Date);
