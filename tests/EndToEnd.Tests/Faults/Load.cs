using System.Collections.Concurrent;
using System.Diagnostics;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>
/// A steady stream of writes through the platform's front door. Each plan, member and requester has a client of its own that
/// writes one thing after the other and sends it again, with the same key, until it is acknowledged: so one that is kept
/// waiting keeps nobody else from writing, and how long a thing was refused can be seen from its own writes.
/// </summary>
public sealed class Load : IAsyncDisposable
{
    /// <summary>Two bodies ask more in these tests than any would in a year.</summary>
    public const string OpenThings = "COORDINATION_OPEN_THINGS", Enough = "100";

    /// <summary>For one sending, longer than a gateway may take to answer.</summary>
    private static readonly TimeSpan OneAttempt = TimeSpan.FromSeconds(20);

    /// <summary>After this a write is given up, and the test fails.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan BeforeAgain = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyDictionary<string, Caller> _callers;
    private readonly string _run;
    private readonly TimeSpan _pace;
    private readonly ConcurrentQueue<Acknowledged> _acknowledged = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];

    /// <param name="run">Begins the ids and keys of this load: no other load has used it.</param>
    /// <param name="pace">Between one write of a client and its next.</param>
    public Load(IReadOnlyDictionary<string, Caller> callers, string run, TimeSpan pace) => (_callers, _run, _pace) = (callers, run, pace);

    public IReadOnlyCollection<Acknowledged> Acknowledged => _acknowledged;

    /// <summary>What no client of a coordination platform should ever be answered here, such as 404 for a plan that is there.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>How often clients were refused, by how.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    /// <summary>Starts reporting on plans that have been made before, one client each.</summary>
    public void Report(IEnumerable<LoadedPlan> plans)
    {
        foreach (var plan in plans) Run(number => Writers.Report(_run, plan, number));
    }

    /// <summary>Starts updates of the group's members, requests of two bodies, and one body that reads its inbox on and on.</summary>
    /// <param name="readFrom">Position from which the inbox is marked as read, further with each mark.</param>
    public void Converse(long readFrom)
    {
        foreach (var member in Writers.Members) Run(number => Writers.Update(_run, member, number));
        foreach (var from in (string[])["ruritania", "canada"]) Run(number => Writers.Request(_run, from, number));
        Run(number => Writers.ReadMark(_run, "valdoria", readFrom + number));
    }

    /// <summary>Opens requests to many bodies until it is enough: their entries are large, and fill what lies between a gateway and a viewer.</summary>
    public async Task Flood(int most, Func<bool> enough)
    {
        const int Together = 6;
        for (var number = 0; number < most && !enough(); number += Together)
            await Task.WhenAll(Enumerable.Range(number + 1, Together).Select(one => Deliver(Writers.LargeRequest(_run, one))));
    }

    /// <summary>Waits until so many more writes have been acknowledged that were sent from now on.</summary>
    public Task Continue(int writes, TimeSpan within) => Continue(_ => true, writes, within, "any");

    /// <summary>Waits until each of these streams has acknowledged a write that was sent from now on.</summary>
    public async Task ContinueOnEach(IReadOnlyCollection<string> streams, TimeSpan within)
    {
        var from = Stopwatch.GetTimestamp();
        await Waiting.Until($"a write to each of {streams.Count} streams is acknowledged", within, () =>
        {
            var missing = streams.Except(_acknowledged.Where(one => one.Sent >= from).Select(one => one.Write.Stream)).ToList();
            return Task.FromResult(missing.Count == 0 ? null : $"{string.Join(", ", missing.Take(5))}; {Told()}");
        });
    }

    public async Task Continue(Func<Acknowledged, bool> counts, int writes, TimeSpan within, string what)
    {
        var from = Stopwatch.GetTimestamp();
        await Waiting.Until($"{writes} more writes ({what}) are acknowledged", within, () =>
        {
            var done = _acknowledged.Count(one => one.Sent >= from && counts(one));
            return Task.FromResult(done >= writes ? null : $"{writes - done}; {Told()}");
        });
    }

    /// <summary>Takes no new writes and waits until those under way are acknowledged or given up.</summary>
    public async Task End()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    public string Told() => _refusals.IsEmpty ? "nothing was refused" : string.Join(", ", _refusals.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value} × {pair.Key}"));

    private void Run(Func<int, Write> next) => _clients.Add(Task.Run(async () =>
    {
        using var pace = new PeriodicTimer(_pace);
        for (var number = 1; !_stop.IsCancellationRequested; number++)
        {
            await Deliver(next(number));
            try
            {
                await pace.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }));

    private async Task<Acknowledged?> Deliver(Write write)
    {
        var sent = Stopwatch.GetTimestamp();
        long? refused = null;
        for (var attempt = 1; Stopwatch.GetElapsedTime(sent) < Deadline; attempt++)
        {
            try
            {
                using var limit = new CancellationTokenSource(OneAttempt);
                using var answer = await _callers[write.Account].Send(write.Path, write.Body, write.Key, limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    var receipt = await Caller.ReceiptOf(answer, write.Path, limit.Token);
                    var acknowledged = new Acknowledged(
                        write, receipt, sent, refused, Stopwatch.GetTimestamp(), attempt, answer.Headers.Contains("Idempotent-Replayed"));
                    _acknowledged.Enqueue(acknowledged);
                    return acknowledged;
                }

                var text = await answer.Content.ReadAsStringAsync(limit.Token);
                if ((int)answer.StatusCode < 500)
                {
                    _wrong.Enqueue($"{write.Key} to {write.Path}: {(int)answer.StatusCode} {text}");
                    return null;
                }

                Note($"{(int)answer.StatusCode} {CodeOf(text)}");
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
            {
                Note(exception is OperationCanceledException ? $"no answer in {OneAttempt.TotalSeconds} s" : exception is HttpRequestException { HttpRequestError: var error } ? $"{error}" : "connection lost");
            }

            refused ??= Stopwatch.GetTimestamp();
            await Task.Delay(BeforeAgain, CancellationToken.None);
        }

        _wrong.Enqueue($"{write.Key} to {write.Path}: given up after {Deadline.TotalSeconds} s");
        return null;
    }

    private void Note(string refusal) => _refusals.AddOrUpdate(refusal, 1, (_, count) => count + 1);

    private static string CodeOf(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.GetProperty("code").GetString() ?? "";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A proxy's own page.
            return "";
        }
    }
}
