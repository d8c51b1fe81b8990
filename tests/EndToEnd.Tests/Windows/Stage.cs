using Coordination.EndToEnd.Tests.Clusters;
using Microsoft.Playwright;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>
/// A browser and the platform with the exercise: a node of its own for all tests of a class, or, where
/// <see cref="SharedCluster.Wanted"/>, nginx in front of the cluster that all share.
/// </summary>
public sealed class Stage(LoadedData loaded, SharedCluster shared) : IAsyncLifetime
{
    private DataFolder? _folder;
    private NodeProcess? _node;
    private Cluster? _cluster;

    /// <summary>Where people reach it.</summary>
    public Uri Address => _cluster?.Address ?? _node!.Address;

    public Browser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (SharedCluster.Wanted)
        {
            _cluster = await shared.Start();
        }
        else
        {
            _folder = loaded.Copy();
            _node = await NodeProcess.Start(_folder.Path);
        }

        Browser = await Browser.Launch();
    }

    public Task<Window> Open(string? account = null, string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1280) =>
        Browser.Open(Address, account, language, scheme, width);

    /// <summary>Ends the node, or all silos and gateways at once, without a word.</summary>
    public Task Kill() => _cluster is { } cluster
        ? Task.WhenAll(cluster.Silos.Concat(cluster.Gateways).Select(member => member.Kill()))
        : _node!.Kill(Waiting.Cancellation);

    /// <summary>Starts it again where it was.</summary>
    public async Task StartAgain()
    {
        if (_cluster is { } cluster)
        {
            await cluster.Up();
            return;
        }

        var port = Address.Port;
        await _node!.DisposeAsync();
        _node = await NodeProcess.Start(_folder!.Path, port, cancellation: Waiting.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        if (_node is not null) await _node.DisposeAsync();
        _folder?.Dispose();
    }
}
