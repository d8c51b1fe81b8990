using System.Reflection;
using System.Xml.Linq;

namespace Coordination.Domain.Tests.Architecture;

public class WhoKnowsWhom
{
    private static readonly string[] Server =
        ["Orleans.Server", "Orleans.Runtime", "Orleans.Persistence", "Orleans.Reminders", "Orleans.Streaming", "MassTransit", "Npgsql", "Microsoft.Data.Sqlite", "Microsoft.AspNetCore"];

    private static XDocument Project(string path) => XDocument.Load(Path.Combine(Repository.Root, path));

    private static string[] References(string path) =>
        [.. Project(path).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).Order()];

    private static string[] Packages(string path) => [.. Project(path).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value)];

    private static string[] Referenced(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(name => name.Name!)];

    private static IEnumerable<string> Projects() => Directory
        .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "artifacts" or "node_modules" or "bin" or "obj"));

    [Fact]
    public void Contracts_know_nobody_and_nothing_of_servers()
    {
        var referenced = Referenced(typeof(Refusal).Assembly);
        Assert.DoesNotContain(referenced, name => name.StartsWith("Coordination", StringComparison.Ordinal));
        Assert.DoesNotContain(referenced, name => Server.Any(server => name.StartsWith(server, StringComparison.Ordinal)));
        Assert.Empty(References("silo/Contracts/Contracts.csproj"));
        Assert.Equal(["Microsoft.Orleans.Sdk"], Packages("silo/Contracts/Contracts.csproj"));
    }

    [Fact]
    public void Domain_knows_Contracts_and_the_base_library_alone()
    {
        var referenced = Referenced(typeof(Fact).Assembly);
        Assert.Equal(["Coordination.Contracts"], referenced.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)));
        Assert.DoesNotContain(referenced, name => name.StartsWith("System.Net", StringComparison.Ordinal) || name.StartsWith("System.IO", StringComparison.Ordinal));
        Assert.Equal(["Contracts"], References("silo/Domain/Domain.csproj"));
        Assert.Empty(Packages("silo/Domain/Domain.csproj"));
    }

    private static readonly BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact]
    public void Nothing_in_Domain_waits_or_reaches_out()
    {
        foreach (var type in typeof(Fact).Assembly.GetTypes())
            foreach (var method in type.GetMethods(Everything))
            {
                var used = method.GetParameters().Select(parameter => parameter.ParameterType)
                    .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []).Append(method.ReturnType);
                Assert.DoesNotContain(used, Reaches);
            }
    }

    private static bool Reaches(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type.Name.StartsWith("ValueTask", StringComparison.Ordinal) || typeof(Stream).IsAssignableFrom(type)
        || typeof(FileSystemInfo).IsAssignableFrom(type) || type.Namespace?.StartsWith("System.Net", StringComparison.Ordinal) == true;

    [Fact]
    public void Domain_asks_no_clock_no_chance_and_no_file()
    {
        string[] banned = ["DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.UtcNow", "DateTimeOffset.Now", "TimeProvider", "Guid.NewGuid", "Random", "System.IO", "File.", "HttpClient", "async ", "Thread.", "Threading"];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "silo", "Domain"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain(banned, word => text.Contains(word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Journal_knows_names_and_bytes()
    {
        Assert.Empty(References("silo/Journal/Journal.csproj"));
        Assert.DoesNotContain(Packages("silo/Journal/Journal.csproj"), name => name.Contains("Orleans", StringComparison.Ordinal) || name.Contains("MassTransit", StringComparison.Ordinal));
    }

    [Fact]
    public void The_gateway_reads_through_grains() => Assert.Equal(["Contracts"], References("gateway/Gateway.csproj"));

    [Fact]
    public void The_host_knows_no_gateway_and_only_the_node_knows_both()
    {
        Assert.DoesNotContain("Gateway", References("silo/Host/Host.csproj"));
        Assert.Equal(["Gateway", "Host"], References("deploy/Node/Node.csproj"));
        var both = Projects().Where(path => !path.Contains($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Where(path => References(path) is var known && known.Contains("Gateway") && known.Contains("Host"));
        Assert.Equal([Path.Combine("deploy", "Node", "Node.csproj")], both);
    }

    [Fact]
    public void Versions_stand_in_one_file_and_MassTransit_stays_on_8()
    {
        Assert.All(Projects(), path => Assert.DoesNotContain(
            XDocument.Load(path).Descendants("PackageReference"),
            reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null || reference.Element("Version") is not null));
        var versions = Project("Directory.Packages.props").Descendants("PackageVersion").Where(package => package.Attribute("Include")!.Value.StartsWith("MassTransit", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(versions);
        Assert.All(versions, package => Assert.StartsWith("8.", package.Attribute("Version")!.Value, StringComparison.Ordinal));
    }
}
