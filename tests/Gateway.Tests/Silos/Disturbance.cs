using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Coordination.Gateway.Tests.Silos;

/// <summary>Stands between the gateway and the silo and does to calls what dying silos do to them.</summary>
public sealed class Disturbance : IOutgoingGrainCallFilter
{
    /// <summary>Asked before each call, with the grain's interface and method such as <c>IPlanGrain.Execute</c>. It may throw: the call is lost.</summary>
    public Func<string, IOutgoingGrainCallContext, Task>? Before { get; set; }

    /// <summary>Asked after each call. It may throw: the call was carried out and its answer is lost.</summary>
    public Func<string, IOutgoingGrainCallContext, Task>? After { get; set; }

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var method = $"{context.InterfaceMethod.DeclaringType!.Name}.{context.InterfaceMethod.Name}";
        // Grains call each other too; only what the gateway says is meant.
        if (context.SourceContext is Orleans.Runtime.IGrainContext { GrainInstance: Grain })
        {
            await context.Invoke();
            return;
        }

        if (Before is { } before) await before(method, context);
        await context.Invoke();
        if (After is { } after) await after(method, context);
    }
}

/// <summary>A node whose silo can be kept from answering.</summary>
public sealed class DisturbedNode : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Node? _node;

    public Node Node => _node ?? throw new InvalidOperationException("The node has not started.");

    public Disturbance Disturbance { get; } = new();

    public async ValueTask InitializeAsync() => _node = await Node.Start(_folder.Path, adjust: builder =>
        builder.Services.AddSingleton<IOutgoingGrainCallFilter>(Disturbance).Configure<GatewayOptions>(options => options.AnswerWithin = TimeSpan.FromSeconds(4)));

    public async ValueTask DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        _folder.Dispose();
    }
}
