namespace Coordination.Gateway.Tests.Interfaces;

[Trait("On", "both")]
public sealed class OverARestart
{
    [Fact]
    public async Task Sessions_keys_versions_and_inboxes_are_as_they_were()
    {
        using var folder = new TemporaryFolder();
        object request = new { to = (string[])["valdoria"], kind = "information", subject = "Before the restart" };
        Person ruritania, valdoria;
        Answer opened, accepted, subscribed, inbox;
        await using (var node = await Node.Start(folder.Path))
        {
            ruritania = await node.AsAnother("ruritania");
            valdoria = await node.AsAnother("valdoria");
            opened = (await ruritania.Post("/requests", request, match: null, key: "open-1")).Done();
            accepted = (await valdoria.Post($"/requests/{opened.Id}/accept", new { text = "Yes" }, opened.ETag, "accept-1")).Done();
            subscribed = (await ruritania.Post("/subscriptions", new { about = "groups", regions = (string[])["Africa"] }, match: null, key: "subscribe-1")).Done();
            while ((inbox = await ruritania.Get("/inbox")).Items[0].GetProperty("position").GetInt64() != accepted.Position) TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await using (var node = await Node.Start(folder.Path))
        {
            using var again = ruritania.At(node.Address);
            using var other = valdoria.At(node.Address);
            var position = node.Position;
            (await again.Get("/session")).Done();
            Assert.Equal(accepted.ETag, (await again.Get($"/requests/{opened.Id}")).ETag);
            foreach (var (first, replay) in ((Answer, Answer)[])
            [
                (opened, await again.Post("/requests", request, match: null, key: "open-1")),
                (accepted, await other.Post($"/requests/{opened.Id}/accept", new { text = "Yes" }, opened.ETag, "accept-1")),
                (subscribed, await again.Post("/subscriptions", new { about = "groups", regions = (string[])["Africa"] }, match: null, key: "subscribe-1")),
            ])
            {
                Assert.Equal("true", Assert.Single(replay.Done().Headers.GetValues("Idempotent-Replayed")));
                Assert.Equal(first.Text, replay.Text);
                Assert.Equal(first.ETag, replay.ETag);
            }

            (await again.Post("/requests", new { to = (string[])["valdoria"], kind = "information", subject = "Another" }, match: null, key: "open-1")).Refused(422, "idempotency.key-reused");
            Assert.Equal(inbox.Text, (await again.Get("/inbox")).Text);
            Assert.Equal(position, node.Position);
            Assert.True((await again.Get("/journal/verify")).Json.GetProperty("ok").GetBoolean());
            (await again.Post($"/requests/{opened.Id}/withdraw", new { }, accepted.ETag)).Done();
        }

        ruritania.Dispose();
        valdoria.Dispose();
    }
}
