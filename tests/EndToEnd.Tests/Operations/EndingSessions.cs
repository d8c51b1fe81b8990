using System.Diagnostics;
using Coordination.EndToEnd.Tests.Clusters;
using Coordination.EndToEnd.Tests.Faults;
using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>Two silos and two gateways, and whoever has a copy of the cookie at the other gateway, which asks either silo.</summary>
[Trait("On", "cluster")]
public sealed class EndingSessions(RunningCluster running) : IClassFixture<RunningCluster>
{
    private const int Times = 3;
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(1);

    /// <summary>For machines that do much else.</summary>
    private static readonly TimeSpan AtTheLatest = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("signs out")]
    [InlineData("changes the password")]
    [InlineData("is shown out by the coordinator")]
    [InlineData("loses the role")]
    public async Task Whoever_ends_at_one_gateway_is_dead_at_the_other_and_with_both_silos(string how)
    {
        var cancellation = Waiting.Cancellation;
        var (here, there) = (AddressOf(running.Cluster.Gateways[0]), AddressOf(running.Cluster.Gateways[1]));
        using var coordinator = await Waiting.Patiently(() => Caller.SignIn(here, "ruritania", cancellation));
        var times = new List<(double Read, double Goodbye)>();
        for (var time = 0; time < Times; time++)
        {
            var name = $"ends.{Guid.NewGuid():N}"[..20];
            string account;
            using (var invited = await coordinator.Send("bodies/ruritania/invitations", new { account = name, role = "observer" }, null, cancellation))
            {
                account = JsonElement.Parse(await invited.Content.ReadAsStringAsync(cancellation)).GetProperty("account").GetString()!;
                await Caller.Accept(here, invited, cancellation);
            }

            using var desk = await Caller.SignIn(here, name, cancellation, Caller.Chosen);
            using var phone = await Caller.SignIn(here, name, cancellation, Caller.Chosen);
            // A change of password leaves the session open in which it is made.
            using var copy = (how == "changes the password" ? phone : desk).CopyAt(there);
            var goodbye = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var line = new HubConnectionBuilder().WithUrl(new Uri(there, "/hubs/live"), options => options.Cookies = copy.Cookies).Build();
            line.On("SignedOut", () => goodbye.TrySetResult(Stopwatch.GetTimestamp()));
            await line.StartAsync(cancellation);
            var reads = Read(copy, cancellation);

            var ending = how switch
            {
                "signs out" => desk.SendDelete("session", cancellation),
                "changes the password" => desk.Send("session/password", new { current = Caller.Chosen, @new = "eight grey herons wade" }, null, cancellation),
                "loses the role" => coordinator.SendDelete($"bodies/ruritania/roles/{name}", cancellation),
                _ => EndAll(coordinator, account, cancellation),
            };
            using var ended = await ending;
            ended.EnsureSuccessStatusCode();
            var answered = Stopwatch.GetTimestamp();
            times.Add((After(await reads), After(await goodbye.Task.WaitAsync(AtTheLatest, cancellation))));

            double After(long at) => Math.Max(0, Stopwatch.GetElapsedTime(answered, at).TotalMilliseconds);
        }

        Waiting.Say($"{how}: last read, goodbye after (ms) {string.Join("; ", times.Select(one => $"{one.Read:0}, {one.Goodbye:0}"))}");
        // What one busy moment of the machine delays, it does not delay each time.
        Assert.True(times.Min(one => Math.Max(one.Read, one.Goodbye)) < Promptly.TotalMilliseconds, "Not once within a second.");
        Assert.True(times.Max(one => one.Read) < AtTheLatest.TotalMilliseconds, "A copy of the cookie read on.");
    }

    private static Uri AddressOf(Member gateway) => new($"http://127.0.0.1:{gateway.Port}");

    private static async Task<HttpResponseMessage> EndAll(Caller coordinator, string account, CancellationToken cancellation)
    {
        HttpResponseMessage? last = null;
        foreach (var session in (await coordinator.Get($"accounts/{account}/sessions", cancellation)).GetProperty("items").EnumerateArray())
        {
            last?.Dispose();
            last = await coordinator.SendDelete($"accounts/{account}/sessions/{session.GetProperty("id").GetString()}", cancellation);
        }

        return last!;
    }

    /// <summary>When the last read was answered.</summary>
    private static async Task<long> Read(Caller copy, CancellationToken cancellation)
    {
        while (true)
        {
            using var answer = await copy.Ask("plans?limit=1", cancellation);
            if (answer.StatusCode is not HttpStatusCode.OK) return Stopwatch.GetTimestamp();
            await Task.Delay(20, cancellation);
        }
    }
}
