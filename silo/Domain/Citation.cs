using System.Diagnostics.CodeAnalysis;

namespace Coordination.Domain;

/// <summary>Where a fact comes from.</summary>
/// <param name="Document">Symbol of the document, such as A/67/170.</param>
/// <param name="Paragraphs">Numbers of its paragraphs.</param>
public sealed record Citation(string Document, int[] Paragraphs)
{
    [return: NotNullIfNotNull(nameof(said))]
    public static implicit operator Citation?(Source? said) => said is null ? null : new(said.Document, said.Paragraphs);

    [return: NotNullIfNotNull(nameof(kept))]
    public static implicit operator Source?(Citation? kept) => kept is null ? null : new(kept.Document, kept.Paragraphs);
}
