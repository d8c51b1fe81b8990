using Coordination.Host.Views;

namespace Coordination.Node.Ops;

/// <summary>What operators and tests ask a silo, at the address that is theirs alone.</summary>
internal static class OpsEndpoints
{
    public static void MapOps(this WebApplication app, Settings settings)
    {
        if (settings.Ops is not { } address) return;
        var port = BindingAddress.Parse(address).Port;
        var ops = app.MapGroup("").AddEndpointFilter(async (context, next) =>
            context.HttpContext.Connection.LocalPort == port ? await next(context) : Results.NotFound()).ExcludeFromDescription();
        ops.MapGet("/views", (World world) => ViewDigests.Of(world));
        ops.MapGet("/grains", Grains);
    }

    /// <summary>What is awake on this silo: ids by kind, such as plan or group.</summary>
    private static async Task<Dictionary<string, string[]>> Grains(IGrainFactory grains, ILocalSiloDetails silo) =>
        (await grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(hostsIds: [silo.SiloAddress])).Where(one => !one.GrainId.IsSystemTarget())
            .GroupBy(one => one.GrainId.Type.ToString()!, one => one.GrainId.Key.ToString()!)
            .ToDictionary(kind => kind.Key, kind => kind.Order(StringComparer.Ordinal).ToArray());
}
