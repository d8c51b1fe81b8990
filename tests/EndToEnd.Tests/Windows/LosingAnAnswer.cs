using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>A command whose answer does not arrive was done all the same, and whoever presses again does it no second time.</summary>
public sealed class LosingAnAnswer(Stage stage) : IClassFixture<Stage>
{
    private const string Path = "/api/v1/plans/ruritania-plan/measures";

    [Fact]
    public async Task A_measure_whose_answer_was_lost_is_added_once_however_often_the_button_is_pressed()
    {
        const string Title = "Train the inspectors of labour on farms";
        await using var window = await stage.Open("ruritania");
        await window.Go("/plans/ruritania-plan");
        List<(string? Key, int Status)> handled = [];
        await window.Page.RouteAsync($"**{Path}", async route =>
        {
            var answer = await route.FetchAsync();
            handled.Add((await route.Request.HeaderValueAsync("Idempotency-Key"), answer.Status));
            if (handled.Count < 3) await route.AbortAsync();
            else await route.FulfillAsync(new() { Response = answer });
        });

        await window.Page.GetByTestId("add-measure").ClickAsync();
        await window.Page.GetByLabel("What will be done").FillAsync(Title);
        var save = window.Page.GetByTestId("plan-form-save");
        await save.ClickAsync();
        var dialog = window.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be reached");
        await save.ClickAsync();
        await Expect(save).ToBeEnabledAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        Assert.Equal([200, 200, 200], handled.Select(one => one.Status));
        Assert.Single(handled.Select(one => one.Key).Distinct());
        await Expect(window.Page.GetByText(Title)).ToHaveCountAsync(1);
        using var caller = await Caller.SignIn(stage.Address, "ruritania", Waiting.Cancellation);
        Assert.Single(await caller.All("plans/ruritania-plan/measures", Waiting.Cancellation), measure => measure.GetProperty("title").GetString() == Title);
    }
}
