using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>A window that was cut off says so, comes back by itself, and then shows everything once.</summary>
public sealed class LosingTheLine(Stage stage) : IClassFixture<Stage>
{
    private const float ToNotice = 30_000;
    private const float ToReturn = 30_000;

    [Fact]
    public async Task Without_a_network_the_window_says_so_and_afterwards_has_missed_nothing()
    {
        await using var window = await stage.Open("valdoria");
        await window.Go("/feed");
        await window.Context.SetOfflineAsync(true);
        await Expect(window.Connection).ToHaveAttributeAsync("data-state", new Regex("offline|reconnecting"), new() { Timeout = ToNotice });
        await Expect(window.Page.Locator(".stale-bar")).ToContainTextAsync(new Regex("[0-9]{1,2}[:.][0-9]{2}"));
        var written = await WriteSome("while offline");
        await window.Context.SetOfflineAsync(false);
        await Expect(window.Connection).ToHaveAttributeAsync("data-state", "live", new() { Timeout = ToReturn });
        await AssertNothingMissingOrDoubled(window, written);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task When_the_node_is_killed_and_comes_back_the_window_continues_where_it_was()
    {
        await using var window = await stage.Open("valdoria");
        await window.Go("/feed");
        await window.Page.EvaluateAsync("() => { window.notReloaded = true; }");
        var before = await WriteSome("before the crash");
        await stage.Kill();
        await Expect(window.Connection).ToHaveAttributeAsync("data-state", "reconnecting", new() { Timeout = ToNotice });
        await Expect(window.Page.Locator(".stale-bar")).ToContainTextAsync(new Regex("[0-9]{1,2}[:.][0-9]{2}"));
        await stage.StartAgain();
        var written = await WriteSome("after the crash");
        await Expect(window.Connection).ToHaveAttributeAsync("data-state", "live", new() { Timeout = ToReturn });
        await AssertNothingMissingOrDoubled(window, [.. before, .. written]);
        Assert.True(await window.Page.EvaluateAsync<bool>("() => window.notReloaded === true"), "The window was reloaded.");
        // And it is live again, not only caught up.
        await AssertNothingMissingOrDoubled(window, await WriteSome("live again"));
    }

    private async Task<long[]> WriteSome(string text)
    {
        using var caller = await Caller.SignIn(stage.Address, "ruritania", Waiting.Cancellation);
        var positions = new List<long>();
        for (var index = 1; index <= 5; index++)
            positions.Add((await caller.Write("groups/meridian-contact-group/updates", new { text = $"{text}, {index}", mark = "community" }, Waiting.Cancellation)).Position);
        return [.. positions];
    }

    /// <summary>The screen's feed is the API's, newest first, as far down as the screen goes.</summary>
    private async Task AssertNothingMissingOrDoubled(Window window, long[] written)
    {
        var newest = window.Page.Locator($"[data-testid=feed-entry][data-position='{written[^1]}']");
        await Expect(newest).ToHaveCountAsync(1, new() { Timeout = ToReturn });
        using var caller = await Caller.SignIn(stage.Address, "valdoria", Waiting.Cancellation);
        var all = (await caller.Feed(0, Waiting.Cancellation)).Select(entry => entry.GetProperty("position").GetInt64()).Reverse().ToArray();
        var shown = await window.Positions();
        Assert.All(written, position => Assert.Contains(position, shown));
        Assert.Equal(all.Take(shown.Length), shown);
    }
}
