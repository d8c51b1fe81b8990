using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>A coordinator brings a person in, who chooses a password; and shows the person out of a device again.</summary>
public sealed class Invitations(Stage stage) : IClassFixture<Stage>
{
    private const float Promptly = 15_000;

    [Fact]
    public async Task A_person_comes_in_by_a_link_changes_the_password_and_sees_and_loses_sessions()
    {
        const string Name = "new.colleague", Chosen = Caller.Chosen, Next = "eight grey herons wade";
        await using var coordinator = await stage.Open("ruritania");
        await coordinator.Go("/bodies/ruritania");
        await coordinator.Page.GetByTestId("grant-role").ClickAsync();
        await coordinator.Page.GetByTestId("grant-role-account").FillAsync(Name);
        await coordinator.Page.GetByTestId("grant-role-name").FillAsync("A new colleague");
        await coordinator.Page.GetByTestId("grant-role-send").ClickAsync();
        var link = await coordinator.Page.GetByTestId("invitation-link").InputValueAsync();
        await coordinator.Page.GetByTestId("invitation-done").ClickAsync();
        var person = coordinator.Page.GetByTestId("person").Filter(new() { HasText = "A new colleague" });
        await Expect(person).ToContainTextAsync("Invited");

        await using var colleague = await stage.Open();
        await colleague.Page.GotoAsync(link);
        await Expect(colleague.Page.GetByTestId("invitation-account")).ToHaveValueAsync(Name);
        await colleague.Page.GetByTestId("invitation-password").FillAsync("password2026");
        await colleague.Page.GetByTestId("invitation-accept").ClickAsync();
        await Expect(colleague.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("tried first");
        await colleague.Page.GetByTestId("invitation-password").FillAsync(Chosen);
        await colleague.Page.GetByTestId("invitation-accept").ClickAsync();
        await Expect(colleague.Page.GetByTestId("account")).ToContainTextAsync("Ruritania", new() { Timeout = Promptly });

        // It opened once.
        await using var another = await stage.Open();
        await another.Page.GotoAsync(link);
        await Expect(another.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has been used");
        await another.SignIn(Name, Chosen);
        await another.Go("/feed");

        await colleague.Go("/account");
        await Expect(colleague.Page.GetByTestId("session")).ToHaveCountAsync(2);
        await colleague.Page.GetByTestId("change-password").ClickAsync();
        await colleague.Page.GetByTestId("password-current").FillAsync(Chosen);
        await colleague.Page.GetByTestId("password-new").FillAsync(Next);
        await colleague.Page.GetByTestId("password-send").ClickAsync();
        await Expect(colleague.Page.GetByTestId("session")).ToHaveCountAsync(1);
        await Expect(another.Page.GetByTestId("signin-submit")).ToBeVisibleAsync(new() { Timeout = Promptly });
        // The window in which it was changed goes on, live and with another token.
        await Expect(colleague.Page.GetByTestId("connection-state")).ToHaveAttributeAsync("data-state", "live", new() { Timeout = Promptly });
        await colleague.Page.GetByTestId("change-name").ClickAsync();
        await colleague.Page.GetByTestId("person-name").FillAsync("A colleague by now");
        await colleague.Page.GetByTestId("name-send").ClickAsync();
        await Expect(colleague.Page.GetByText("A colleague by now").First).ToBeVisibleAsync();

        await coordinator.Go("/bodies/ruritania");
        person = coordinator.Page.GetByTestId("person").Filter(new() { HasText = "A colleague by now" });
        await Expect(person).Not.ToContainTextAsync("Invited");
        await person.GetByTestId("person-sessions").ClickAsync();
        await coordinator.Page.GetByTestId("end-session").ClickAsync();
        await Expect(colleague.Page.GetByTestId("signin-submit")).ToBeVisibleAsync(new() { Timeout = Promptly });
        await colleague.SignIn(Name, Next);
    }
}
