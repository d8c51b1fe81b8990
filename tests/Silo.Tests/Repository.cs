namespace Coordination.Silo.Tests;

/// <summary>The files that the tests are about, found from wherever they run.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Coordination.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("There is no Coordination.sln above " + AppContext.BaseDirectory);
    }
}
