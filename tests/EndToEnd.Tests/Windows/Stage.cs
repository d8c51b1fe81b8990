using Microsoft.Playwright;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>A running node with the exercise, and a browser; one for all tests of a class.</summary>
public sealed class Stage(LoadedData loaded) : IAsyncLifetime
{
    private readonly DataFolder _folder = loaded.Copy();

    public NodeProcess Node { get; private set; } = null!;

    public Browser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Node = await NodeProcess.Start(_folder.Path);
        Browser = await Browser.Launch();
    }

    public Task<Window> Open(string? account = null, string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1280) =>
        Browser.Open(Node.Address, account, language, scheme, width);

    /// <summary>Ends the node without a word.</summary>
    public Task Kill() => Node.Kill(Waiting.Cancellation);

    /// <summary>Starts it again where it was.</summary>
    public async Task StartAgain()
    {
        var port = Node.Address.Port;
        await Node.DisposeAsync();
        Node = await NodeProcess.Start(_folder.Path, port, cancellation: Waiting.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        if (Node is not null) await Node.DisposeAsync();
        _folder.Dispose();
    }
}
