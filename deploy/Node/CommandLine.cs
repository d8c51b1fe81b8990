using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Coordination.Journal;

namespace Coordination.Node;

/// <summary>What can be said on the command line of every role and command.</summary>
public static class CommandLine
{
    private static readonly Option<string> File = new("--settings")
    {
        Description = $"JSON file with settings (chmod 600); the environment says the same as {GivenSettings.Prefix}NAME",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<string> Data = new("--data") { Description = "where everything local is kept (default ./data)", HelpName = "DIR", Recursive = true };
    private static readonly Option<string> Urls = new("--urls") { Description = "addresses to listen on, separated by ; (default http://127.0.0.1:5080)", HelpName = "URLS", Recursive = true };
    private static readonly Option<string> Demonstration = new("--demonstration") { Description = "on | off: load the report and the exercise, offer demonstration accounts (default on, for silo off)", HelpName = "on|off", Recursive = true };

    /// <summary>Runs the command that <paramref name="args"/> name, or <paramref name="otherwise"/>, and answers its exit code.</summary>
    public static async Task<int> Run(string[] args, Func<Settings, CancellationToken, Task<int>> otherwise, IReadOnlyList<Command> commands)
    {
        var root = Does(new RootCommand("Coordination. Without a command: silo and gateway in one process, as 'node'."), "node", otherwise);
        foreach (var command in commands) root.Subcommands.Add(command);
        foreach (var option in new[] { Data, Urls, Demonstration, File }) root.Options.Add(option);
        var said = root.Parse(args);
        try
        {
            RefuseOtherSettings(said);
            // The roles end by themselves on a signal, in their own time.
            var code = await said.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            return said.Action is ParseErrorAction ? Exit.Usage : code;
        }
        catch (Refusal refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return refusal.Code;
        }
        catch (JournalUnavailableException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Exit.Unavailable;
        }
    }

    /// <summary>Gives a command its action, which is handed the settings.</summary>
    /// <param name="role">Name of the process unless the settings say another.</param>
    public static T Does<T>(T command, string role, Func<Settings, ParseResult, CancellationToken, Task<int>> action) where T : Command
    {
        command.SetAction((said, cancellation) => action(Sound(Given(said, role)), said, cancellation));
        return command;
    }

    /// <summary>What is given of the settings, here and elsewhere, for a role.</summary>
    public static GivenSettings Given(ParseResult said, string role) => new(
        role, said.GetValue(File), Environment.GetEnvironmentVariables(), [new("Data", said.GetValue(Data)), new("Urls", said.GetValue(Urls)), new("Demonstration", said.GetValue(Demonstration))]);

    /// <summary>The settings, once what is odd about them was said.</summary>
    /// <exception cref="Refusal">Some are wrong.</exception>
    public static Settings Sound(GivenSettings given)
    {
        foreach (var note in given.Notes) Console.Error.WriteLine(note);
        return given.Faults is [] ? given.Settings : throw new Refusal(Exit.Usage, string.Join(Environment.NewLine, given.Faults));
    }

    public static T Does<T>(T command, string role, Func<Settings, CancellationToken, Task<int>> action) where T : Command =>
        Does(command, role, (settings, _, cancellation) => action(settings, cancellation));

    /// <summary>What is written on a command line stands in the machine's list of processes, and an unknown option would be repeated with what follows it.</summary>
    private static void RefuseOtherSettings(ParseResult said)
    {
        foreach (var word in said.Tokens.Where(static word => word.Type is TokenType.Argument && word.Value.StartsWith("--", StringComparison.Ordinal)))
        {
            var name = word.Value.Split('=')[0].Replace("-", "", StringComparison.Ordinal);
            if (Setting.All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } setting)
                throw new Refusal(Exit.Usage, $"{setting.Name} is no option: everyone on this machine could read it in the list of processes. {GivenSettings.HowToGive(setting.Name)}");
        }
    }
}
