namespace Coordination.Domain.Erasures;

/// <summary>The texts of entries were erased: those who may see the entries are told what is missing, and why.</summary>
/// <param name="Positions">Of the entries, all for the same audience as this fact.</param>
/// <param name="Bodies">Bodies concerned: that wrote them, that they are about, that they were for by name.</param>
[FactName("journal.texts-erased")]
public sealed record TextsErased(long[] Positions, string[] Bodies, [property: Text] string Reason) : Fact;
