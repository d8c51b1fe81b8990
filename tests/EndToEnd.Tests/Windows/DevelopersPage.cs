using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>The description of the interface, as whoever writes a program against it reads it.</summary>
public sealed partial class DevelopersPage(Stage stage) : IClassFixture<Stage>
{
    private const int Narrow = 320;

    [Trait("Full", "scale")]
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Is_reached_by_signing_in_passes_axe_keeps_the_content_policy_and_asks_nobody_else(ColorScheme scheme)
    {
        await using var window = await stage.Open(scheme: scheme);
        var elsewhere = new List<string>();
        window.Page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != stage.Address.Authority) elsewhere.Add(request.Url);
        };
        await window.Page.GotoAsync("/developers");
        await Expect(window.Page).ToHaveURLAsync(new Uri(stage.Address, "/signin?next=%2Fdevelopers").ToString());
        await window.Page.GetByTestId("signin-account").FillAsync("finland");
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.GetByTestId("signin-password").FillAsync(NodeProcess.Password);
        await window.Page.GetByTestId("signin-submit").ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(Developers());
        await Expect(window.Page).ToHaveTitleAsync("Coordination API");
        await window.Page.Locator("details summary").First.ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "SessionView" }).First).ToBeVisibleAsync();
        // Its style has come: the page has the ground of the dashboard, and not a browser's white.
        Assert.Equal(scheme is ColorScheme.Light ? "rgb(244, 246, 248)" : "rgb(16, 22, 28)", await window.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).backgroundColor"));
        await window.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach((one) => (one.open = true))");
        var found = (await Axe.Look(window.Page, scheme is ColorScheme.Light ? EveryPage.Wcag : TestSize.Of(EveryPage.OfLanguageAndScheme, EveryPage.Wcag))).Concat(window.Complaints).ToList();
        await window.Page.SetViewportSizeAsync(Narrow, 800);
        var width = await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        if (width > Narrow) found.Add($"{width} px wide in a window of {Narrow}");
        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.Empty(elsewhere);
    }

    [Theory]
    [InlineData("/developers")]
    [InlineData("/plans")]
    public async Task What_is_written_into_a_page_is_neither_run_nor_shown_and_is_noticed(string path)
    {
        await using var window = await stage.Open("finland");
        await window.Page.GotoAsync(path);
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await window.Page.EvaluateAsync(
            """
            () => {
              const script = document.createElement('script');
              script.textContent = 'window.wasRun = true';
              const style = document.createElement('style');
              style.textContent = 'body { display: none }';
              document.head.append(script, style);
              document.body.insertAdjacentHTML('beforeend', '<p id="painted" style="color: rgb(1, 2, 3)">');
            }
            """);
        Assert.False(await window.Page.EvaluateAsync<bool>(
            "() => window.wasRun === true || getComputedStyle(document.body).display === 'none' || getComputedStyle(document.querySelector('#painted')).color === 'rgb(1, 2, 3)'"));
        foreach (var directive in (string[])["script-src-elem", "style-src-elem", "style-src-attr"])
            Assert.Contains(window.Complaints, complaint => complaint.Contains($"Content Security Policy: {directive}", StringComparison.Ordinal));
    }

    [GeneratedRegex("/developers$")]
    private static partial Regex Developers();
}
