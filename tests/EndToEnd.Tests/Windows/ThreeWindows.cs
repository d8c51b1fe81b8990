using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>A coordinator, a member of a group and a regional desk look at the same thing at the same time.</summary>
public sealed class ThreeWindows(Stage stage) : IClassFixture<Stage>, IAsyncLifetime
{
    /// <summary>The promise is a second; a loaded machine is given more, and what it took is said.</summary>
    private const float Promptly = 5_000;

    private Window _coordinator = null!;
    private Window _member = null!;
    private Window _region = null!;

    public async ValueTask InitializeAsync()
    {
        _coordinator = await stage.Open("ruritania");
        _member = await stage.Open("valdoria");
        _region = await stage.Open("meridian-secretariat");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var window in new[] { _coordinator, _member, _region })
            if (window is not null) await window.DisposeAsync();
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_milestone_reported_in_three_clicks_shows_on_plan_feed_and_region_pages_without_a_reload()
    {
        const string Cell = "tr[data-body=ruritania] td:nth-of-type(2) .number";
        var feed = await _member.Context.NewPageAsync();
        await _coordinator.Go("/plans/ruritania-plan");
        await _member.Go("/plans/ruritania-plan");
        await _region.Go("/regions/Meridia");
        await feed.GotoAsync("/feed");
        await feed.WaitForSelectorAsync("[data-testid=connection-state][data-state=live]");
        await feed.WaitForSelectorAsync("[data-testid=feed-entry]");
        var before = await _region.Page.Locator(Cell).InnerTextAsync();
        await Mark(_member.Page, feed, _region.Page);

        await _coordinator.Milestone("m08").GetByTestId("milestone-update").ClickAsync();
        await _coordinator.Page.GetByTestId("report-status-done").ClickAsync();
        var clicked = Stopwatch.GetTimestamp();
        await _coordinator.Page.GetByTestId("report-save").ClickAsync();
        await Task.WhenAll(
            Timed("the coordinator's own plan page", clicked, Expect(_coordinator.Milestone("m08")).ToHaveAttributeAsync("data-status", "done", new() { Timeout = Promptly })),
            Timed("the member's plan page", clicked, Expect(_member.Milestone("m08")).ToHaveAttributeAsync("data-status", "done", new() { Timeout = Promptly })),
            Timed("the member's feed", clicked, Expect(feed.GetByTestId("feed-entry").First).ToHaveAttributeAsync("data-type", "plan.milestone-reported", new() { Timeout = Promptly })),
            Timed("the region's page", clicked, Expect(_region.Page.Locator(Cell)).Not.ToHaveTextAsync(before, new() { Timeout = Promptly })));
        await Expect(_member.Milestone("m08")).ToHaveAttributeAsync("data-progress", "100");
        await AssertNotReloaded(_member.Page, feed, _region.Page);
    }

    [Fact]
    public async Task What_a_member_shares_in_the_group_is_seen_by_the_others_at_once_and_who_is_there_too()
    {
        foreach (var window in new[] { _coordinator, _member, _region }) await window.Go("/groups/meridian-contact-group");
        await Expect(_coordinator.Page.GetByTestId("presence")).ToHaveAttributeAsync("data-count", "3", new() { Timeout = Promptly });
        await Mark(_coordinator.Page, _region.Page);
        const string Text = "The interpreters' roster is agreed; دليل and справка follow.";
        await _member.Page.GetByTestId("update-text").FillAsync(Text);
        var clicked = Stopwatch.GetTimestamp();
        await _member.Page.GetByTestId("update-share").ClickAsync();
        await Task.WhenAll(
            Timed("the coordinator's group page", clicked, Shows(_coordinator)),
            Timed("the region's group page", clicked, Shows(_region)),
            Timed("the member's own", clicked, Shows(_member)));
        await AssertNotReloaded(_coordinator.Page, _region.Page);

        static Task Shows(Window window) => Expect(window.Page.GetByTestId("group-update").Filter(new() { HasText = Text })).ToHaveCountAsync(1, new() { Timeout = Promptly });
    }

