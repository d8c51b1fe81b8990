using System.CommandLine;

namespace Coordination.Node.Tool;

/// <summary><c>config check</c>: whether a role would start with the settings that are given. It looks as each start does, and starts nothing.</summary>
internal static class ConfigCommands
{
    private static readonly Argument<string> Role = Among(new("ROLE") { Description = "node, silo or gateway", DefaultValueFactory = _ => "node" });

    public static Command Command()
    {
        var check = new Command("check", "says what is wrong with the settings, all at once, or which are given and where") { Arguments = { Role } };
        check.SetAction(said => Check(CommandLine.Given(said, said.GetValue(Role)!), said.GetValue(Role)!));
        return new("config", "settings") { Subcommands = { check } };
    }

    private static int Check(GivenSettings given, string role)
    {
        foreach (var (name, text, source) in given.Shown) Console.WriteLine($"{name} = {text}  ({source})");
        CommandLine.Sound(given);
        Console.WriteLine($"A {role} starts with these settings, and the defaults of the others.");
        return Exit.Done;
    }

    private static Argument<string> Among(Argument<string> role)
    {
        role.AcceptOnlyFromAmong("node", "silo", "gateway");
        return role;
    }
}
