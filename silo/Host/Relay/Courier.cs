using Coordination.Contracts.Messages;
using Coordination.Domain.Bodies;
using Coordination.Host.Views;

namespace Coordination.Host.Relay;

/// <summary>Turns an entry of the journal into the message that tells of it.</summary>
public sealed class Courier(World world, Teller teller)
{
    /// <summary>To be asked right after the entry was applied: readers and concerns are those of that moment.</summary>
    public Changed MessageOf(Entry entry, Fact fact)
    {
        var readers = Teller.AudienceOf(entry).Resolve(world);
        var concerns = Concerns.Of(world, entry, fact, readers);
        return MessageOf(entry, fact, readers, concerns);
    }

    /// <summary>For a gateway that has missed the message, or reads it before the bus brings it.</summary>
    public Changed MessageAgain(Entry entry) => MessageOf(entry, FactJson.Read(entry.Fact, entry.Form, entry.Data));

    private Changed MessageOf(Entry entry, Fact fact, IReadOnlySet<string>? readers, Concern[] concerns)
    {
        Changed message = entry.Stream[..entry.Stream.IndexOf('/', StringComparison.Ordinal)] switch
        {
            "body" => new BodyChanged { Revoked = (fact as BodyRoleRevoked)?.Account, Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] },
            "plan" => new PlanChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] },
            "request" => new RequestChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] },
            "group" => new GroupChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] },
            _ => new SubscriptionChanged { Position = 0, Previous = 0, At = default, Actor = "", Topics = [], Mark = default, Concerns = [] },
        };
        return message with
        {
            Position = entry.Position,
            Previous = entry.Position - 1,
            At = entry.At,
            Actor = entry.Actor,
            Body = entry.Body,
            Topics = entry.Topics,
            Mark = Teller.AudienceOf(entry).Mark,
            Readers = readers is null ? null : [.. readers],
            Concerns = concerns,
            Entry = teller.Tell(entry, fact),
        };
    }
}
