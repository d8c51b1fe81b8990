using System.Text.Json;

namespace Coordination.Domain.Tests.Groups;

public class UpdatesOfAGroup
{
    [Fact]
    public void Each_is_remembered_with_its_mark_whatever_its_id_and_in_any_order()
    {
        var dice = new Random(7);
        var expected = new Dictionary<string, Mark>();
        var updates = SharedUpdates.None;
        for (var number = 0; number < 1_000; number++)
        {
            var id = number % 10 == 0 ? $"older-{number}" : NewId.Of('u', $"command {number}");
            updates = updates.With(id, expected[id] = (Mark)dice.Next(3));
        }

        var read = JsonSerializer.Deserialize<SharedUpdates>(JsonSerializer.Serialize(updates, FactJson.Options), FactJson.Options)!;
        foreach (var one in (SharedUpdates[])[updates, read, read.With("another", Mark.Public)])
        {
            Assert.All(expected, pair => Assert.Equal(pair.Value, one.MarkOf(pair.Key)));
            Assert.All(Enumerable.Range(0, 1_000), number => Assert.False(one.Contains(NewId.Of('u', $"no command {number}"))));
        }

        Assert.Equal((1_000, 1_000), (updates.Count, read.Count));
        Assert.Same(updates, updates.With(expected.Keys.First(), Mark.Public));
    }

    [Fact]
    public void A_hundred_thousand_of_them_take_eight_bytes_each()
    {
        var updates = SharedUpdates.None;
        for (var number = 0; number < 100_000; number++) updates = updates.With(NewId.Of('u', $"command {number}"), Mark.Parties);
        Assert.Equal(100_000, updates.Count);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(updates, FactJson.Options).Length, 800_000, 1_100_000);
    }
}
