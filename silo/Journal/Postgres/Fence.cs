using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>An SQL condition that is true when this process has been declared dead.</summary>
/// <param name="Condition">A boolean expression with placeholders $1, $2, …</param>
internal sealed record Fence(string Condition, IReadOnlyList<object> Values)
{
    /// <summary>Never true.</summary>
    public static readonly Fence None = new("false", []);

    public string Sql => $"SELECT coalesce(({Condition}), false)";

    public void Bind(NpgsqlParameterCollection parameters)
    {
        foreach (var value in Values)
            parameters.Add(new NpgsqlParameter { Value = value });
    }
}
