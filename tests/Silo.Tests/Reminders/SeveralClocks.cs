using Coordination.Domain.Bodies;
using Coordination.Domain.Groups;
using Coordination.Domain.Plans;
using Coordination.Domain.Requests;
using Coordination.Domain.Subscriptions;
using Coordination.Host.Reminders;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Orleans.Timers;

namespace Coordination.Silo.Tests.Reminders;

/// <summary>Clocks of a state that has several.</summary>
public sealed class SeveralClocks
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly GrainId Grain = GrainId.Create("alarm", "a");
    private readonly FakeTimeProvider _time = new(Start);
    private readonly Table _table;
    private readonly Clocks _clocks;

    public SeveralClocks()
    {
        _table = new(_time);
        _clocks = new(_table, _time, NullLogger<Clocks>.Instance);
    }

    [Fact]
    public async Task Each_name_has_a_clock_of_its_own()
    {
        await _clocks.Set(Grain, null, Waiting(("one", 5), ("two", 7)));
        Assert.Equal([("one", Start.AddDays(5)), ("two", Start.AddDays(7))], _table.Rings);
    }

    [Fact]
    public async Task Only_a_clock_that_must_ring_sooner_is_set_again()
    {
        var before = Waiting(("one", 5), ("two", 7));
        await _clocks.Set(Grain, null, before);
        _table.Writes = 0;

        await _clocks.Set(Grain, before, Waiting(("one", 6), ("two", 7)));
        Assert.Equal(0, _table.Writes);

        await _clocks.Set(Grain, before, Waiting(("one", 5), ("two", 3)));
        Assert.Equal([("one", Start.AddDays(5)), ("two", Start.AddDays(3))], _table.Rings);
        Assert.Equal(1, _table.Writes);
    }

    [Fact]
    public async Task One_that_was_postponed_rings_early_and_is_then_set_for_when_it_is_wanted()
    {
        var before = Waiting(("one", 5));
        await _clocks.Set(Grain, null, before);
        var after = Waiting(("one", 9));
        await _clocks.Set(Grain, before, after);

        Assert.Equal([Start.AddDays(5), Start.AddDays(9)], await Until(after));
    }

    [Fact]
    public async Task A_moment_in_the_past_rings_at_once()
    {
        await _clocks.Set(Grain, null, Waiting(("one", -400)));
        Assert.Equal([("one", Start)], _table.Rings);
    }

    [Fact]
    public async Task A_moment_beyond_what_Orleans_admits_is_reached_in_steps()
    {
        var state = Waiting(("one", 100));
        await _clocks.Set(Grain, null, state);
        Assert.Equal([Start.AddDays(30), Start.AddDays(60), Start.AddDays(90), Start.AddDays(100)], await Until(state));
    }

    [Fact]
    public async Task The_last_moment_there_is_is_waited_for_like_any_other()
    {
        await _clocks.Set(Grain, null, new Alarms([new("one", DateTimeOffset.MaxValue)]));
        Assert.Equal([("one", Start.AddDays(30))], _table.Rings);
    }

    [Fact]
    public async Task One_that_nobody_waits_for_any_more_stops_when_it_rings()
    {
        await _clocks.Set(Grain, null, Waiting(("one", 5), ("two", 7)));
        var rung = await _clocks.Find(Grain, "one");
        await _clocks.Settle(Grain, rung, "one", Waiting(("two", 7)));
        Assert.Equal([("two", Start.AddDays(7))], _table.Rings);
    }

    [Fact]
    public async Task One_that_another_activation_has_set_meanwhile_is_not_stopped()
    {
        await _clocks.Set(Grain, null, Waiting(("one", 5)));
        var rung = await _clocks.Find(Grain, "one");
        await _clocks.Set(Grain, null, Waiting(("one", 8)));
        await Assert.ThrowsAnyAsync<Exception>(() => _clocks.Settle(Grain, rung, "one", null));
        Assert.Equal([("one", Start.AddDays(8))], _table.Rings);
    }

    [Fact]
    public async Task A_table_that_fails_makes_the_command_fail_as_a_journal_does()
    {
        _table.Fails = true;
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _clocks.Set(Grain, null, Waiting(("one", 5))));
    }

    [Fact]
    public async Task A_table_that_fails_does_not_keep_anybody_from_what_a_clock_has_rung_for()
    {
        await _clocks.Set(Grain, null, Waiting(("one", 5)));
        _table.Fails = true;
        Assert.Null(await _clocks.Find(Grain, "one"));
        await _clocks.Settle(Grain, null, "one", null);
        Assert.Equal([("one", Start.AddDays(5))], _table.Rings);
    }

    [Fact]
    public void The_substitute_sees_every_kind_of_state_that_waits_for_clocks()
    {
        var world = new World(new(), _time);
        // One of each kind of stream. Those that have clocks wait for one.
        (string Stream, Fact Fact)[] all =
        [
            ("body/one", new BodyAdmitted("one", BodyKind.State, "One", null, null, null, null, null, null, null, null, null, null, [], [], null, false)),
            ("plan/p", new PlanDrafted("one", null, "A plan", null, null, PlanStatus.Drafting, Mark.Public, null, null, false)),
            ("request/r", new RequestOpened("one", [], "Africa", RequestKind.Information, "Please", null, null, Mark.Public, Urgency.Routine, null, Start, [], null, null, false)),
            ("group/g", new GroupFormed("A group", ["one"], [], null, null, false)),
            ("inbox/one", new Subscribed("s", SubscriptionSubject.Requests, [], [], [], [], [])),
        ];
        foreach (var (stream, fact) in all)
        {
            var ((name, form), stored) = (FactJson.NameOf(fact), FactJson.Write(fact));
            world.Apply(new(world.Position + 1, [], stream, 1, name, form, Start, "a", "one", [], "{}"u8.ToArray(), stored.Data, stored.Texts, null, null, "web", null, []));
        }

        var waiting = typeof(IWoken).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IWoken)) && !type.IsInterface && !type.IsAbstract);

        Assert.Equal(waiting.Select(type => type.Name).Order(), world.States.Select(one => one.State.GetType().Name).Order());
        Assert.All(world.States, one => Assert.NotEmpty(one.State.Wakes()));
    }

    /// <summary>Lets time pass until the state's clock has come, and answers when it rang.</summary>
    private async Task<List<DateTimeOffset>> Until(Alarms state)
    {
        var rung = new List<DateTimeOffset>();
        do
        {
            var next = _table.Rings.Single().At;
            _time.SetUtcNow(next);
            rung.Add(next);
            await _clocks.Settle(Grain, await _clocks.Find(Grain, "one"), "one", state);
        }
        while (state.Wakes().Single().At > rung[^1]);
        return rung;
    }

    private static Alarms Waiting(params (string Name, int Days)[] wakes) => new([.. wakes.Select(wake => new Wake(wake.Name, Start.AddDays(wake.Days)))]);

    private sealed record Alarms(Wake[] Waits) : IWoken
    {
        public IEnumerable<Wake> Wakes() => Waits;
    }

    /// <summary>Reminders as Orleans keeps them: one of each name, and what was changed since cannot be removed.</summary>
    private sealed class Table(TimeProvider time) : IReminderRegistry
    {
        private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

        public bool Fails { get; set; }
        public int Writes { get; set; }
        public IEnumerable<(string Name, DateTimeOffset At)> Rings => _rows.Values.Select(row => (row.ReminderName, row.At));

        public Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
        {
            if (Fails) throw new TimeoutException("The table does not answer.");
            Assert.InRange(dueTime, TimeSpan.Zero, TimeSpan.FromDays(49));
            Writes++;
            return Task.FromResult<IGrainReminder>(_rows[reminderName] = new(reminderName, time.GetUtcNow() + dueTime));
        }

        public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
        {
            if (!ReferenceEquals(_rows.GetValueOrDefault(reminder.ReminderName), reminder)) throw new InvalidOperationException("It was changed since.");
            _rows.Remove(reminder.ReminderName);
            return Task.CompletedTask;
        }

        public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) =>
            Fails ? throw new TimeoutException("The table does not answer.") : Task.FromResult<IGrainReminder?>(_rows.GetValueOrDefault(reminderName));

        public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => Task.FromResult<List<IGrainReminder>>([.. _rows.Values]);

        private sealed record Row(string ReminderName, DateTimeOffset At) : IGrainReminder;
    }
}
