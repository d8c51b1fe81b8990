namespace Coordination.Gateway.Tests.Telemetry;

[Trait("On", "both")]
public sealed class OneTrace
{
    [Fact]
    public async Task Runs_from_the_request_over_the_journal_and_the_bus_to_the_push()
    {
        await using var collector = await Collector.Start();
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Otlp = collector.Address });
        using var finland = await node.AsAnother("finland");
        using var argentina = await node.AsAnother("argentina");
        await using var watch = await argentina.Watch();
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var written = (await finland.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "Traced" }, match: null, headers: ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"))).Done();
        await watch.Told(written.Position);

        // Each follows from the one before it.
        foreach (var (name, parent) in ((string, string)[])
        [
            ("POST /api/v1/requests/", ""), ("IRequestGrain/Execute", "POST /api/v1/requests/"), ("journal.append", "IRequestGrain/Execute"),
            ("relay.publish", "journal.append"), ("inboxes.deliver", "relay.publish"), ("gateway.hear", "relay.publish"), ("viewer.push", "gateway.hear"),
        ])
        {
            var span = await collector.Until(Trace, name);
            if (parent.Length == 0) continue;
            var above = collector.Of(Trace).Where(other => other.Id == span.Parent).ToList();
            Assert.True(above.Exists(other => other.Name == parent), $"{name} follows from {string.Join(", ", above.Select(other => other.Name))} and not from {parent}. {string.Join(" | ", collector.Of(Trace))}");
        }
    }

    [Fact]
    public async Task Is_not_made_of_what_its_caller_does_not_record()
    {
        await using var collector = await Collector.Start();
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, with: settings => settings with { Otlp = collector.Address });
        using var finland = await node.AsAnother("finland");
        await using var watch = await finland.Watch();
        const string Trace = "1bf7651916cd43dd8448eb211c80319c";
        foreach (var (flags, trace) in ((string, string)[])[("00", Trace), ("01", "2bf7651916cd43dd8448eb211c80319c")])
        {
            var written = (await finland.Post("/groups", new { name = "Traced or not" }, match: null, headers: ("traceparent", $"00-{trace}-b7ad6b7169203331-{flags}"))).Done();
            await watch.Told(written.Position);
        }

        await collector.Until("2bf7651916cd43dd8448eb211c80319c", "viewer.push");
        Assert.Empty(collector.Of(Trace));
    }
}
