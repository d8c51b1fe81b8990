using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>What holds on every page: for people with and without sight, pointer, room or a script that reads left to right.</summary>
public sealed class EveryPage(Stage stage) : IClassFixture<Stage>
{
    private static readonly string[] Pages =
    [
        "/", "/world", "/world?tab=table", "/bodies", "/bodies/ruritania", "/plans", "/plans/ruritania-plan", "/plans/ruritania-plan?tab=timeline",
        "/plans/ruritania-plan?tab=changes", "/plans/ruritania-plan?m=m08", "/milestones", "/requests", "/requests/new", "/feed", "/groups",
        "/groups/meridian-contact-group", "/regions", "/regions/Meridia", "/inbox", "/search", "/search?q=train", "/account", "/security",
    ];

    /// <summary>Open to whoever is not signed in.</summary>
    private static readonly string[] Outside = ["/signin", "/problems", "/problems/plan.closed", "/problems/no.such-reason"];

    private const int Narrow = 320;

    internal static readonly object Wcag = new { type = "tag", values = new[] { "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa" } };

    /// <summary>The rules that a page may keep in one language and scheme and break in another: all others look at what is the same in each.</summary>
    internal static readonly object OfLanguageAndScheme = new
    {
        type = "rule",
        values = new[] { "color-contrast", "link-in-text-block", "html-has-lang", "html-lang-valid", "valid-lang", "document-title", "target-size" },
    };

    /// <summary>Both directions of writing and both schemes; each of them with each other where there is time.</summary>
    public static TheoryData<string, ColorScheme> Looks => TestSize.Of(
        new TheoryData<string, ColorScheme> { { "en", ColorScheme.Light }, { "ar", ColorScheme.Dark } },
        new TheoryData<string, ColorScheme> { { "en", ColorScheme.Light }, { "en", ColorScheme.Dark }, { "ar", ColorScheme.Light }, { "ar", ColorScheme.Dark } });

    [Trait("Full", "scale")]
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_passes_axe_keeps_the_content_policy_and_fits_320_pixels(string language, ColorScheme scheme)
    {
        var found = new List<string>();
        var rules = (language, scheme) == ("en", ColorScheme.Light) ? Wcag : TestSize.Of(OfLanguageAndScheme, Wcag);
        await using var window = await stage.Open(null, language, scheme);
        foreach (var path in Outside)
        {
            await window.Page.GotoAsync(path);
            await window.Settled();
            await Check(window, rules, found);
        }

        await window.Page.GotoAsync(await Invitation($"new.{language}-{scheme}".ToLowerInvariant()));
        await Expect(window.Page.GetByTestId("invitation-accept")).ToBeVisibleAsync();
        await Check(window, rules, found);
        await window.SignIn("ruritania");
        var before = window.Complaints.Count();
        foreach (var path in await WithARequest())
        {
            await window.Go(path);
            Assert.Equal(language == "ar" ? "rtl" : "ltr", await window.Page.EvaluateAsync<string>("() => document.documentElement.dir"));
            Assert.Equal(language, await window.Page.EvaluateAsync<string>("() => document.documentElement.lang"));
            await Check(window, rules, found);
        }

        await window.Go("/plans/ruritania-plan");
        await window.Milestone("m09").GetByTestId("milestone-update").ClickAsync();
        await Expect(window.Page.GetByTestId("report-save")).ToBeVisibleAsync();
        await Check(window, rules, found);
        await window.Go("/account");
        await window.Page.GetByTestId("change-password").ClickAsync();
        await Expect(window.Page.GetByTestId("password-new")).ToBeVisibleAsync();
        await Check(window, rules, found);
        found.AddRange(window.Complaints.Skip(before));
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private async Task<string> Invitation(string name)
    {
        using var ruritania = await Caller.SignIn(stage.Address, "ruritania", Waiting.Cancellation);
        using var invited = await ruritania.Send("bodies/ruritania/invitations", new { account = name, role = "observer" }, null, Waiting.Cancellation);
        return (await invited.Content.ReadFromJsonAsync<JsonElement>(Waiting.Cancellation)).GetProperty("link").GetString()!;
    }

    [Fact]
    public async Task A_page_that_breaks_a_rule_is_found_out()
    {
        await using var window = await stage.Open("ruritania");
        await window.Go("/groups");
        await window.Page.EvaluateAsync("() => document.querySelector('main').append(new Image())");
        Assert.Contains("image-alt", Assert.Single(await Axe.Look(window.Page, Wcag)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_shown_as_it_was_written_and_never_as_markup()
    {
        const string Subject = "a < b & \"c\" 'd' ${e} {{f}}";
        using var caller = await Caller.SignIn(stage.Address, "ruritania", Waiting.Cancellation);
        var opened = await caller.Write("requests", new { to = new[] { "valdoria" }, kind = "information", subject = Subject, text = Subject, mark = "community" }, Waiting.Cancellation);
        await using var window = await stage.Open("valdoria");
        await window.Go($"/requests/{opened.Id}");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(Subject);
        foreach (var path in new[] { "/requests?box=in", "/feed", "/inbox" })
        {
            await window.Go(path);
            await Expect(window.Page.Locator("main").GetByText(Subject).First).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Signing_in_and_reporting_takes_no_pointer()
    {
        await using var window = await stage.Open();
        var keys = window.Page.Keyboard;
        await window.Page.GotoAsync("/plans/ruritania-plan");
        await window.Settled();
        await TabTo("signin-account");
        await keys.TypeAsync("ruritania");
        await keys.PressAsync("Escape");
        await TabTo("signin-password");
        await keys.TypeAsync(NodeProcess.Password);
        await keys.PressAsync("Enter");
        await Expect(window.Connection).ToHaveAttributeAsync("data-state", "live");
        await Expect(window.Milestone("m14")).ToBeVisibleAsync();

        await TabTo("milestone-update", "m14");
        await keys.PressAsync("Enter");
        await Expect(window.Page.GetByTestId("report-save")).ToBeVisibleAsync();
        await keys.PressAsync("d");
        await TabTo("report-note");
        await keys.TypeAsync("Without a mouse");
        await TabTo("report-save");
        await keys.PressAsync("Enter");
        await Expect(window.Milestone("m14")).ToHaveAttributeAsync("data-status", "done");

        async Task TabTo(string testId, string? milestone = null)
        {
            for (var presses = 0; presses < 300; presses++)
            {
                var there = await window.Page.EvaluateAsync<bool>(
                    "([id, milestone]) => document.activeElement?.dataset.testid === id && (!milestone || document.activeElement.closest('[data-milestone]')?.dataset.milestone === milestone)",
                    new[] { testId, milestone });
                if (there) return;
                await keys.PressAsync("Tab");
            }

            Assert.Fail($"300 presses of Tab did not lead to {testId} {milestone}.");
        }
    }

    private async Task<string[]> WithARequest()
    {
        using var caller = await Caller.SignIn(stage.Address, "ruritania", Waiting.Cancellation);
        var requests = await caller.Get("requests", Waiting.Cancellation);
        return [.. Pages, $"/requests/{requests.GetProperty("items")[0].GetProperty("id").GetString()}"];
    }

    internal static async Task Check(Window window, object rules, List<string> found)
    {
        found.AddRange(await Axe.Look(window.Page, rules));
        await window.Page.SetViewportSizeAsync(Narrow, 800);
        var width = await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        if (width > Narrow) found.Add($"{window.Page.Url}: {width} px wide in a window of {Narrow}");
        await window.Page.SetViewportSizeAsync(1280, 900);
    }
}
