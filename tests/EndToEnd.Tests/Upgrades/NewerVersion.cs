using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Upgrades;

/// <summary>
/// This checkout as the next version of the platform would be: one fact has a second form, which the next version writes and this one
/// cannot read. Copied, changed and built in a folder of its own.
/// </summary>
internal sealed class NewerVersion : IDisposable
{
    /// <summary>The fact that has a second form.</summary>
    public const string Fact = "group.update-shared";

    private static readonly string[] Parts = ["silo", "gateway", "deploy/Node", "deploy/data"];
    private static readonly TimeSpan ToBuild = TimeSpan.FromMinutes(10);

    private readonly DataFolder _folder = new();

    private NewerVersion()
    {
    }

    /// <summary>Folder of its program.</summary>
    public string App => Path.Combine(_folder.Path, "artifacts", "bin", "Node", "debug");

    public string Program => Path.Combine(App, "Coordination.Node.dll");

    public static async Task<NewerVersion> Build()
    {
        var newer = new NewerVersion();
        try
        {
            newer.Copy();
            newer.Change("silo/Domain/Groups/GroupFacts.cs", $"[FactName(\"{Fact}\")]", $"[FactName(\"{Fact}\", 2)]");
            // It reads the older form as well: nothing but the number differs.
            newer.Change("silo/Domain/Fact.cs", "if (form != Names[type].Form)", "if (form > Names[type].Form)");
            await Shell.Succeed(Tools.Dotnet, ["build", Path.Combine(newer._folder.Path, "deploy", "Node"), "-c", "Debug", "-v", "quiet", "-p:SkipDashboard=true"], ToBuild);
            return newer;
        }
        catch
        {
            newer.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Dispose();

    private void Copy()
    {
        foreach (var file in Directory.EnumerateFiles(Tools.Repository).Where(file => Path.GetExtension(file) is ".props" or ".json" or ".txt" or ".editorconfig"))
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        foreach (var part in Parts)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Tools.Repository, part), "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(_folder.Path, Path.GetRelativePath(Tools.Repository, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    private void Change(string path, string from, string to)
    {
        var file = Path.Combine(_folder.Path, path);
        var text = File.ReadAllText(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
    }
}
