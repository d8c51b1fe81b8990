using Coordination.Host.Views;

namespace Coordination.Host.Reactors;

/// <summary>
/// A channel as its sender sees it: what has been put for a recipient, a body or an account, and was closed to it since is never sent. Of what is
/// closed while it is under way nobody knows.
/// </summary>
internal sealed class EntitledChannel(IChannel channel, IJournal journal, World world) : IChannel
{
    public string Name => channel.Name;

    public async Task<Sent> Send(Outgoing outgoing, CancellationToken cancellation)
    {
        // One that leads only since a moment ago may not know yet for whom it is.
        if (world.Position < outgoing.Position) return new Sent.Later("The views have not come as far.");
        if (await journal.ReadAt([outgoing.Position], cancellation) is not [var entry]) return new Sent.Never("There is no such entry.");
        return FactJson.ReadAudience(entry.Audience).Resolve(world) is not { } readers || readers.Contains(outgoing.Recipient)
            || world.RolesOf(outgoing.Recipient).Any(role => readers.Contains(role.Body))
            ? await channel.Send(outgoing, cancellation)
            : new Sent.Never("It has been closed to the recipient since.");
    }
}
