using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>A new administrator on an empty platform takes two bodies in, in the dashboard alone, and is not needed any more.</summary>
public sealed class AdmittingBodies
{
    private static readonly Dictionary<string, string> Empty = new() { ["COORDINATION_DEMONSTRATION"] = "off" };

    /// <summary>What a person may take, who reads what stands there. A program that waits for nobody takes seconds.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Takes_less_than_three_minutes_and_then_the_bodies_go_on_alone()
    {
        using var folder = new DataFolder();
        await using var node = await NodeProcess.Start(folder.Path, password: null, environment: Empty, cancellation: Waiting.Cancellation);
        var password = (await File.ReadAllTextAsync(Path.Combine(folder.Path, "administrator-password"), Waiting.Cancellation)).Trim();
        await using var browser = await Browser.Launch();
        await using var administrator = await browser.Open(node.Address);
        var began = Stopwatch.GetTimestamp();
        await administrator.Page.GotoAsync("/signin");
        await administrator.Page.GetByTestId("signin-account").FillAsync("administrator");
        await administrator.Page.GetByTestId("signin-password").FillAsync(password);
        await administrator.Page.GetByTestId("signin-submit").ClickAsync();
        await Expect(administrator.Connection).ToHaveAttributeAsync("data-state", "live");

        var first = await Admit(administrator, "National Commission", "national-body", "anna.k");
        var second = await Admit(administrator, "Border Task Force", "task-force", "bela.m");
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.SendDiagnosticMessage($"An administrator is out of the loop after {took.TotalSeconds:0.0} s");
        Assert.True(took < Promised, $"It took {took}.");

        await using var anna = await Accept(browser, node.Address, first, "National Commission");
        await using var bela = await Accept(browser, node.Address, second, "Border Task Force");
        // From here on without the administrator, who has no say in it either.
        await anna.Page.GetByTestId("account").ClickAsync();
        await anna.Page.GetByRole(AriaRole.Menuitem, new() { Name = "My body" }).ClickAsync();
        await anna.Page.GetByTestId("grant-role").ClickAsync();
        await anna.Page.GetByTestId("grant-role-account").FillAsync("carl");
        await anna.Page.GetByTestId("grant-role-send").ClickAsync();
        await Expect(anna.Page.GetByTestId("invitation-link")).ToBeVisibleAsync();
        await anna.Page.GetByTestId("invitation-done").ClickAsync();
        await administrator.Page.ReloadAsync();
        await Expect(administrator.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Border Task Force");
        await Expect(administrator.Page.GetByTestId("grant-role")).ToHaveCountAsync(0);

        // Both see what happened at the doors: the administrator all, the body its own.
        await Menu(administrator, "security");
        await Expect(administrator.Page.Locator("[data-kind=body-admitted]")).ToHaveCountAsync(2);
        await Expect(administrator.Page.Locator("[data-kind=invitation-accepted]")).ToHaveCountAsync(2);
        await Menu(anna, "security");
        await Expect(anna.Page.Locator("[data-kind=invited]")).ToHaveCountAsync(2);
        await Expect(anna.Page.GetByTestId("security-events")).Not.ToContainTextAsync("Border Task Force");
        var file = await anna.Page.RunAndWaitForDownloadAsync(() => anna.Page.GetByTestId("security-export").ClickAsync());
        Assert.Contains("invitation-accepted", await File.ReadAllTextAsync(await file.PathAsync(), Waiting.Cancellation), StringComparison.Ordinal);

        // And accounts are ended in one place. What administrators alone see is for everybody among them.
        var found = new List<string>();
        await EveryPage.Check(administrator, EveryPage.Wcag, found);
        await Menu(administrator, "accounts");
        await Expect(administrator.Page.GetByTestId("account-row")).ToHaveCountAsync(4);
        await EveryPage.Check(administrator, EveryPage.Wcag, found);
        await administrator.Go("/bodies");
        await administrator.Page.GetByTestId("admit-body").ClickAsync();
        await Expect(administrator.Page.GetByTestId("admit-send")).ToBeVisibleAsync();
        await EveryPage.Check(administrator, EveryPage.Wcag, found);
        Assert.Empty(found);
        await administrator.Go("/accounts");
        await administrator.Page.GetByTestId("accounts-search").FillAsync("carl");
        await Expect(administrator.Page.GetByTestId("account-row")).ToHaveCountAsync(1);
        await administrator.Page.GetByTestId("account-erase").ClickAsync();
        await administrator.Page.GetByTestId("erase-account-typed").FillAsync("carl");
        await administrator.Page.GetByTestId("erase-account-send").ClickAsync();
        await Expect(administrator.Page.GetByTestId("account-row")).ToHaveCountAsync(0);
        var complaints = string.Join(Environment.NewLine, administrator.Complaints.Concat(anna.Complaints).Concat(bela.Complaints));
        Assert.True(complaints.Length == 0, complaints);
    }

    /// <returns>The link for the body's first coordinator.</returns>
    private static async Task<string> Admit(Window administrator, string name, string kind, string coordinator)
    {
        var page = administrator.Page;
        await page.GetByTestId("account").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "All bodies" }).ClickAsync();
        await page.GetByTestId("admit-body").ClickAsync();
        await page.GetByTestId("admit-kind").SelectOptionAsync(kind);
        await page.GetByTestId("admit-name").FillAsync(name);
        // Also where nobody is yet.
        await page.GetByTestId("admit-region").SelectOptionAsync("Western Africa");
        await page.GetByTestId("admit-send").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(name);
        await page.GetByTestId("grant-role").ClickAsync();
        await page.GetByTestId("grant-role-account").FillAsync(coordinator);
        await page.GetByTestId("grant-role-send").ClickAsync();
        var link = await page.GetByTestId("invitation-link").InputValueAsync();
        await page.GetByTestId("invitation-done").ClickAsync();
        return link;
    }

    private static async Task<Window> Accept(Browser browser, Uri node, string link, string body)
    {
        var window = await browser.Open(node);
        await window.Page.GotoAsync(link);
        await window.Page.GetByTestId("invitation-password").FillAsync(Caller.Chosen);
        await window.Page.GetByTestId("invitation-accept").ClickAsync();
        await Expect(window.Page.GetByTestId("account")).ToContainTextAsync(body);
        return window;
    }

    private static async Task Menu(Window window, string item)
    {
        await window.Page.GetByTestId("account").ClickAsync();
        await window.Page.GetByTestId(item).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }
}
