using System.Runtime.CompilerServices;

namespace Coordination.Gateway.Tests;

internal static class Repository
{
    /// <summary>Full path of a file given from the root of the repository.</summary>
    public static string File(string path) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", path));

    private static string Here([CallerFilePath] string here = "") => here;
}
