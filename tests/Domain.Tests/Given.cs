using System.Text;
using System.Text.RegularExpressions;

namespace Coordination.Domain.Tests;

internal delegate Decision Decider<TState, TCommand>(TState state, TCommand command, in Situation situation);

/// <summary>Given these facts, when this command by this actor at this moment, then exactly these facts or this refusal.</summary>
internal sealed record Given<TState, TCommand>(TState State, World World, Func<TState, Fact, TState> Evolve, Decider<TState, TCommand> Decide)
{
    /// <summary>Monday, 10 in the morning in UTC.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Position of the last fact. They stand one after the other, from 1.</summary>
    public long Position { get; private init; }

    public Given<TState, TCommand> And(params IEnumerable<Fact> facts) => facts.Aggregate(this, (given, fact) => given with
    {
        State = Evolve(given.State, fact with { EntryPosition = given.Position + 1 }),
        Position = given.Position + 1,
    });

    public When<TState, TCommand> When(TCommand command, Actor by, DateTimeOffset? at = null) =>
        new(this, Decide(State, command, new Situation(by, at ?? Now, World, command?.ToString() ?? "")));
}

internal sealed partial record When<TState, TCommand>(Given<TState, TCommand> Before, Decision Decision)
{
    /// <summary>Exactly these facts; an id that the platform made may have any name in them. Answers the world after them, in which it has that name.</summary>
    public Given<TState, TCommand> Then(params Fact[] facts)
    {
        var expected = facts.Select(Text).ToList();
        Assert.Equal(expected, Decision.Refusal is { } refusal ? ["refused: " + refusal.Code] : Decision.Facts.Select((fact, index) => Named(Text(fact), expected.ElementAtOrDefault(index) ?? "")));
        return Before.And(facts);
    }

    public Given<TState, TCommand> ThenNothing() => Then();

    public Given<TState, TCommand> ThenRefused(RefusalReason reason, string code, string? pointer = null)
    {
        Assert.Equal((reason, code), (Decision.Refusal?.Reason, Decision.Refusal?.Code ?? string.Join(" ", Decision.Facts.Select(Text))));
        Assert.Equal(pointer, Decision.Refusal!.Fields.SingleOrDefault()?.Pointer);
        Assert.Empty(Decision.Facts);
        Assert.EndsWith(".", Decision.Refusal.Detail, StringComparison.Ordinal);
        return Before;
    }

    public Given<TState, TCommand> ThenInvalid(string pointer, string code) => ThenRefused(RefusalReason.Invalid, code, pointer);
    public Given<TState, TCommand> ThenForbidden(string code) => ThenRefused(RefusalReason.Forbidden, code);
    public Given<TState, TCommand> ThenConflict(string code) => ThenRefused(RefusalReason.Conflict, code);
    public Given<TState, TCommand> ThenTooMany(string code) => ThenRefused(RefusalReason.TooMany, code);
    public Given<TState, TCommand> ThenNotFound(string code) => ThenRefused(RefusalReason.NotFound, code);

    private static string Named(string actual, string expected) =>
        Made().Match(actual) is { Success: true } made && expected.StartsWith(actual[..made.Index], StringComparison.Ordinal) && expected.IndexOf('"', made.Index) is > 0 and var end
            ? string.Concat(expected.AsSpan(0, end), actual.AsSpan(made.Index + made.Length))
            : actual;

    [GeneratedRegex("(?<=\")[a-z]-[a-km-np-z2-9]{8}(?=\")")]
    private static partial Regex Made();

    private static string Text(Fact fact) => FactJson.Write(fact) is var stored
        ? $"{FactJson.NameOf(fact).Name} {Encoding.UTF8.GetString(stored.Data)} {Encoding.UTF8.GetString(stored.Texts ?? [])}"
        : "";
}
