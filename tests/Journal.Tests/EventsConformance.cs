using System.Text;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

/// <summary>What every store of events owes its callers. One fresh store per test.</summary>
public abstract class EventsConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected IEvents Events { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Events = await Open();

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Remove();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test: a fresh one at first, afterwards what was closed.</summary>
    protected abstract Task<IEvents> Open();

    protected abstract Task Close();

    protected abstract Task Remove();

    [Fact]
    public async Task Events_come_back_as_they_were_newest_first_also_after_reopening()
    {
        await Events.Note([New("knock", account: "a-1", about: "a-2", place: [1, 0, 255], at: Noon.AddTicks(10)), New("enter", data: [])], Cancellation);
        await ShouldBeThere();
        await Close();
        Events = await Open();
        await ShouldBeThere();
        await Events.Note([New("leave")], Cancellation);
        Assert.Equal(["leave", "enter", "knock"], await Names());

        async Task ShouldBeThere()
        {
            var events = await Read();
            Assert.Equal(["enter", "knock"], events.Select(it => it.Name));
            Assert.True(events[0].Number > events[1].Number);
            Assert.Equal((Noon.AddTicks(10), "a-1", "a-2"), (events[1].At, events[1].Account, events[1].About));
            Assert.Equal([1, 0, 255], events[1].Place);
            Assert.Equal("{}", Encoding.UTF8.GetString(events[1].Data));
            Assert.Null(events[0].Account);
            Assert.Null(events[0].About);
            Assert.Null(events[0].Place);
            Assert.Empty(events[0].Data);
        }
    }

    [Fact]
    public async Task Each_scope_is_read_by_itself_by_name_by_account_and_on_from_any_number()
    {
        for (var i = 0; i < 30; i++)
            await Events.Note([New(i % 2 == 0 ? "even" : "odd", scope: i % 3 == 0 ? "" : "finland", account: $"a-{i % 5}", about: i == 7 ? "a-0" : null)], Cancellation);
        Assert.Equal(10, (await Events.Read("", null, null, null, 100, Cancellation)).Count);
        Assert.Equal(20, (await Events.Read("finland", null, null, null, 100, Cancellation)).Count);
        Assert.Empty(await Events.Read("chile", null, null, null, 100, Cancellation));
        Assert.All(await Events.Read("", "odd", null, null, 100, Cancellation), it => Assert.Equal("odd", it.Name));
        Assert.Equal(5, (await Events.Read("", "odd", null, null, 100, Cancellation)).Count);
        var ofOne = await Events.Read("finland", null, "a-0", null, 100, Cancellation);
        Assert.Equal(5, ofOne.Count);
        Assert.Single(ofOne, it => it.About == "a-0");
        Assert.All(await Events.Read("finland", "even", "a-0", null, 100, Cancellation), it => Assert.Equal(("even", "a-0"), (it.Name, it.Account)));

        var seen = new List<long>();
        for (long? before = null; await Events.Read("finland", null, null, before, 7, Cancellation) is { Count: > 0 } page; before = page[^1].Number)
            seen.AddRange(page.Select(it => it.Number));
        Assert.Equal(20, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public async Task The_places_of_an_account_are_forgotten_and_nobody_elses()
    {
        await Events.Note([New("one", account: "a-1", place: [1]), New("two", about: "a-1", place: [2]), New("three", account: "a-2", place: [3])], Cancellation);
        await Events.ForgetPlaces("a-1", Cancellation);
        Assert.Equal([[3], null, null], (await Read()).Select(it => it.Place));
    }

    [Fact]
    public async Task What_is_old_goes_and_places_go_before()
    {
        await Events.Note([New("old", at: Noon.AddDays(-400), place: [1]), New("late", at: Noon.AddDays(-40), place: [1]), New("new", place: [1])], Cancellation);
        await Events.Pass(Noon.AddDays(-365), Noon.AddDays(-30), 1_000, ["more"], Cancellation);
        Assert.Equal(["new", "late"], await Names());
        Assert.Equal([[1], null], (await Read()).Select(it => it.Place));
        await Events.Note([.. Enumerable.Range(0, 2_500).Select(i => New("more"))], Cancellation);
        await Events.Pass(Noon.AddDays(-365), Noon.AddDays(-30), 100, ["more"], Cancellation);
        Assert.Equal(100, (await Events.Read("", "more", null, null, 5_000, Cancellation)).Count);
        // However many there are of what anybody brings about.
        Assert.Equal(2, (await Events.Read("", null, null, null, 5_000, Cancellation)).Count(it => it.Name != "more"));
    }

    private static NewEvent New(string name, string scope = "", string? account = null, string? about = null, byte[]? place = null, byte[]? data = null, DateTimeOffset? at = null) =>
        new(at ?? Noon, scope, name, account, about, place, data ?? "{}"u8.ToArray());

    private Task<IReadOnlyList<Event>> Read() => Events.Read("", null, null, null, 100, Cancellation);

    private async Task<IEnumerable<string>> Names() => (await Read()).Select(it => it.Name);
}
