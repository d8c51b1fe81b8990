using Coordination.EndToEnd.Tests.Clusters;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>The operator's command line as an operator runs it: the real program, in a process of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    public static Task<(int Code, string Output, string Errors)> Run(IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        Shell.Run(Tools.Dotnet, [Tools.NodeProgram, .. arguments], Within, environment);

    /// <summary>Runs it and answers what it said on standard output; fails when its exit code is not 0.</summary>
    public static Task<string> Succeed(IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        Shell.Succeed(Tools.Dotnet, [Tools.NodeProgram, .. arguments], Within, environment);
}
