using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Coordination.Journal.Archives;

namespace Coordination.Journal.Tests;

/// <summary>The verifier in Python, which knows the journal from its document alone.</summary>
internal static partial class Verifier
{
    private static readonly string Program = Path.Combine(Repository.Root, "tests", "verify_journal.py");

    /// <summary>Writes what a store holds now, whole or not.</summary>
    public static async Task Export(IArchive archive, string file)
    {
        await using var stream = File.Create(file);
        await EntryLine.WriteAll(archive.Read(Waiting.Cancellation), stream, null, Waiting.Cancellation);
    }

    /// <summary>What it says of each file, and its exit code. Many in one go: its start takes longer than its work.</summary>
    /// <param name="files">What it is to read.</param>
    /// <param name="head">A head that was kept elsewhere.</param>
    public static async Task<(string[] Found, int Code)> Run(IEnumerable<string> files, Head? head = null)
    {
        string[] kept = head is null ? [] : ["--head", $"{head.Position.ToString(CultureInfo.InvariantCulture)}:{Convert.ToHexStringLower(head.Hash)}"];
        using var process = Process.Start(new ProcessStartInfo("python3", [Program, .. kept, .. files]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Waiting.Cancellation), process.StandardError.ReadToEndAsync(Waiting.Cancellation));
        await process.WaitForExitAsync(Waiting.Cancellation);
        Assert.Equal("", said[1]);
        return (said[0].Split('\n', StringSplitOptions.RemoveEmptyEntries), process.ExitCode);
    }

    /// <summary>The position in an answer; null when it says that all is whole.</summary>
    public static long? BrokenAt(string found)
    {
        if (Broken().Match(found) is { Success: true } broken)
            return long.Parse(broken.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Contains("whole: ", found, StringComparison.Ordinal);
        return null;
    }

    [GeneratedRegex(@"breaks at position (-?\d+): ")]
    private static partial Regex Broken();
}
