namespace Coordination.Gateway.Tests.Live;

public sealed class WhatEachMaySee(RunningNode running)
{
    private Node Node => running.Node;

    [Fact]
    public async Task A_change_is_told_to_those_who_follow_it_within_a_second()
    {
        var finland = await Node.As("finland");
        await using var watch = await (await Node.As("argentina")).Watch();
        var receipt = await finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "Told at once" });
        var told = await watch.Told(receipt.Position, TimeSpan.FromSeconds(1));
        Assert.Equal("request.opened", told.Said.GetProperty("type").GetString());
        await watch.Until(heard => heard.What == "Inbox" && heard.Position == receipt.Position, "the notice of its inbox");
    }
}
