namespace Coordination.Gateway.Tests.Live;

[Trait("On", "both")]
public sealed class ComingBack(RunningNode running)
{
    private const int Writes = 300;

    private Node Node => running.Node;

    [Fact]
    public async Task Whoever_follows_first_and_then_reads_misses_nothing_and_hears_nothing_twice()
    {
        var (writer, reader) = (await Node.As("finland"), await Node.As("argentina"));
        var group = (await writer.Post("/groups", new { name = $"Group {Guid.NewGuid():N}", members = (string[])["argentina"] }, match: null)).Id;
        await reader.Join(group);
        var last = Node.Position;
        var had = new List<(long Position, string Text)>();
        var written = new List<(long Position, string Text)>();
        var final = new TaskCompletionSource<long>();
        var writing = Write();

        for (var round = 0; had.Count < Writes; round++)
        {
            Assert.True(round < Writes, $"After {round} connections only {had.Count} of {Writes} updates have come.");
            await using var watch = await reader.Watch($"group/{group}");
            while ((await reader.Get($"/feed?after={last}&topic=group/{group}&limit=40")).Done() is { Items.Length: > 0 } page)
                foreach (var entry in page.Items) Take(entry);

            // Stays for a while, a different one each time, and is cut off.
            var enough = last + 3 + (round * 7 % 19);
            await watch.Until(
                heard => (heard.What == "Changed" && heard.Position >= enough) || (final.Task.IsCompletedSuccessfully && (last >= final.Task.Result || heard.Position >= final.Task.Result)),
                $"the change at {enough} or the last one");
            foreach (var heard in watch.All.Where(heard => heard.What == "Changed")) Take(heard.Said);
        }

        await writing;
        Assert.Equal(written, had);

        async Task Write()
        {
            for (var number = 0; number < Writes; number++)
            {
                var text = $"Update {number}";
                written.Add(((await writer.Post($"/groups/{group}/updates", new { text }, match: null)).Position, text));
            }

            final.SetResult(written[^1].Position);
        }

        void Take(JsonElement entry)
        {
            var position = entry.GetProperty("position").GetInt64();
            if (position <= last) return;
            last = position;
            had.Add((position, entry.GetProperty("data").GetProperty("text").GetString()!));
        }
    }
}
