using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Coordination.EndToEnd.Tests.Windows;
using Microsoft.AspNetCore.SignalR.Client;

namespace Coordination.Benchmarks;

/// <summary>
/// How long after a report is acknowledged another person sees it. A coordinator reports over HTTP; a second browser window
/// shows the plan. Its time is taken when the row has the new progress and the frame that shows it has been painted: in the
/// second animation frame after the change. Both clocks are this machine's.
/// </summary>
public static class Live
{
    private const string Plan = "ruritania-plan";
    private const string Milestone = "m08";
    private const int Warmup = 30;

    /// <summary>Resolves with the moment, in ms since 1970, at which the row's new progress was on the screen.</summary>
    private const string Arm = """
        ([milestone, progress]) => {
          const row = () => document.querySelector(`[data-testid=milestone-row][data-milestone='${milestone}']`);
          window.painted = new Promise((resolve) => {
            const shown = () => {
              if (row()?.dataset.progress !== progress) return false;
              requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
              return true;
            };
            if (shown()) return;
            const observer = new MutationObserver(() => { if (shown()) observer.disconnect(); });
            observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-progress'] });
          });
        }
        """;

    public static async Task<bool> Run(int reports)
    {
        using var stop = new CancellationTokenSource();
        using var folder = new DataFolder();
        await using var node = await NodeProcess.Start(folder.Path);
        await using var browser = await Browser.Launch();
        await using var own = await browser.Open(node.Address, "ruritania");
        await using var other = await browser.Open(node.Address, "valdoria");
        await own.Go($"/plans/{Plan}");
        await other.Go($"/plans/{Plan}");
        using var coordinator = await Caller.SignIn(node.Address, "ruritania", stop.Token);
        using var viewer = await Caller.SignIn(node.Address, "valdoria", stop.Token);
        var heard = new ConcurrentDictionary<long, TaskCompletionSource<double>>();
        TaskCompletionSource<double> At(long position) => heard.GetOrAdd(position, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var bare = new HubConnectionBuilder().WithUrl(new Uri(node.Address, "/hubs/live"), options => options.Cookies = viewer.Cookies).Build();
        bare.On<JsonElement>("Changed", entry => At(entry.GetProperty("position").GetInt64()).TrySetResult(Now()));
        await bare.StartAsync();
        await bare.InvokeAsync("Follow", new[] { $"plan/{Plan}" });

        var acknowledged = new Series("report sent → acknowledged");
        var pixels = new Series("acknowledged → the other browser's pixels");
        var whole = new Series("report sent → the other browser's pixels");
        var pushed = new Series("acknowledged → a bare SignalR client");
        var trip = new Series("bare SignalR round trip");
        for (var index = -Warmup; index < reports; index++)
        {
            var progress = (index + Warmup) % 99 + 1;
            await other.Page.EvaluateAsync(Arm, new[] { Milestone, progress.ToString(CultureInfo.InvariantCulture) });
            var sent = Now();
            var receipt = await coordinator.Write($"plans/{Plan}/milestones/{Milestone}/reports", new { status = "in-progress", progress }, stop.Token);
            var done = Now();
            var painted = await Painted(other);
            var told = await At(receipt.Position).Task.WaitAsync(TimeSpan.FromSeconds(10));
            heard.TryRemove(receipt.Position, out _);
            var started = Stopwatch.GetTimestamp();
            await bare.InvokeAsync("Unfollow", Array.Empty<string>());
            var back = Stopwatch.GetElapsedTime(started);
            if (index < 0) continue;
            acknowledged.Add(done - sent);
            pixels.Add(painted - done);
            whole.Add(painted - sent);
            pushed.Add(told - done);
            trip.Add(back.TotalMilliseconds);
        }

        Console.WriteLine(Series.Head);
        foreach (var series in new[] { acknowledged, pixels, whole, pushed, trip }) Console.WriteLine(series);
        var kept = pixels.Median < 100 && pixels.At(0.99) < 500;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Sent → pixels takes {whole.Median / trip.Median:0.0} times a bare SignalR round trip (medians)."));
        Console.WriteLine($"Median under 100 ms and 99th percentile under 500 ms: {(kept ? "kept" : "missed")}.");
        return kept;
    }

    private static async Task<double> Painted(Window window)
    {
        try
        {
            return await window.Page.EvaluateAsync<double>("() => window.painted").WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited 10 s in vain for the other window to show the report. It complains: {string.Join("; ", window.Complaints)}");
        }
    }

    private static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
