using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>Sessions end by themselves, and what cannot be undone asks for the password again.</summary>
public sealed class TimesOfSessions
{
    [Fact]
    public async Task A_session_slides_twelve_hours_at_most_seven_days_and_asks_again_before_a_grant()
    {
        var time = new Later();
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false, adjust: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var administrator = await node.As("administrator");
        (await administrator.Post("/bodies", new { id = "freedonia", kind = "state", name = "Freedonia" }, match: null)).Done();

        time.By += TimeSpan.FromMinutes(16);
        object role = new { account = "r.firefly", role = "coordinator" };
        (await administrator.Post("/bodies/freedonia/invitations", role, match: null)).Refused(403, "session.confirm");
        (await administrator.Post("/journal/erasures", new { positions = new[] { 1 }, reason = "Reason" }, match: null)).Refused(403, "session.confirm");
        (await administrator.Delete("/accounts/a-22222222")).Refused(403, "session.confirm");
        (await administrator.Post("/session/confirm", new { password = "not-the-password" }, match: null)).Refused(400, "session.wrong-password");
        (await administrator.Post("/bodies/freedonia/invitations", role, match: null)).Refused(403, "session.confirm");
        (await administrator.Post("/session/confirm", new { password = node.AdministratorPassword }, match: null)).Done();
        (await administrator.Post("/bodies/freedonia/invitations", role, match: null)).Done();

        using var other = await node.AsAnother("administrator");
        for (var used = 0; used < 15; used++)
        {
            time.By += TimeSpan.FromHours(11);
            (await administrator.Get("/bodies")).Done();
            // Not used for 22 hours, the second one has ended.
            if (used == 1) (await other.Get("/bodies")).Refused(401, "session.required");
        }

        time.By += TimeSpan.FromHours(4);
        (await administrator.Get("/bodies")).Refused(401, "session.required");
    }

    [Fact]
    public async Task A_body_says_a_shorter_time_and_what_no_person_asks_for_prolongs_nothing()
    {
        var time = new Later();
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, adjust: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var coordinator = await node.As("uruguay");
        (await coordinator.Post("/bodies/uruguay/profile", new { idleMinutes = 4 })).Refused(400, "request.invalid");
        (await coordinator.Post("/bodies/uruguay/profile", new { idleMinutes = 30 })).Done();
        Assert.Equal(30, (await coordinator.Get("/bodies/uruguay")).Json.GetProperty("idleMinutes").GetInt32());
        Assert.False((await (await node.As("chile")).Get("/bodies/uruguay")).Json.TryGetProperty("idleMinutes", out _));
        await using var watch = await coordinator.Watch();

        foreach (var _ in Enumerable.Range(0, 3))
        {
            time.By += TimeSpan.FromMinutes(20);
            (await coordinator.Get("/plans")).Done();
        }

        time.By += TimeSpan.FromMinutes(20);
        (await coordinator.Get("/plans", Unattended)).Done();
        var ends = (await coordinator.Get("/session", Unattended)).Done().Json.GetProperty("ends").GetDateTimeOffset();
        Assert.InRange(ends - time.GetUtcNow(), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        time.By += TimeSpan.FromMinutes(11);
        (await coordinator.Get("/plans", Unattended)).Refused(401, "session.required");
        await watch.Until(heard => heard.What == "SignedOut", "the goodbye to a line that nobody used", TimeSpan.FromSeconds(60));
        // The other body has said nothing.
        (await (await node.As("chile")).Get("/plans")).Done();
    }

    [Fact]
    public async Task The_password_given_again_gives_seven_more_days()
    {
        var time = new Later();
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, adjust: builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var person = await node.AsAnother("uruguay");
        for (var day = 0; day < 13; day++)
        {
            time.By += TimeSpan.FromHours(11.9);
            (await person.Get("/plans")).Done();
        }

        (await person.Post("/session/confirm", new { password = node.DemonstrationPassword }, match: null)).Done();
        for (var day = 0; day < 13; day++)
        {
            time.By += TimeSpan.FromHours(11.9);
            (await person.Get("/plans")).Done();
        }

        Assert.InRange((await person.Get("/session")).Done().Json.GetProperty("endsForGood").GetDateTimeOffset() - time.GetUtcNow(), TimeSpan.FromHours(13), TimeSpan.FromHours(14));
        time.By += TimeSpan.FromHours(11.9);
        (await person.Get("/plans")).Done();
        time.By += TimeSpan.FromHours(3);
        (await person.Get("/plans")).Refused(401, "session.required");
    }

    [Fact]
    public async Task Whoever_gave_the_password_within_seven_days_has_a_day_to_object_however_short_a_time_the_body_allows()
    {
        var time = new Later();
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, adjust: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var person = await Person.Invite(await node.AsAnother("uruguay"), "uruguay", "attentive", "observer");
        using (var coordinator = await node.AsAnother("uruguay")) (await coordinator.Post("/bodies/uruguay/profile", new { idleMinutes = 5 })).Done();
        time.By += TimeSpan.FromMinutes(6);
        (await person.Get("/plans")).Refused(401, "session.required");

        (await Link()).Refused(409, "account.reset-waits");
        time.By += TimeSpan.FromDays(8);
        Assert.NotNull(Person.TokenIn(await Link()));
        person.Dispose();

        async Task<Answer> Link()
        {
            using var coordinator = await node.AsAnother("uruguay");
            using var administrator = await node.AsAnother("administrator");
            (await coordinator.Post($"/accounts/{person.Account}/reset", null, match: null)).Done();
            (await administrator.Post($"/accounts/{person.Account}/reset/agree", null, match: null)).Done();
            return await coordinator.Post($"/accounts/{person.Account}/reset/link", null, match: null);
        }
    }

    private static readonly (string, string) Unattended = ("Unattended", "?1");

    private sealed class Later : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;

        // What is known for half a second is asked again at once.
        public override long GetTimestamp() => base.GetTimestamp() + (long)(By.TotalSeconds * TimestampFrequency);
    }
}
