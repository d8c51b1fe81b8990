using System.Text.Json.Serialization;
using Coordination.Contracts.Requests;

namespace Coordination.Domain.Requests;

/// <summary>A cooperation request as its rules need it; null stands for one that was never opened.</summary>
/// <param name="Holder">The body that took it on.</param>
/// <param name="Declined">Bodies that said no.</param>
/// <param name="Clarifying">The body that waits for a clarification, or null.</param>
/// <param name="DueSince">Position of the entry that set when it expires.</param>
/// <param name="Joined">Bodies that acted on an open call; they stay parties even when they leave its region.</param>
public sealed record RequestState(
    string Id, string From, ImmutableArray<string> To, string? Region, Mark Mark, RequestStatus Status, DateOnly? NeededBy, DateTimeOffset? ExpiresAt,
    string? Holder, Proposal? Proposal, string? Clarifying, ImmutableHashSet<string> Declined, ImmutableHashSet<string> Joined,
    ImmutableArray<string> States, long DueSince = 0) : IWoken
{
    /// <summary>Name of the clock that ends a request which nobody took on in time.</summary>
    public const string Expiry = "expiry";

    /// <summary>Only an open request expires. One that is open again waits for the same moment.</summary>
    public IEnumerable<Wake> Wakes() => Status is RequestStatus.Open && ExpiresAt is { } expires ? [new(Expiry, expires, DueSince > 0 ? DueSince : null)] : [];

    /// <summary>Over: nothing more can be done with it.</summary>
    [JsonIgnore]
    public bool IsTerminal => Status is RequestStatus.Confirmed or RequestStatus.Declined or RequestStatus.Withdrawn or RequestStatus.Expired;

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

    public static RequestState? Evolve(string id, RequestState? state, Fact fact) => (state, fact) switch
    {
        (null, RequestOpened it) => new(
            id, it.From, [.. it.To], it.Region, it.Mark, RequestStatus.Open, it.NeededBy, it.ExpiresAt, null, null, null, [], [], [.. it.States], it.EntryPosition),
        ({ } request, RequestAccepted it) => request.Joining(it.By) with
        {
            Status = RequestStatus.Accepted,
            Holder = it.By,
            NeededBy = it.NeededBy ?? request.NeededBy,
            ExpiresAt = it.ExpiresAt ?? request.ExpiresAt,
            DueSince = it.ExpiresAt is null ? request.DueSince : it.EntryPosition,
            Proposal = null,
        },
        ({ } request, RequestDateProposed it) => request.Joining(it.By) with { Proposal = new(it.By, it.Date) },
        ({ } request, RequestDeclined it) => request.Declining(it.By),
        ({ } request, ClarificationAsked it) => request.Joining(it.By) with { Clarifying = it.By },
        ({ } request, ClarificationAnswered) => request with { Clarifying = null },
        ({ } request, RequestAnswered it) => request.Joining(it.By) with { Status = RequestStatus.Answered, Holder = it.By, Clarifying = null, Proposal = null },
        ({ } request, RequestConfirmed) => request with { Status = RequestStatus.Confirmed },
        ({ } request, RequestWithdrawn) => request with { Status = RequestStatus.Withdrawn },
        ({ } request, RequestExpired) => request with { Status = RequestStatus.Expired },
        _ => state,
    };

    private RequestState Joining(string body) => To.Contains(body) || body == From ? this : this with { Joined = Joined.Add(body) };

    private RequestState Declining(string body)
    {
        var declined = Declined.Add(body);
        // An open call stays open: someone else in the region may still answer.
        var over = Region is null && To.All(declined.Contains);
        return Joining(body) with
        {
            Declined = declined,
            Status = over ? RequestStatus.Declined : RequestStatus.Open,
            Holder = Holder == body ? null : Holder,
            Proposal = Proposal?.By == body ? null : Proposal,
            Clarifying = Clarifying == body ? null : Clarifying,
        };
    }
}

/// <summary>Another date, proposed by a body that would take the request on.</summary>
public sealed record Proposal(string By, DateOnly Date);
