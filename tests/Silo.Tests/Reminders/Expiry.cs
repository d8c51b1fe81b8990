using Coordination.Domain.Requests;
using Coordination.Host.Reminders;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Coordination.Silo.Tests.Reminders;

[Collection(nameof(SharedSilo))]
public sealed class Expiry(SharedSilo shared)
{
    private static readonly DateTimeOffset Past = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly RunningSilo _silo = shared.Silo;

    [Trait("On", "both")]
    [Fact]
    public async Task The_clock_is_set_before_the_request_is_there()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var request = Giving.NewId("request");
        _silo.Disk.Fails = access => access is "Append";
        await _silo.Request(request).Execute(Giving.By(one), new OpenRequest([other], null, RequestKind.Information, "Never written", NeededBy: new(2031, 1, 1))).Refused();
        _silo.Disk.Fails = _ => false;

        Assert.NotNull(await Clock(_silo, request));
        await Ring(_silo, request);
        Assert.Null(await Clock(_silo, request));
    }

    [Fact]
    public async Task A_request_without_a_date_has_no_clock_until_a_date_is_agreed_and_it_is_open_again()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var request = Giving.NewId("request");
        await _silo.Request(request).Give(one, new OpenRequest([other], null, RequestKind.Information, "Whenever"));
        await _silo.Request(request).Give(other, new ProposeDate(new(2031, 1, 1)));
        Assert.Null(await Clock(_silo, request));

        await _silo.Request(request).Give(one, new AcceptRequest());
        Assert.Null(await Clock(_silo, request));

        await _silo.Request(request).Give(other, new DeclineRequest(DeclineGround.NoCapacity));
        Assert.Null(await Clock(_silo, request));

        var call = Giving.NewId("request");
        await _silo.Request(call).Give(one, new OpenRequest([other, await _silo.Admit()], null, RequestKind.Information, "Whenever"));
        await _silo.Request(call).Give(other, new ProposeDate(new(2031, 1, 1)));
        await _silo.Request(call).Give(one, new AcceptRequest());
        await _silo.Request(call).Give(other, new DeclineRequest(DeclineGround.NoCapacity));

        Assert.NotNull(await Clock(_silo, call));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task An_open_request_past_its_date_expires_once_and_the_clock_stops()
    {
        var request = await Opened();

        await Ring(_silo, request);
        await Ring(_silo, request);

        Assert.Equal(["request.opened", "request.expired"], await Facts(request));
        Assert.Null(await Clock(_silo, request));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_request_whose_clock_was_lost_expires_all_the_same()
    {
        var request = await Opened();
        await _silo.Settle();
        Assert.Null(await Clock(_silo, request));

        await _silo.Services.GetRequiredService<ClockWatch>().Look(Waiting.Cancellation);
        await _silo.Services.GetRequiredService<ClockWatch>().Look(Waiting.Cancellation);

        Assert.Equal(["request.opened", "request.expired"], await Facts(request));
    }

    [Fact]
    public async Task Of_those_whose_clocks_were_lost_one_that_fails_does_not_hold_up_the_others()
    {
        string[] requests = [await Opened(), await Opened()];
        await _silo.Settle();
        var hasFailed = false;
        _silo.Disk.Fails = access => access is "ReadStream" && !hasFailed && (hasFailed = true) ? throw new InvalidOperationException("Told to fail.") : false;
        try
        {
            await _silo.Services.GetRequiredService<ClockWatch>().Look(Waiting.Cancellation);
        }
        finally
        {
            _silo.Disk.Fails = _ => false;
        }

        Assert.True(hasFailed);
        Assert.Contains("request.expired", (await Facts(requests[0])).Concat(await Facts(requests[1])));

        await _silo.Services.GetRequiredService<ClockWatch>().Look(Waiting.Cancellation);
        foreach (var request in requests) Assert.Equal(["request.opened", "request.expired"], await Facts(request));
    }

    [Fact]
    public async Task An_accepted_request_does_not_expire_but_one_that_is_open_again_does()
    {
        var request = await Opened();
        await _silo.WriteBehind($"request/{request}", 1, "other", Audience.Community, new RequestAccepted("other", null, null));
        await Ring(_silo, request);
        Assert.Equal(["request.opened", "request.accepted"], await Facts(request));

        await _silo.WriteBehind($"request/{request}", 2, "other", Audience.Community, new RequestDeclined("other", DeclineGround.NoCapacity, null));
        await Ring(_silo, request);

        Assert.Equal(["request.opened", "request.accepted", "request.declined", "request.expired"], await Facts(request));
    }

    [Fact]
    public async Task A_clock_that_rings_early_is_set_again()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var request = Giving.NewId("request");
        await _silo.Request(request).Give(one, new OpenRequest([other], null, RequestKind.Information, "In years", NeededBy: new(2040, 1, 1)));
        var before = await Clock(_silo, request);

        await Ring(_silo, request);

        var after = await Clock(_silo, request);
        Assert.Equal(["request.opened"], await Facts(request));
        Assert.NotEqual(before!.ETag, after!.ETag);
        Assert.InRange(after.StartAt - TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromDays(29), TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task What_comes_of_a_clock_names_it_and_follows_from_the_entry_that_set_it()
    {
        var request = await Opened();
        await Ring(_silo, request);

        var entries = new List<Entry>();
        await foreach (var entry in _silo.Disk.Journal.ReadStream($"request/{request}", 0, Waiting.Cancellation)) entries.Add(entry);

        Assert.Equal(("clock:expiry", Actor.Platform.Account, entries[0].Position), (entries[1].Via, entries[1].Actor, entries[1].Cause));
    }

    [Fact]
    public async Task A_clock_that_rings_while_the_disk_is_away_is_not_stopped()
    {
        var (one, other) = (await _silo.Admit(), await _silo.Admit());
        var request = Giving.NewId("request");
        await _silo.Request(request).Give(one, new OpenRequest([other], null, RequestKind.Information, "In years", NeededBy: new(2040, 1, 1)));
        await _silo.Request(request).Deactivate();
        _silo.Disk.Fails = access => access is "ReadStream" or "ReadSnapshot";
        try
        {
            await Ring(_silo, request);
        }
        finally
        {
            _silo.Disk.Fails = _ => false;
        }

        Assert.NotNull(await Clock(_silo, request));
    }

    [Trait("On", "both")]
    [Fact]
    public async Task A_clock_survives_a_restart_and_rings_by_itself()
    {
        await using var first = await RunningSilo.Start();
        var (one, other) = (await first.Admit("one"), await first.Admit("other"));
        var opened = (await first.Request("late").Give(one, new OpenRequest([other], null, RequestKind.Information, "In years", NeededBy: new(2040, 1, 1)))).Position;
        var set = await Clock(first, "late");
        var folder = await first.Stop();
        // Years later, a few seconds before the clock's next round: Orleans does not make up for those it slept through.
        var start = TimeProvider.System.GetUtcNow().AddHours(-3).AddSeconds(6).UtcDateTime.ToString("O");
        folder.Tamper(ClusterServers.Wanted
            ? $"UPDATE orleans.reminders SET starttime = '{start}'"
            : $"UPDATE records SET data = CAST(json_set(CAST(data AS TEXT), '$.StartAt', '{start}') AS BLOB) WHERE kind = 'reminder'");
        folder.Tamper(ClusterServers.Wanted
            ? "UPDATE entries SET data = convert_to(jsonb_set(convert_from(data, 'UTF8')::jsonb, '{expiresAt}', '\"2021-01-01T00:00:00+00:00\"')::text, 'UTF8') WHERE fact = 'request.opened'"
            : "UPDATE entries SET data = CAST(json_set(CAST(data AS TEXT), '$.expiresAt', '2021-01-01T00:00:00+00:00') AS BLOB) WHERE fact = 'request.opened'");

        await RunningSilo.Vouch(folder, rechained: true);

        await using var second = await RunningSilo.Start(folder);
        Assert.NotNull(set);
        await second.Disk.Journal.WaitBeyond(opened, Waiting.Cancellation).Until("the clock rings");

        Assert.Equal("request.expired", Assert.Single(await second.Disk.Journal.ReadFrom(opened, 10, Waiting.Cancellation)).Fact);
    }

    private async Task<string> Opened()
    {
        var request = Giving.NewId("request");
        await _silo.WriteBehind($"request/{request}", 0, "one", Audience.Community, new RequestOpened(
            "one", [], "Africa", RequestKind.Information, "Long ago", null, null, Mark.Community, Urgency.Routine, new(2020, 12, 31), Past, [], null, null, false));
        return request;
    }

    private async Task<List<string>> Facts(string request)
    {
        var facts = new List<string>();
        await foreach (var entry in _silo.Disk.Journal.ReadStream($"request/{request}", 0, Waiting.Cancellation)) facts.Add(entry.Fact);
        return facts;
    }

    private static Task Ring(RunningSilo silo, string request) => silo.Request(request).AsReference<IRemindable>().ReceiveReminder("expiry", default);

    private static Task<ReminderEntry?> Clock(RunningSilo silo, string request) =>
        silo.Services.GetRequiredService<IReminderTable>().ReadRow(silo.Request(request).GetGrainId(), "expiry")!;
}
