using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>The address in a refusal's <c>type</c> leads whoever opens it to what it means, signed in or not.</summary>
public sealed partial class ReasonsForRefusals(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task A_refusal_names_a_page_that_explains_it_in_the_language_of_its_reader()
    {
        var type = await TypeOfARefusal();
        Assert.Equal("/problems/session.required", type);
        await using var window = await stage.Open();
        await window.Page.GotoAsync(type);
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not signed in");
        var problem = window.Page.GetByTestId("problem");
        await Expect(problem).ToContainTextAsync("session.required");
        await Expect(problem).ToContainTextAsync("401");
        await Expect(problem).ToContainTextAsync("Your session has ended. Sign in again.");
        await Expect(window.Page).ToHaveURLAsync(new Uri(stage.Address, type).ToString());

        await using var arabic = await stage.Open(language: "ar");
        await arabic.Page.GotoAsync(type);
        await Expect(arabic.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("لم يُسجَّل الدخول");
        Assert.Equal("rtl", await arabic.Page.EvaluateAsync<string>("() => document.documentElement.dir"));
    }

    [Fact]
    public async Task From_the_description_of_the_interface_every_code_is_found_by_searching()
    {
        await using var window = await stage.Open("finland");
        await window.Page.GotoAsync("/developers");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "every code" }).ClickAsync();
        var rows = window.Page.GetByTestId("problem-row");
        await Expect(rows.First).ToBeVisibleAsync();
        Assert.InRange(await rows.CountAsync(), 150, 1_000);
        await window.Page.GetByTestId("problems-search").FillAsync("412 meantime");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(window.Page).ToHaveURLAsync(Searched());
        await rows.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Uri(stage.Address, "/problems/version.stale").ToString());
        await Expect(window.Page.GetByTestId("problem")).ToContainTextAsync("If-Match");
    }

    [Theory]
    [InlineData("/problems/no.such-reason")]
    [InlineData("/problems/nonsense")]
    public async Task Of_a_code_that_is_not_known_it_says_so(string path)
    {
        await using var window = await stage.Open();
        await window.Page.GotoAsync(path);
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("There is no such reason");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "All reasons" }).ClickAsync();
        await Expect(window.Page.GetByTestId("problem-row").First).ToBeVisibleAsync();
    }

    private async Task<string> TypeOfARefusal()
    {
        using var anybody = new HttpClient { BaseAddress = stage.Address };
        using var refused = await anybody.GetAsync(new Uri("/api/v1/plans", UriKind.Relative), Waiting.Cancellation);
        return (await refused.Content.ReadFromJsonAsync<JsonElement>(Waiting.Cancellation)).GetProperty("type").GetString()!;
    }

    [GeneratedRegex("/problems\\?text=412(%20|\\+)meantime$")]
    private static partial Regex Searched();
}
