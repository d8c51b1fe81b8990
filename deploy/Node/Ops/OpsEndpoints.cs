using Coordination.Host.Reactors;
using Coordination.Host.Views;
using Coordination.Journal;

namespace Coordination.Node.Ops;

/// <summary>What operators and tests ask a silo, at the address that is theirs alone.</summary>
internal static class OpsEndpoints
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    public static void MapOps(this WebApplication app, Settings settings)
    {
        if (settings.Ops is not { } address) return;
        var port = BindingAddress.Parse(address).Port;
        var ops = app.MapGroup("").AddEndpointFilter(async (context, next) =>
            context.HttpContext.Connection.LocalPort == port ? await next(context) : Results.NotFound()).ExcludeFromDescription();
        ops.MapGet("/views", Views);
        ops.MapGet("/grains", Grains);
    }

    /// <summary>The views of this silo, and the inboxes of all up to the same position: null when that takes them longer than a moment.</summary>
    private static async Task<ViewDigests> Views(World world, SealedViews stored, IInboxes inboxes, InboxProgress progress, CancellationToken cancellation)
    {
        var views = await ViewDigests.Of(world, stored, cancellation);
        await progress.Reach(views.Position, Moment);
        return await views.With(inboxes, cancellation);
    }

    /// <summary>What is awake on this silo: ids by kind, such as plan or group.</summary>
    private static async Task<Dictionary<string, string[]>> Grains(IGrainFactory grains, ILocalSiloDetails silo) =>
        (await grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(hostsIds: [silo.SiloAddress])).Where(one => !one.GrainId.IsSystemTarget())
            .GroupBy(one => one.GrainId.Type.ToString()!, one => one.GrainId.Key.ToString()!)
            .ToDictionary(kind => kind.Key, kind => kind.Order(StringComparer.Ordinal).ToArray());
}
