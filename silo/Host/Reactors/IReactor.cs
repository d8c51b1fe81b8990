using Coordination.Contracts.Messages;
using Coordination.Host.Views;

namespace Coordination.Host.Reactors;

/// <summary>
/// What must follow from facts. A class that implements this and is registered (<c>AddReactor</c>) is shown every entry once, in order, on the silo
/// that leads, from the entry on that is the last one when it is there for the first time.
/// </summary>
public interface IReactor
{
    /// <summary>Names its mark, its rows in the outbox and <c>via</c> of its commands. Never changes, and no other has it.</summary>
    string Name { get; }

    /// <summary>
    /// What follows, in an order that is the same whenever it is asked about the same entry: a reaction is known by reactor, position and
    /// place, and after a crash commands are given again under that name. Asks nobody and waits for nothing.
    /// </summary>
    /// <param name="happening">What happened.</param>
    /// <param name="world">What is known by now, which may be more than there was when it happened.</param>
    IEnumerable<Reaction> React(Happening happening, World world);
}

/// <summary>An entry that a reactor is shown.</summary>
/// <param name="Change">Readers and recipients of that moment.</param>
public sealed record Happening(Entry Entry, Fact Fact, Changed Change);

/// <summary>What follows from an entry: a closed set.</summary>
public abstract record Reaction
{
    private Reaction() { }

    /// <summary>Something has to leave the platform: it waits in the outbox for the sender of its channel.</summary>
    /// <param name="Channel">Name of the channel (<see cref="IChannel"/>).</param>
    /// <param name="Recipient">The body or account that gets it, by its id. If the entry is closed to it before it is sent, it gets nothing.</param>
    /// <param name="Data">What the channel needs besides. No free text: whoever sends reads the entry's texts then.</param>
    /// <param name="OncePerBatch">It is a notice, of which a recipient gets one for all that was given in one go.</param>
    public sealed record Deliver(string Channel, string Recipient, byte[] Data, bool OncePerBatch = false) : Reaction;

    /// <summary>A command of the platform's own. It is repeated until it is carried out or refused for good.</summary>
    /// <param name="Command">Gives it to its grain under the header that it is handed.</param>
    public sealed record Give(Func<IGrainFactory, CommandHeader, Task<Outcome>> Command) : Reaction;
}
