using Coordination.Contracts.Messages;
using Coordination.Domain.Accounts;
using Coordination.Domain.Groups;
using Coordination.Host.Views;

namespace Coordination.Host.Relay;

/// <summary>Turns an entry of the journal into the message that tells of it. It holds no texts: who is entitled reads them from a silo.</summary>
public sealed class MessageBuilder(IThings things)
{
    /// <summary>To be asked right after the entry was applied: readers and recipients are those of that moment.</summary>
    public Changed MessageOf(Entry entry, Fact fact)
    {
        var audience = FactJson.ReadAudience(entry.Audience);
        var readers = audience.Resolve(things);
        return new()
        {
            Position = entry.Position,
            At = entry.At,
            Actor = entry.Actor,
            Body = entry.Body,
            Topics = entry.Topics,
            Mark = audience.Mark,
            Readers = readers is null ? null : [.. readers],
            Recipients = Recipients.Of(things, entry, fact, readers),
            Right = fact is AccountRoleFact role ? new(entry.Id(), role.Body) : null,
            Regrouped = fact is GroupFormed or GroupMemberAdded or GroupMemberRemoved ? entry.Id() : null,
            Trace = entry.Trace,
            Stream = entry.Stream,
            Batch = entry.Batch,
        };
    }

    /// <summary>For a gateway that has been away for long: whom it is for is asked anew.</summary>
    public Changed MessageAgain(Entry entry) => MessageOf(entry, entry.ToFact());
}
