using System.Globalization;
using Coordination.Benchmarks;

var number = args is [_, var text, ..] && int.TryParse(text, CultureInfo.InvariantCulture, out var given) ? given : (int?)null;
bool? kept = args switch
{
    ["live"] or ["live", _] => await Live.Run(number ?? 200),
    ["reports"] => await Reports.Run("postgres"),
    ["reports", "sqlite"] => await Reports.Run("sqlite"),
    ["load"] or ["load", _] => await Reports.Alone("postgres", number ?? 30),
    ["load", _, "sqlite"] => await Reports.Alone("sqlite", number ?? 30),
    _ => null,
};
if (kept is null)
{
    await Console.Error.WriteLineAsync("""
        Coordination.Benchmarks NAME

          reports [sqlite]  durable reports a second over HTTP, beside a plain ASP.NET Core + EF Core program
          load [seconds] [sqlite]   the platform alone under that load, for a profiler
          live [reports]    from an acknowledged report to another browser's pixels
        """);
    return 64;
}

return kept.Value ? 0 : 1;
