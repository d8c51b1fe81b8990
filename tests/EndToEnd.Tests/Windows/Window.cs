using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>One person's browser window.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    public Window(IBrowserContext context, IPage page, Uri node)
    {
        (Context, Page, Node) = (context, page, node);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Enqueue($"{page.Url}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"{page.Url}: uncaught: {error}");
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public Uri Node { get; }

    /// <summary>Errors and warnings of the page's console, uncaught errors and breaches of the content policy.</summary>
    public IEnumerable<string> Complaints => _complaints;

    public ILocator Connection => Page.GetByTestId("connection-state");

    public ILocator FeedEntries => Page.GetByTestId("feed-entry");

    /// <summary>Signs in as the page would, without going through its form.</summary>
    public async Task SignIn(string account, string password = NodeProcess.Password)
    {
        var answer = await Context.APIRequest.PostAsync(new Uri(Node, "/api/v1/session").ToString(), new() { DataObject = new { account, password } });
        if (!answer.Ok) throw new InvalidOperationException($"{account} cannot sign in: {answer.Status} {await answer.TextAsync()}");
    }

    /// <summary>Opens a page and waits until it is live and its lists are there.</summary>
    public async Task Go(string path)
    {
        await Page.GotoAsync(path);
        await Page.WaitForSelectorAsync("[data-testid=connection-state][data-state=live]", new() { State = WaitForSelectorState.Attached });
        await Settled();
    }

    /// <summary>The page has its heading and nothing on it says "loading".</summary>
    public Task Settled() => Page.WaitForFunctionAsync(
        "() => document.querySelector('main h1') !== null && document.querySelector('main .skeleton, main .loading, main [aria-busy=true]') === null && document.fonts.status === 'loaded'");

    public ILocator Milestone(string id) => Page.Locator($"[data-testid=milestone-row][data-milestone='{id}']");

    public ILocator Request(string id) => Page.Locator($"[data-testid=request-row][data-request='{id}']");

    /// <summary>Positions of the feed as it stands on the screen, from top to bottom.</summary>
    public async Task<long[]> Positions() =>
        [.. (await FeedEntries.EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.position)")).Select(text => long.Parse(text, CultureInfo.InvariantCulture))];

    public async ValueTask DisposeAsync() => await Context.CloseAsync();
}
