namespace Coordination.Host.Reactors;

/// <summary>
/// A way out of the platform. A class that implements this and is registered (<c>AddChannel</c>) gets what waits for it in the outbox: each at
/// least once, of one recipient one after the other and in order, of several at the same time, and only what the recipient may see at that moment.
/// </summary>
public interface IChannel
{
    /// <summary>Stands in the outbox. Never changes, and no other has it.</summary>
    string Name { get; }

    /// <summary>
    /// Sends. What it passes on has <see cref="Outgoing.Id"/> in it, so that the receiver can drop what comes twice. An exception is tried
    /// again; <see cref="Sent"/> says everything else.
    /// </summary>
    Task<Sent> Send(Outgoing outgoing, CancellationToken cancellation);
}

/// <summary>What a channel says of one sending: a closed set.</summary>
public abstract record Sent
{
    private Sent() { }

    /// <summary>The receiver has it.</summary>
    public sealed record Arrived : Sent;

    /// <summary>Not now.</summary>
    /// <param name="Reason">For an operator; names no person and holds no address.</param>
    /// <param name="After">How long to wait, where the receiver said so.</param>
    public sealed record Later(string Reason, TimeSpan? After = null) : Sent;

    /// <summary>Never: there is no such recipient, or it takes nothing.</summary>
    /// <inheritdoc cref="Later"/>
    public sealed record Never(string Reason) : Sent;
}
