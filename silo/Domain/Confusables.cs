using System.Globalization;
using System.Text;

namespace Coordination.Domain;

/// <summary>
/// Names that are taken for one another. A name is reduced to its skeleton as Unicode Technical Standard #39 describes: each character
/// becomes the one that all its look-alikes become, and characters that show nothing go. The data are Unicode's confusables.txt 15.0.0;
/// the licence lies beside it. Read once, when the first name is looked at.
/// </summary>
public static class Confusables
{
    private static readonly Lazy<Dictionary<int, string>> LookAlikes = new(Read);

    /// <summary>
    /// One skeleton or two: of the name as it is written, and, where that is another, as it is written in capitals. Capitals and small
    /// letters mean the same, but look like different letters: В like B, в like none. Two names are taken for one another
    /// when they share a skeleton.
    /// </summary>
    public static IReadOnlyList<string> Skeletons(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (written, capitals) = (InSmallLetters(name), InSmallLetters(name.ToUpperInvariant()));
        return written == capitals ? [written] : [written, capitals];
    }

    /// <summary>Whether two names are taken for one another.</summary>
    public static bool Are(string one, string other) => Skeletons(one).Intersect(Skeletons(other)).Any();

    /// <summary>
    /// Letters of other widths and shapes are the letters that they stand for, which UTS #39 leaves to normalization. A small letter may have
    /// look-alikes of its own: m is taken for rn. A small i is one letter with its capital, which is taken for l and 1.
    /// </summary>
    private static string InSmallLetters(string name)
    {
        var skeleton = SkeletonOf(SkeletonOf(name).Normalize(NormalizationForm.FormKD).ToLowerInvariant()).ToLowerInvariant().Replace('i', 'l');
        return string.Join(' ', skeleton.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>As UTS #39 defines it, for one text that is read in one direction.</summary>
    private static string SkeletonOf(string text)
    {
        var skeleton = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Ignorables.IsOne(rune)) continue;
            if (LookAlikes.Value.TryGetValue(rune.Value, out var taken)) skeleton.Append(taken);
            else skeleton.Append(rune.ToString());
        }

        return skeleton.ToString().Normalize(NormalizationForm.FormD);
    }

    private static Dictionary<int, string> Read()
    {
        using var reader = new StreamReader(typeof(Confusables).Assembly.GetManifestResourceStream("confusables")!);
        var read = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parted = line.IndexOf(';', StringComparison.Ordinal);
            var taken = string.Concat(CodePoints(line[..parted]).Select(char.ConvertFromUtf32));
            foreach (var character in CodePoints(line[(parted + 1)..])) read[character] = taken;
        }

        return read;
    }

    private static IEnumerable<int> CodePoints(string line) =>
        line.Split(' ').Select(point => int.Parse(point, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}
