using System.Reflection;

namespace Coordination.EndToEnd.Tests;

/// <summary>Programs that the tests need on the machine. One that is missing is named, never worked around.</summary>
public static class Tools
{
    public static string Chromium => Find("chromium", "Install Debian's package: apt-get install chromium. tests/run does.");

    public static string Node => Find("node", "Install Node.js 20.");

    public static string Python => Find("python3", "Install Debian's package: apt-get install python3. tests/run does.");

    public static string Dotnet => Find("dotnet", "Install the .NET SDK 10.");

    /// <summary>The node's build output that lies beside this one, of the same configuration.</summary>
    public static string NodeProgram
    {
        get
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Name;
            var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Node", configuration, "Coordination.Node.dll"));
            return File.Exists(program) ? program : throw new InvalidOperationException($"The node is not built: {program} is missing. Build deploy/Node first.");
        }
    }

    /// <summary>Where this was built from.</summary>
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Coordination.sln"))) folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no checkout of the project.");
        }
    }

    /// <summary>Folder of the Playwright package, whose driver is used in place.</summary>
    public static string PlaywrightDriver =>
        typeof(Tools).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "PlaywrightDriver").Value!;

    private static string Find(string name, string remedy)
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return places.Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"The program '{name}' is needed and is not on the PATH. {remedy}");
    }
}
