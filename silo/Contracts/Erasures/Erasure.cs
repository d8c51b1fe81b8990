namespace Coordination.Contracts.Erasures;

/// <summary>
/// Erases the texts of entries of the journal, for good, together with the texts of earlier entries that they refer to. Entries, their order
/// and the chain stay. Only an administrator may; the bodies concerned are told.
/// </summary>
/// <param name="Positions">Positions of the entries.</param>
/// <param name="Reason">Told to everyone who may see one of the entries, and kept in their place.</param>
[GenerateSerializer, Immutable, Alias("EraseTexts")]
public sealed record EraseTexts(
    [property: Required, MinLength(1), MaxLength(EraseTexts.Most)] long[] Positions,
    [property: Required, StringLength(EraseTexts.LongestReason, MinimumLength = 1)] string Reason)
{
    /// <summary>Positions that one command may name.</summary>
    public const int Most = 1_000;

    /// <summary>Characters.</summary>
    public const int LongestReason = 2_000;
}

/// <summary>Erases texts from the journal. Key: 0, one for the cluster.</summary>
[Alias("IErasureGrain")]
public interface IErasureGrain : IGrainWithIntegerKey
{
    [Alias("Execute")]
    Task<Outcome> Execute(CommandHeader header, EraseTexts command);
}
