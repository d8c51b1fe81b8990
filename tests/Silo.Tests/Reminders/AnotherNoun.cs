using System.Collections.Immutable;
using Coordination.Domain.Requests;
using Coordination.Host.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Coordination.Silo.Tests.Reminders;

/// <summary>What any noun gets from the one mechanism, for a state and a rule: here one that rings on days, each at most once.</summary>
[Collection(nameof(SharedSilo))]
public sealed class AnotherNoun(SharedSilo shared)
{
    private readonly RunningSilo _silo = shared.Silo;

    [Trait("On", "both")]
    [Fact]
    public async Task Its_clocks_ring_one_after_the_other_and_each_day_is_rung_for_once()
    {
        var id = Giving.NewId("alarm");
        await Put(id, 0, Day("bell", 2020, 1, 1), Day("bell", 2020, 1, 2), Day("gong", 2020, 1, 1), Day("bell", 2040, 1, 1));

        // The first one is not waited for yet; each of the others is for a wake of its own.
        foreach (var name in (string[])["none", "bell", "bell", "bell", "gong", "gong"]) await Ring(id, name);

        Assert.Equal(["bell", "bell", "gong"], await Rung(id));
        Assert.NotNull(await Clock(id, "bell"));
        Assert.Null(await Clock(id, "gong"));
        Assert.Null(await Clock(id, "none"));
    }

    [Fact]
    public async Task What_a_ring_leaves_to_wait_for_has_its_clock_before_the_ring_is_written()
    {
        var id = Giving.NewId("alarm");
        await Put(id, 0, Day("bell", 2020, 1, 1), Day("then gong", 2040, 1, 1));
        _silo.Disk.Fails = access => access is "Append";
        try
        {
            await Ring(id, "bell");
        }
        finally
        {
            _silo.Disk.Fails = _ => false;
        }

        Assert.Empty(await Rung(id));
        Assert.NotNull(await Clock(id, "gong"));

        await Ring(id, "bell");
        Assert.Equal(["bell"], await Rung(id));
    }

    private Task Put(string id, long version, params Fact[] facts) => _silo.WriteBehind($"alarm/{id}", version, null, Audience.Community, facts);

    private static RequestDateProposed Day(string name, int year, int month, int day) => new(name, new(year, month, day), null);

    private async Task<List<string>> Rung(string id)
    {
        var rung = new List<string>();
        await foreach (var entry in _silo.Disk.Journal.ReadStream($"alarm/{id}", 0, Waiting.Cancellation))
            if (entry.Via.StartsWith("clock:", StringComparison.Ordinal)) rung.Add(entry.Via["clock:".Length..]);
        return rung;
    }

    private Task Ring(string id, string name) => _silo.Grains.GetGrain<IRemindable>(GrainId.Create("alarm", id)).ReceiveReminder(name, default);

    private Task<ReminderEntry?> Clock(string id, string name) =>
        _silo.Services.GetRequiredService<IReminderTable>().ReadRow(GrainId.Create("alarm", id), name)!;
}

/// <summary>Days on which to ring, by the name of the clock. One that is called <c>then NAME</c> waits until a clock has rung.</summary>
/// <param name="Days">The days, with the position that says so, in this order.</param>
public sealed record AlarmState(ImmutableArray<(string Name, DateOnly Day, long Since)> Days) : IWoken
{
    public IEnumerable<Wake> Wakes() => Days.GroupBy(day => day.Name).Select(days => days.First())
        .Where(day => !day.Name.StartsWith("then ", StringComparison.Ordinal))
        .Select(day => new Wake(day.Name, new(day.Day, TimeOnly.MinValue, TimeSpan.Zero), day.Since));

    /// <summary>Written in facts that there are: a date proposed for a day, a withdrawal for a ring.</summary>
    public static AlarmState Evolve(AlarmState? state, Fact fact) => (state ?? new([])) is var now && fact switch
    {
        RequestDateProposed it => new AlarmState(now.Days.Add((it.By, it.Date, it.EntryPosition))),
        RequestDeclined it => new AlarmState([.. now.Days.Remove(now.Days.First(day => day.Name == it.By)).Select(day => day with { Name = day.Name.Replace("then ", "", StringComparison.Ordinal) })]),
        _ => null,
    } is { } next ? next : state ?? new([]);
}

/// <summary>All that a noun with clocks writes: its state's wakes, and the rule.</summary>
public sealed class AlarmGrain(Host.Grains.Deciding deciding) : JournaledGrain<AlarmState>(deciding)
{
    protected override string Kind => "alarm";
    protected override int Form => 1;

    protected override Decision Decide(AlarmState state, Rang rang, in Situation situation) =>
        rang.IsDue(state, situation.Now) ? new RequestDeclined(rang.Name, DeclineGround.Other, null) : Decision.Nothing;

    protected override AlarmState Evolve(AlarmState? state, Fact fact) => AlarmState.Evolve(state, fact);

    protected override Audience AudienceOf(AlarmState state, Fact fact) => Audience.Community;

    protected override IEnumerable<string> TopicsOf(AlarmState state, Fact fact) => [$"alarm/{Id}"];
}
