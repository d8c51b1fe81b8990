using System.Globalization;

namespace Coordination.Benchmarks;

/// <summary>Milliseconds that were measured, and what they come to.</summary>
public sealed class Series(string name)
{
    private readonly List<double> _all = [];

    public void Add(double milliseconds) => _all.Add(milliseconds);

    public int Count => _all.Count;

    public double Median => At(0.5);

    /// <summary>The smallest value that at least this share of all values does not exceed.</summary>
    public double At(double share)
    {
        var sorted = _all.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    public static string Head => string.Create(CultureInfo.InvariantCulture, $"{"milliseconds",-48} {"n",5} {"min",8} {"median",8} {"p95",8} {"p99",8} {"max",8}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-48} {_all.Count,5} {_all.Min(),8:0.0} {Median,8:0.0} {At(0.95),8:0.0} {At(0.99),8:0.0} {_all.Max(),8:0.0}");
}

/// <summary>What figures of several rounds come to.</summary>
public static class Rounds
{
    /// <summary>The median.</summary>
    public static double Middle(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest and the largest.</summary>
    public static string Span(this IEnumerable<double> values, string format)
    {
        var all = values.ToArray();
        return $"{all.Min().ToString(format, CultureInfo.InvariantCulture)}-{all.Max().ToString(format, CultureInfo.InvariantCulture)}";
    }
}
