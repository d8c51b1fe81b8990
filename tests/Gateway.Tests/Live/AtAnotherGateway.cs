namespace Coordination.Gateway.Tests.Live;

public sealed class AtAnotherGateway
{
    private const int Writes = 120;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_is_cut_and_comes_back_elsewhere_misses_nothing_and_hears_nothing_twice(bool someMessagesAreLost)
    {
        await using var two = await TwoGateways.Start();
        if (someMessagesAreLost) two.Arrives = (gateway, message) => (message.Position + gateway) % 3 != 0;
        using var writer = await Person.SignIn(two.A, "finland", TwoGateways.Password);
        using var reader = await Person.SignIn(two.A, "argentina", TwoGateways.Password);
        using var writerAtB = writer.At(two.B);
        using var readerAtB = reader.At(two.B);
        var group = (await writer.Post("/groups", new { name = $"Group {Guid.NewGuid():N}", members = (string[])["argentina"] }, match: null)).Id;
        var joined = await reader.Join(group);
        // Where the reader's gateway is may be before that.
        var last = Math.Max(joined.Position, (await reader.Get("/session")).Json.GetProperty("position").GetInt64());
        var (had, written) = (new List<long>(), new List<long>());
        var final = new TaskCompletionSource<long>();
        var writing = Write();

        for (var round = 0; had.Count < Writes; round++)
        {
            Assert.True(round < Writes, $"After {round} connections only {had.Count} of {Writes} updates have come.");
            var here = round % 2 == 0 ? reader : readerAtB;
            await using var watch = await here.Watch($"group/{group}");
            while ((await here.Get($"/feed?after={last}&topic=group/{group}&limit=40")).Done() is { Items.Length: > 0 } page)
                foreach (var entry in page.Items) Take(entry.GetProperty("position").GetInt64());

            // Stays for a while, a different one each time, and is cut off.
            var enough = last + 3 + (round * 7 % 13);
            await watch.Until(
                heard => (heard.What == "Changed" && heard.Position >= enough) || (final.Task.IsCompletedSuccessfully && (last >= final.Task.Result || heard.Position >= final.Task.Result)),
                $"the change at {enough} or the last one");
            foreach (var position in watch.Positions) Take(position);
        }

        await writing;
        Assert.Equal(written, had);

        async Task Write()
        {
            for (var number = 0; number < Writes; number++)
                written.Add((await (number % 2 == 0 ? writer : writerAtB).Post($"/groups/{group}/updates", new { text = $"Update {number}" }, match: null)).Position);
            final.SetResult(written[^1]);
        }

        void Take(long position)
        {
            if (position <= last) return;
            last = position;
            had.Add(position);
        }
    }

    [Fact]
    public async Task Without_messages_changes_are_told_two_looks_later()
    {
        await using var two = await TwoGateways.Start();
        two.Arrives = (_, _) => false;
        using var writer = await Person.SignIn(two.A, "finland", TwoGateways.Password);
        using var reader = await Person.SignIn(two.B, "argentina", TwoGateways.Password);
        await using var watch = await reader.Watch();
        for (var time = 0; time < 5; time++)
        {
            var written = await writer.Post("/requests", new { to = (string[])["argentina"], kind = "information", subject = "Without a message" }, match: null);
            await watch.Told(written.Position, TimeSpan.FromSeconds(3));
        }

        Assert.Equal(5, watch.Positions.Length);
    }

