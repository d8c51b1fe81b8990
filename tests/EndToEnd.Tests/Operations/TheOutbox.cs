using Coordination.Journal;
using Coordination.Journal.Sqlite;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>What an operator does about deliveries that cannot be sent.</summary>
public sealed class TheOutbox
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_cannot_be_sent_is_listed_retried_and_dropped()
    {
        using var folder = new DataFolder();
        string[] data = ["--data", folder.Path];
        await Change(folder, async outbox =>
        {
            await outbox.Mark("letters", 0, Waiting.Cancellation);
            await outbox.Put("letters", 0, 9, [New(1, "a-1"), New(2, "a-2"), New(3, "a-3"), New(4, "a-4")], Noon, Waiting.Cancellation);
            var taken = await outbox.Take("mail", Noon, Noon.AddMinutes(1), 9, Waiting.Cancellation);
            await outbox.Note([.. taken.Take(3).Select(row => new Sending.Never(row, "No such recipient.")), new Sending.Later(taken[3], Noon.AddHours(1), "Busy.")], Noon, Waiting.Cancellation);
        });

        var listed = await Tool.Succeed(null, ["outbox", "list", .. data]);
        Assert.Contains("mail  to a-1  letters/1/0  since 2026-03-01 12:00:00Z  1 attempts", listed, StringComparison.Ordinal);
        Assert.Contains("No such recipient.", listed, StringComparison.Ordinal);
        Assert.Contains("mail: 1 wait, the oldest since 2026-03-01 12:00:00Z; 3 given up", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("a-4", listed, StringComparison.Ordinal);
        Assert.Contains("Busy. Next at 2026-03-01 13:00:00Z.", await Tool.Succeed(null, ["outbox", "list", "--waiting", .. data]), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await Tool.Succeed(null, ["outbox", "list", "--json", "--limit", "2", .. data]));
        var numbers = json.RootElement.GetProperty("deliveries").EnumerateArray().Select(row => (row.GetProperty("number").GetInt64(), row.GetProperty("state").GetString())).ToList();
        Assert.Equal(2, numbers.Count);
        Assert.All(numbers, row => Assert.Equal("given-up", row.Item2));
        Assert.Equal(3, json.RootElement.GetProperty("channels")[0].GetProperty("givenUp").GetInt64());

        var first = numbers[0].Item1.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("1 deliveries are dropped", await Tool.Succeed(null, ["outbox", "drop", first, .. data]), StringComparison.Ordinal);
        var (code, _, errors) = await Tool.Run(null, ["outbox", "retry", first, .. data]);
        Assert.Equal(1, code);
        Assert.Contains($"There is no delivery {first}", errors, StringComparison.Ordinal);
        Assert.Contains("2 deliveries are due again", await Tool.Succeed(null, ["outbox", "retry", "--channel", "mail", .. data]), StringComparison.Ordinal);
        Assert.Equal(64, (await Tool.Run(null, ["outbox", "drop", .. data])).Code);

        await Change(folder, async outbox => Assert.Equal([2, 3, 4], (await outbox.List("mail", OutgoingState.Waiting, 0, 9, Waiting.Cancellation)).Select(row => row.Position)));
    }

    [Fact]
    public async Task Where_nothing_waits_it_says_so()
    {
        using var folder = new DataFolder();
        await Change(folder, _ => Task.CompletedTask);
        Assert.Contains("Nothing waits, and nothing was given up.", await Tool.Succeed(null, "outbox", "list", "--data", folder.Path), StringComparison.Ordinal);
    }

    private static async Task Change(DataFolder folder, Func<IOutbox, Task> change)
    {
        await using var store = await SqliteStore.Open(new() { Folder = folder.Path }, Waiting.Cancellation);
        await change(store.Outbox);
    }

    private static NewOutgoing New(long position, string recipient) => new(position, 0, "mail", recipient, "plan/p", []);
}