    [Fact]
    public async Task A_request_reaches_the_addressee_and_the_regional_desk_and_is_accepted_in_one_click()
    {
        const string Subject = "Interpreters for a < b & \"c\"";
        await _member.Go("/inbox");
        await _region.Go("/regions/Meridia");
        await _coordinator.Go("/requests/new?to=valdoria");
        await Mark(_member.Page, _region.Page);
        await _coordinator.Page.GetByTestId("request-subject").FillAsync(Subject);
        await _coordinator.Page.GetByTestId("request-text").FillAsync("For two days in the border province.");
        await _coordinator.Page.Locator("input[name=mark][value=community]").CheckAsync();
        var sent = Stopwatch.GetTimestamp();
        await _coordinator.Page.GetByTestId("request-send").ClickAsync();
        await Task.WhenAll(
            Timed("valdoria's inbox", sent, Expect(_member.FeedEntries.Filter(new() { HasText = Subject })).ToHaveCountAsync(1, new() { Timeout = Promptly })),
            Timed("the regional desk", sent, Expect(_region.Page.GetByTestId("request-row").Filter(new() { HasText = Subject })).ToHaveCountAsync(1, new() { Timeout = Promptly })));
        await AssertNotReloaded(_member.Page, _region.Page);

        var page = _coordinator.Page.GetByTestId("request");
        await Expect(page).ToHaveAttributeAsync("data-status", "open");
        var id = (await page.GetAttributeAsync("data-request"))!;
        await _member.Go("/requests?box=in");
        await Expect(_member.Request(id)).ToContainTextAsync(Subject);
        var accepted = Stopwatch.GetTimestamp();
        await _member.Request(id).GetByTestId("verb-accept").ClickAsync();
        await Task.WhenAll(
            Timed("the coordinator's request page", accepted, Expect(page).ToHaveAttributeAsync("data-status", "accepted", new() { Timeout = Promptly })),
            Timed("the regional desk, accepted", accepted, Expect(_region.Request(id)).ToHaveAttributeAsync("data-status", "accepted", new() { Timeout = Promptly })));
    }

    [Fact]
    public async Task An_outsider_never_sees_what_is_for_the_parties()
    {
        const string Subject = "Between the two of us: contact points at the border";
        await using var outsider = await stage.Open("canada");
        await outsider.Go("/feed");
        await _member.Go("/requests?box=in");
        await _coordinator.Go("/requests/new?to=valdoria");
        await _coordinator.Page.GetByTestId("request-subject").FillAsync(Subject);
        await _coordinator.Page.GetByTestId("request-send").ClickAsync();
        await Expect(_member.Page.GetByTestId("request-row").Filter(new() { HasText = Subject })).ToHaveCountAsync(1, new() { Timeout = Promptly });
        var id = (await _coordinator.Page.GetByTestId("request").GetAttributeAsync("data-request"))!;

        // Whatever is said after it in the same order has arrived: so this would have, too.
        using var caller = await Caller.SignIn(stage.Address, "valdoria", Waiting.Cancellation);
        var later = await caller.Write("groups/meridian-contact-group/updates", new { text = "For everyone", mark = "community" }, Waiting.Cancellation);
        await Expect(outsider.Page.Locator($"[data-testid=feed-entry][data-position='{later.Position}']")).ToHaveCountAsync(1, new() { Timeout = Promptly });
        Assert.DoesNotContain(Subject, await outsider.Page.ContentAsync(), StringComparison.Ordinal);
        foreach (var path in new[] { "/requests", "/requests?box=watching", "/regions/Meridia", "/bodies/ruritania", "/bodies/valdoria", "/feed?topic=body%2Fvaldoria", "/" })
        {
            await outsider.Go(path);
            Assert.DoesNotContain(Subject, await outsider.Page.ContentAsync(), StringComparison.Ordinal);
        }

        await outsider.Page.GotoAsync($"/requests/{id}");
        await Expect(outsider.Page.Locator("main").GetByRole(AriaRole.Heading, new() { Name = "Page not found" })).ToBeVisibleAsync();
        Assert.DoesNotContain(Subject, await outsider.Page.ContentAsync(), StringComparison.Ordinal);
    }

    private static async Task Timed(string what, long since, Task shown)
    {
        await shown;
        Waiting.Say($"{what}: {Stopwatch.GetElapsedTime(since).TotalMilliseconds:0} ms");
    }

    private static async Task Mark(params IPage[] pages)
    {
        foreach (var page in pages) await page.EvaluateAsync("() => { window.notReloaded = true; }");
    }

    private static async Task AssertNotReloaded(params IPage[] pages)
    {
        foreach (var page in pages) Assert.True(await page.EvaluateAsync<bool>("() => window.notReloaded === true"), $"{page.Url} was reloaded.");
    }
}
