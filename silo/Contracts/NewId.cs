using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Coordination.Contracts;

/// <summary>
/// Ids that the platform makes: a letter for the kind and eight letters and digits, such as <c>p-7f3kq2xw</c>. They are never made
/// from a text, which may have to be erased, and never counted, which would tell how many there are that the reader may not see.
/// </summary>
public static class NewId
{
    private const int Length = 8;

    /// <summary>32 of them, none of which is taken for another.</summary>
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private static readonly SearchValues<char> All = SearchValues.Create(Letters);

    /// <summary>The id of what a command makes: always the same for the same command, so that a repeat finds what the first one made.</summary>
    /// <param name="kind">Letter for the kind.</param>
    /// <param name="command">Id of the command, unique for ever.</param>
    /// <param name="number">Which of the ids that the command may make, from 0.</param>
    /// <param name="begins">What a caller wants in place of the letter, or null.</param>
    public static string Of(char kind, string command, int number = 0, string? begins = null)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {number} {command}")));
        return $"{begins ?? kind.ToString()}-{string.Create(Length, hash, static (span, bytes) =>
        {
            for (var index = 0; index < span.Length; index++) span[index] = Letters[bytes[index] % Letters.Length];
        })}";
    }

    /// <summary>An id that follows from nothing, for what must not be traced back to a command: the account of a person.</summary>
    public static string Random(char kind) => $"{kind}-{RandomNumberGenerator.GetString(Letters, Length)}";

    /// <summary>Whether a text has the form of an id of a kind.</summary>
    public static bool IsOne(char kind, string text) =>
        text.Length == Length + 2 && text[0] == kind && text[1] == '-' && text.AsSpan(2).IndexOfAnyExcept(All) < 0;

    /// <summary>An id of a kind as a number below 2^40, which it can be told from. False for every other text.</summary>
    public static bool TryNumber(char kind, string text, out ulong number)
    {
        number = 0;
        if (!IsOne(kind, text)) return false;
        foreach (var letter in text.AsSpan(2)) number = (number * (ulong)Letters.Length) + (ulong)Letters.IndexOf(letter);
        return true;
    }

    /// <summary>As <see cref="Of"/>, the first that is not taken.</summary>
    public static string Free(char kind, string command, Func<string, bool> taken)
    {
        for (var number = 0; ; number++)
        {
            if (Of(kind, command, number) is var id && !taken(id)) return id;
        }
    }
}
