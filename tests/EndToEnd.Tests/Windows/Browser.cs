using Microsoft.Playwright;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>The machine's own Chromium, without a screen, driven through Playwright with the machine's own Node.js.</summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> Launch()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_NODEJS_PATH", Tools.Node);
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", Tools.PlaywrightDriver);
        // How long a window takes depends on what else the machine does. Where time is promised, a test says so itself.
        Assertions.SetDefaultExpectTimeout(20_000);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Tools.Chromium,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                // A window in the background is to be as quick as one in front: they are all looked at.
                "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
            ],
        });
        return new(playwright, browser);
    }

    /// <summary>A window of someone's own: no cookies or memory shared with any other.</summary>
    public async Task<Window> Open(Uri node, string? account = null, string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = node.ToString(),
            Locale = language,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "Europe/Vienna",
            ViewportSize = new() { Width = width, Height = height },
        });
        context.SetDefaultTimeout(15_000);
        var window = new Window(context, await context.NewPageAsync(), node);
        await context.AddInitScriptAsync("document.addEventListener('securitypolicyviolation', (event) => console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));");
        if (account is not null) await window.SignIn(account);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
