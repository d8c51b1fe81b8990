using System.Collections;
using Coordination.Node;

namespace Coordination.Gateway.Tests.Configuration;

/// <summary>Settings as they are given to a process, without one.</summary>
internal static class GivenAs
{
    public static GivenSettings Variables(string role, params (string Name, string Text)[] variables) => Of(role, null, variables);

    /// <param name="file">Settings file, or null.</param>
    /// <param name="variables">By their names after the prefix.</param>
    /// <param name="line">What the command line says.</param>
    public static GivenSettings Of(string role, string? file, (string Name, string Text)[] variables, params (string Name, string? Text)[] line)
    {
        var environment = new Hashtable { ["PATH"] = "/bin", ["OTHER_POSTGRES"] = "elsewhere" };
        foreach (var (name, text) in variables) environment[GivenSettings.Prefix + name] = text;
        return new(role, file, environment, line.Select(one => KeyValuePair.Create(one.Name, one.Text)));
    }

    /// <summary>A settings file that only its owner reads, as long as the test runs.</summary>
    public static string File(TemporaryFolder folder, string text)
    {
        var file = Path.Combine(folder.Path, $"{Guid.NewGuid():N}.json");
        System.IO.File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
