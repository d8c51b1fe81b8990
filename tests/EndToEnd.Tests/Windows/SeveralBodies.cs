using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>One person with a role in two bodies, at a browser with two windows.</summary>
[Trait("On", "both")]
public sealed class SeveralBodies(Stage stage) : IClassFixture<Stage>
{
    private const float Promptly = 15_000;

    [Fact]
    public async Task Whoever_acts_for_another_body_sees_it_in_every_window_and_live_until_the_role_is_taken()
    {
        var name = $"anna.{Guid.NewGuid():N}"[..20];
        using var ruritania = await Caller.SignIn(stage.Address, "ruritania", Waiting.Cancellation);
        using var valdoria = await Caller.SignIn(stage.Address, "valdoria", Waiting.Cancellation);
        using var invited = await ruritania.Send("bodies/ruritania/invitations", new { account = name, role = "observer", displayName = "Anna of Both" }, null, Waiting.Cancellation);
        await Caller.Accept(stage.Address, invited, Waiting.Cancellation);
        await valdoria.Write("bodies/valdoria/roles", new { account = name, role = "contributor" }, Waiting.Cancellation);
        await using var window = await stage.Open();
        await window.SignIn(name, Caller.Chosen);
        await window.Go("/");
        var second = await window.Context.NewPageAsync();
        await second.GotoAsync("/inbox");
        await Live(second);
        await Shows(window.Page, "Ruritania");
        await Shows(second, "Ruritania");

        // Without a pointer.
        await window.Page.GetByTestId("account").FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page.GetByRole(AriaRole.Menuitemradio)).ToHaveCountAsync(2);
        await Expect(window.Page.GetByRole(AriaRole.Menuitemradio, new() { Checked = true })).ToContainTextAsync("Ruritania");
        await window.Page.GetByRole(AriaRole.Menuitemradio, new() { NameString = "Valdoria" }).FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Shows(window.Page, "Valdoria");
        await Shows(second, "Valdoria");
        await Live(window.Page);
        await Live(second);

        const string Subject = "For Valdoria alone";
        await ruritania.Write("requests", new { to = (string[])["valdoria"], kind = "information", subject = Subject, mark = "named" }, Waiting.Cancellation);
        await Expect(second.GetByTestId("feed-entry").Filter(new() { HasText = Subject })).ToHaveCountAsync(1, new() { Timeout = Promptly });

        await valdoria.Delete($"bodies/valdoria/roles/{name}", Waiting.Cancellation);
        // The session ends with the role that it acted by, in every window; and a new one acts for the body that is left.
        foreach (var page in (IPage[])[window.Page, second]) await Expect(page.GetByTestId("signin-submit")).ToBeVisibleAsync(new() { Timeout = Promptly });
        await window.SignIn(name, Caller.Chosen);
        await second.GotoAsync("/inbox");
        await Shows(second, "Ruritania");
        await Live(second);
        await Expect(second.GetByTestId("feed-entry").Filter(new() { HasText = Subject })).ToHaveCountAsync(0);
    }

    private static Task Shows(IPage page, string body) => Expect(page.GetByTestId("account")).ToContainTextAsync(body, new() { Timeout = Promptly });

    private static Task Live(IPage page) => Expect(page.GetByTestId("connection-state")).ToHaveAttributeAsync("data-state", "live", new() { Timeout = Promptly });
}
