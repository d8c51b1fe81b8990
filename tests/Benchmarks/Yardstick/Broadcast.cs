using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace Coordination.Yardstick;

/// <summary>Tells nobody anything by itself.</summary>
public sealed class BareHub : Hub;

/// <summary>The same text to everyone who is connected: no rights, no order between calls, no bounds.</summary>
internal static class Broadcast
{
    public static void MapBroadcast(this WebApplication app)
    {
        app.MapHub<BareHub>("/hubs/live");
        // The change's positions are counted up from the first, as the platform's are.
        app.MapPost("/broadcast", async (long first, int count, JsonElement change, IHubContext<BareHub> hub) =>
        {
            var fields = change.Deserialize<Dictionary<string, JsonElement>>()!;
            for (var index = 0; index < count; index++)
            {
                fields["position"] = JsonSerializer.SerializeToElement(first + index);
                await hub.Clients.All.SendAsync("Changed", fields);
            }
        });
    }

    public static void MapMemory(this WebApplication app) => app.MapPost("/memory", () => GC.GetTotalMemory(forceFullCollection: true));
}
