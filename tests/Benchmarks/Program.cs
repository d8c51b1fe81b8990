using System.Globalization;
using Coordination.Benchmarks;
using Coordination.Benchmarks.Load;
using Coordination.Benchmarks.Servers;

var number = args is [_, var text, ..] && int.TryParse(text, CultureInfo.InvariantCulture, out var given) ? given : (int?)null;
bool? kept = args switch
{
    ["live"] or ["live", _] => await Live.Run(number ?? 200),
    ["reports"] or ["reports", _] => await Reports.Run("postgres", number ?? People.PlanCount),
    ["reports", _, "sqlite"] => await Reports.Run("sqlite", number ?? People.PlanCount),
    ["push"] or ["push", _] => await Push.Run(number ?? 200),
    ["memory"] => await Memory.Run(),
    ["million"] or ["million", _] => await Million.Run(number ?? 1_000_000),
    ["fanout"] => await Fanout.Run(),
    ["load"] or ["load", _] => await Reports.Alone("postgres", number ?? 30),
    ["load", _, "sqlite"] => await Reports.Alone("sqlite", number ?? 30),
    ["flood"] or ["flood", _] => await Flood.Run(number ?? 60),
    ["flood-generator", var address, var account, var seconds] => await FloodGenerator.Run(new(address), account, double.Parse(seconds, CultureInfo.InvariantCulture)),
    ["scale", .. var lengths] when lengths.All(length => double.TryParse(length, CultureInfo.InvariantCulture, out var millions) && millions > 0) =>
        await Scale.Run(lengths.Length == 0 ? [1, 3, 10] : [.. lengths.Select(length => double.Parse(length, CultureInfo.InvariantCulture)).Order()]),
    ["big-plan"] or ["big-plan", _] => await BigPlan.Run(number ?? 1_000),
    ["subscriptions"] => await Subscribers.Run(),
    ["journal"] or ["journal", _] => await Appends.Run(number ?? 3),
    _ => null,
};
if (kept is null)
{
    await Console.Error.WriteLineAsync("""
        Coordination.Benchmarks NAME

          reports [plans]   durable reports a second over HTTP, beside a plain ASP.NET Core + EF Core program
          fanout            deliveries a second to 1,000 and 5,000 viewers, beside a bare SignalR broadcast
          push [reports]    from an acknowledged report to each of 1,000 viewers
          memory            of a viewer, a bare SignalR connection and an active plan
          million [entries] the same reports with a million entries in the journal, beside a journal of few
          scale [millions]  memory, start and reads with 1, 3 and 10 million entries in the journal
          big-plan [reports]   a report on a plan of 2,000 milestones
          subscriptions     whose inboxes a request belongs in among 100,000 subscriptions
          load [seconds] [sqlite]   the platform alone under that load, for a profiler
          flood [seconds]   what others notice while one account floods live lines and thousands of sign-ins are wrong
          journal [rounds]  appends a second to the journal on PostgreSQL, beside the same rows put there by bare Npgsql
          live [reports]    from an acknowledged report to another browser's pixels
        """);
    return 64;
}

return kept.Value ? 0 : 1;
