using System.Collections.Frozen;
using System.Text;

namespace Coordination.Gateway.Sessions;

/// <summary>
/// What a password must be that a person chooses: long, and none of those that are tried first. Nothing else is asked for, as NIST SP 800-63B
/// advises: what must hold capitals and digits is written down, not harder to guess.
/// </summary>
public static class PasswordRules
{
    public const int Shortest = 12;
    public const int Longest = 200;

    /// <summary>
    /// Passwords that many people have, in small letters: those with at least four characters among the 49,233 of the package
    /// @zxcvbn-ts/language-common 4.1.3 (MIT; the licence lies beside the list). Read when the first password is chosen.
    /// </summary>
    private static readonly Lazy<FrozenSet<string>> Common = new(Read);

    /// <summary>How many passwords the list holds.</summary>
    public static int CommonCount => Common.Value.Count;

    /// <summary>What is wrong with a password that a person has chosen, or null.</summary>
    /// <param name="pointer">Where it stands in what was sent.</param>
    /// <param name="names">How its person is called.</param>
    public static FieldError? Check(string pointer, string password, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(password);
        // The form says so too; here a character is what a person takes for one.
        if (password.EnumerateRunes().Count() < Shortest) return new(pointer, "password.short", $"A password has at least {Shortest} characters.");
        return IsGuessable(password, names)
            ? new(pointer, "password.common", "This password is among those that are tried first. Take a few words that do not belong together.")
            : null;
    }

    /// <summary>Whether a password is a common one, or little more: with digits and signs around it or in place of its letters, said twice, a run of characters, or a name.</summary>
    public static bool IsGuessable(string password, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(names);
        var text = Normal(password).ToLowerInvariant();
        var joined = Joined(text);
        foreach (var form in ((string[])[text, Spelled(text), Spelled(text.Trim(Around)), joined]).Where(form => form.Length >= 4))
        {
            var core = form.Trim(Around);
            if (IsKnown(form) || IsKnown(core) || IsRun(form) || (core.Length < form.Length && core.Length < 4)) return true;
            if (Unit(core) is { } unit && (unit.Length <= 4 || IsKnown(unit))) return true;
            foreach (var name in names)
            {
                // What is left without the name is no password.
                foreach (var said in (string[])[name, Joined(name)])
                    if (said.Length >= 4 && form.Replace(said, "", StringComparison.OrdinalIgnoreCase) is { } rest && rest.Length < form.Length && rest.Length < 8) return true;
            }
        }

        return false;
    }

    private static readonly char[] Around = [.. "0123456789 .,:;!?_-+*#/\\'\"()[]{}<>=&%$@^~|"];

    private static string Joined(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    /// <summary>Letters of full width are the same as others. What is no text stays as it is.</summary>
    private static string Normal(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    private static bool IsKnown(string text) => Common.Value.Contains(text);

    /// <summary>With letters where digits and signs stand for them.</summary>
    private static string Spelled(string text) => string.Create(text.Length, text, static (letters, text) =>
    {
        for (var at = 0; at < text.Length; at++)
        {
            letters[at] = text[at] switch
            {
                '0' => 'o',
                '1' or '!' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                var other => other,
            };
        }
    });

    /// <summary>The shortest text that makes the whole when it is repeated; null when the whole is no repetition.</summary>
    private static string? Unit(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length))) return text[..length];
        }

        return null;
    }

    /// <summary>Each character follows the one before, up or down: 123456789012, zyxwvutsrqpo. The digits go round.</summary>
    private static bool IsRun(string text)
    {
        return Steps(1) || Steps(-1);

        bool Steps(int step)
        {
            for (var at = 1; at < text.Length; at++)
            {
                var (before, now) = (text[at - 1], text[at]);
                if (now - before == step || (char.IsAsciiDigit(now) && char.IsAsciiDigit(before) && (now - before + 10) % 10 == (step + 10) % 10)) continue;
                return false;
            }

            return true;
        }
    }

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords")!);
        var all = new List<string>(50_000);
        while (reader.ReadLine() is { } line) all.Add(line);
        return all.ToFrozenSet(StringComparer.Ordinal);
    }
}