    [Fact]
    public async Task Two_that_start_at_once_for_the_first_time_protect_with_the_same_key()
    {
        await using var two = await TwoGateways.Start();
        var people = await Task.WhenAll(
            Person.SignIn(two.A, "finland", TwoGateways.Password), Person.SignIn(two.B, "argentina", TwoGateways.Password),
            Person.SignIn(two.A, "sweden", TwoGateways.Password), Person.SignIn(two.B, "austria", TwoGateways.Password));
        foreach (var person in people)
        {
            // The cookie and the token of one are good at the other, for reads, for writes and for live connections.
            using var elsewhere = person.At(person.Address == two.A ? two.B : two.A);
            Assert.Equal(person.Account, (await elsewhere.Get("/session")).Done().Json.GetProperty("account").GetString());
            (await elsewhere.Post("/subscriptions", new { about = "groups" }, match: null)).Done();
            await using var watch = await elsewhere.Watch();
            person.Dispose();
        }

        var record = Assert.Single(await two.Store.Records.List("key", TestContext.Current.CancellationToken));
        Assert.Equal(1, JsonDocument.Parse(record.Data).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Signing_out_at_one_ends_the_live_connection_at_the_other()
    {
        await using var two = await TwoGateways.Start();
        using var person = await Person.SignIn(two.A, "chile", TwoGateways.Password);
        using var again = await Person.SignIn(two.A, "chile", TwoGateways.Password);
        using var elsewhere = person.At(two.B);
        using var againElsewhere = again.At(two.B);
        await using var watch = await elsewhere.Watch();
        await using var stays = await againElsewhere.Watch();
        Assert.Equal(HttpStatusCode.NoContent, (await person.Delete("/session")).Status);
        await watch.Until(heard => heard.What == "Closed", "the end of the connection", TimeSpan.FromSeconds(3));
        Assert.Contains(watch.All, heard => heard.What == "SignedOut");
        Assert.DoesNotContain(stays.All, heard => heard.What == "SignedOut");
    }

    [Trait("Full", "soak")]
    [Theory]
    [InlineData("signs out")]
    [InlineData("changes the password")]
    [InlineData("is shown out by the coordinator")]
    [InlineData("loses the role")]
    public async Task Whoever_ends_at_one_is_dead_at_the_other_within_a_second(string how)
    {
        await using var two = await TwoGateways.Start();
        using var coordinator = await Person.SignIn(two.A, "chile", TwoGateways.Password);
        using var desk = await Person.Invite(coordinator, "chile", $"ends.{Guid.NewGuid():N}"[..20], "observer");
        using var phone = await Person.SignIn(two.A, desk.SignInName, Person.Chosen);
        // Whoever has a copy of the cookie, at the other gateway.
        using var copy = (how == "changes the password" ? phone : desk).At(two.B);
        await using var watch = await copy.Watch();
        var reads = Read();

        var path = $"/accounts/{desk.Account}/sessions";
        var done = how switch
        {
            "signs out" => await desk.Delete("/session"),
            "changes the password" => await desk.Post("/session/password", new { current = Person.Chosen, @new = "eight grey herons wade" }, match: null),
            "loses the role" => await coordinator.Delete($"/bodies/chile/roles/{desk.SignInName}"),
            _ => await End(),
        };
        Assert.True(done.Status is HttpStatusCode.NoContent or HttpStatusCode.OK, done.Text);
        var ended = TimeProvider.System.GetTimestamp();
        await watch.Until(heard => heard.What == "SignedOut", "the goodbye", Watch.Promptly);
        var goodbye = TimeProvider.System.GetElapsedTime(ended);
        var last = TimeProvider.System.GetElapsedTime(ended, await reads);
        TestContext.Current.TestOutputHelper?.WriteLine($"{how}: last read answered after {last.TotalMilliseconds:0} ms, goodbye after {goodbye.TotalMilliseconds:0} ms");
        Assert.True(last < Watch.Promptly, $"A copy of the cookie read for {last.TotalMilliseconds:0} ms more.");

        async Task<Answer> End()
        {
            Answer? answer = null;
            foreach (var session in (await coordinator.Get(path)).Items) answer = await coordinator.Delete($"{path}/{session.GetProperty("id").GetString()}");
            return answer!;
        }

        // When the last read was answered.
        async Task<long> Read()
        {
            while (true)
            {
                var answer = await copy.Get("/plans?limit=1");
                if (answer.Status is not HttpStatusCode.OK) return TimeProvider.System.GetTimestamp();
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Who_comes_and_goes_at_one_is_seen_at_the_other_at_once()
    {
        // Not only when the other speaks up by itself.
        await using var two = await TwoGateways.Start(heartbeat: TimeSpan.FromMinutes(1));
        using var here = await Person.SignIn(two.A, "finland", TwoGateways.Password);
        using var there = await Person.SignIn(two.B, "argentina", TwoGateways.Password);
        await using var watch = await here.Watch();
        await using (await there.Watch())
            await watch.Until(heard => IsThere(heard) == true, "Argentina to have come", TimeSpan.FromSeconds(5));
        await watch.Until(heard => heard == watch.All.Last(other => other.What == "Here") && IsThere(heard) == false, "Argentina to have gone", TimeSpan.FromSeconds(5));

        static bool? IsThere(Heard heard) => heard.What == "Here" ? heard.Said.GetProperty("online").EnumerateArray().Any(body => body.GetString() == "argentina") : null;
    }

    [Fact]
    public async Task A_wrong_password_counts_wherever_it_is_tried()
    {
        await using var two = await TwoGateways.Start();
        using var one = new Person(two.A);
        // A cookie says nothing here: it was never right.
        using var other = one.At(two.B);
        for (var time = 0; time < 5; time++) await (time % 2 == 0 ? one : other).TrySignIn("togo", "not-the-password");
        (await one.TrySignIn("togo", TwoGateways.Password)).Refused(429, "session.locked-out");
        (await other.TrySignIn("togo", TwoGateways.Password)).Refused(429, "session.locked-out");
    }
}
