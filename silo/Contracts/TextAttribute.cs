namespace Coordination.Contracts;

/// <summary>
/// Marks what people write freely: titles, subjects, notes, reasons, answers, evidence, the offices behind a subject. The journal keeps it
/// beside the fact's structure, so that it can be erased later; nobody's right, inbox or id may depend on it. Ids, codes, dates, numbers
/// and the public names of bodies are not marked and stay for ever.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute : Attribute
{
    /// <summary>What stands where a text was erased, in every answer. Nobody can write it: a text that says only this is refused.</summary>
    public const string Erased = "[erased]";
}
