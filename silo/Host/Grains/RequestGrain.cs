using Coordination.Contracts.Requests;
using Coordination.Domain.Requests;
using Coordination.Host.Views;

namespace Coordination.Host.Grains;

/// <summary>Decides for one request, and lets it expire.</summary>
public sealed class RequestGrain(Deciding deciding) : JournaledGrain<RequestState>(deciding), IRequestGrain, IRemindable
{
    private const string Expiry = "expiry";

    /// <summary>A reminder is asked for at most this far ahead and asks for the next one when it rings.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(30);

    /// <summary>A clock that was due while the platform was off rings within this time of its start.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    protected override string Kind => "request";

    public Task<Outcome> Execute(CommandHeader header, RequestCommand command) =>
        Execute(header, (state, situation) => RequestRules.Decide(Id, state, command, situation));

    /// <summary>The clock is never stopped early: when it rings, the rules decide whether it means anything.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Execute(Expire(Id), new ExpireRequest());
        if (State is null || State.IsTerminal)
        {
            if (await this.GetReminder(reminderName) is { } reminder) await this.UnregisterReminder(reminder);
        }
        else if (State.ExpiresAt is { } expires && expires > Time.GetUtcNow())
        {
            await Remind(expires);
        }
    }

    /// <summary>The command that a clock gives, the same however often it rings.</summary>
    public static CommandHeader Expire(string request) => new(
        Actor.Platform.Account, CommandHeader.CommandOf(Actor.Platform.Account, $"request/{request}:expire"), "expire", Via: $"clock:{Expiry}");

    /// <summary>It expires because of the entry that set the date.</summary>
    protected override long? CauseOf(CommandHeader header) => header.Via == $"clock:{Expiry}" ? State?.DueSince : null;

    /// <summary>Set before the request is written: a clock without a request does nothing, a request without a clock never ends.</summary>
    protected override Task Prepare(ImmutableArray<Fact> facts)
    {
        var expires = facts.Select(fact => fact switch
        {
            RequestOpened it => it.ExpiresAt,
            // It may be open again by then.
            RequestAccepted it => it.ExpiresAt,
            _ => null,
        }).FirstOrDefault(moment => moment is not null);
        return expires is { } due ? Remind(due) : Task.CompletedTask;
    }

    /// <exception cref="JournalUnavailableException">The clock could not be set, wherever clocks stand.</exception>
    private async Task Remind(DateTimeOffset expires)
    {
        var left = expires - Time.GetUtcNow();
        try
        {
            await this.RegisterOrUpdateReminder(Expiry, left < TimeSpan.Zero ? TimeSpan.Zero : left < Furthest ? left : Furthest, Again);
        }
        catch (Exception exception) when (exception is not JournalUnavailableException)
        {
            // A table of Orleans' fails in words of its own; whoever asked is told to try again all the same.
            throw new JournalUnavailableException("The clock of the request could not be set.", exception);
        }
    }
}
