namespace Coordination.Journal;

/// <summary>
/// Who of several processes does what only one may do. A lease ends by itself when its holder no longer renews it, by the
/// store's clock and not by the holder's. It says who should act and is no fence: what is written by a holder that has
/// slept must be refused by what it writes to.
/// </summary>
public interface ILeases
{
    /// <summary>Takes a free or ended lease, or renews an own one; true when <paramref name="holder"/> has it for <paramref name="length"/> from now.</summary>
    Task<bool> Hold(string lease, string holder, TimeSpan length, CancellationToken cancellation = default);

    /// <summary>Gives an own lease back before it ends. Nothing happens to somebody else's.</summary>
    Task Release(string lease, string holder, CancellationToken cancellation = default);

    /// <summary>Who holds it now, or null.</summary>
    Task<string?> Holder(string lease, CancellationToken cancellation = default);
}
