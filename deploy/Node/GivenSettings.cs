// The framework merges, converts and binds. By hand are names in the environment, where its provider takes underscores for parts of a name, and the look at each text, since its binder stops at the first fault.
using System.Collections;
using System.Text.Json;

namespace Coordination.Node;

/// <summary>
/// What is given of the settings: in a file, then the environment, then on the command line; what comes later wins, and what is empty is not
/// given. All that is wrong is found in one go, before anything starts. It says no value of a secret.
/// </summary>
public sealed class GivenSettings
{
    /// <summary>Prefix of environment variables; after it underscores are for the eye only: COORDINATION_SILO_PORT is SiloPort.</summary>
    public const string Prefix = "COORDINATION_";

    private readonly List<string> _faults = [];
    private readonly List<string> _notes = [];

    /// <param name="file">Settings file, or null.</param>
    /// <param name="environment">All variables.</param>
    /// <param name="line">What the command line says, by the names of the settings.</param>
    public GivenSettings(string role, string? file, IDictionary environment, IEnumerable<KeyValuePair<string, string?>> line)
    {
        (string Name, IEnumerable<KeyValuePair<string, string?>> Pairs)[] sources = [(file ?? "", FromFile(file)), ("environment", FromEnvironment(environment)), ("command line", line)];
        var merged = new ConfigurationBuilder();
        foreach (var source in sources) merged.AddInMemoryCollection(source.Pairs.Where(static pair => !string.IsNullOrWhiteSpace(pair.Value)));
        var given = merged.Build();
        var places = given.Providers.Zip(sources, static (provider, source) => (Provider: provider, source.Name)).Reverse().ToList();
        // Each text is looked at before it is bound: the binder would stop at the first that it cannot read.
        var sound = new Dictionary<string, string?>();
        foreach (var setting in Setting.All)
        {
            if (given[setting.Name] is not { } text)
            {
                if (setting.IsNeededBy(role)) _faults.Add(NotSet(setting.Name));
                continue;
            }

            Shown.Add((setting.Name, setting.Shown(text), places.Find(place => place.Provider.TryGet(setting.Name, out _)).Name));
            if (setting.Fault(text) is { } fault) _faults.Add(fault);
            else sound[setting.Name] = setting.ToBind(text);
        }

        Settings = new() { Name = role, Demonstration = role != "silo" };
        new ConfigurationBuilder().AddInMemoryCollection(sound).Build().Bind(Settings);
        Settings.Data = Path.GetFullPath(Settings.Data);
        if (role == "silo" && Settings is { Demonstration: true, DemoPassword: null })
            _faults.Add($"A silo that offers demonstration accounts needs their password in {VariableOf(nameof(Settings.DemoPassword))}, the same for all silos.");
    }

    /// <summary>They hold where there are no <see cref="Faults"/>.</summary>
    public Settings Settings { get; }

    /// <summary>Why the role cannot start: each names a setting, what is given unless it is secret, and what is allowed.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Variables with our prefix that are no settings: other programs may have them, or they are misspelt.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What is given, with its text unless it is secret, and which source wins.</summary>
    public List<(string Name, string Text, string Source)> Shown { get; } = [];

    public static string NotSet(string name) => $"{name} is not set. {HowToGive(name)}";

    public static string HowToGive(string name) => $"Give it in a file with --settings FILE, or as {VariableOf(name)}.";

    private static string VariableOf(string name) => Prefix + JsonNamingPolicy.SnakeCaseUpper.ConvertName(name);

    private IReadOnlyList<KeyValuePair<string, string?>> FromFile(string? file)
    {
        if (file is null) return [];
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                _faults.Add($"{file} holds passwords and everyone on this machine may read it. First: chmod 600 {file}");
                return [];
            }

            using var stream = File.OpenRead(file);
            var pairs = new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable().ToList();
            foreach (var top in pairs.Select(static pair => pair.Key.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!Setting.All.Any(setting => setting.Name.Equals(top, StringComparison.OrdinalIgnoreCase)))
                    _faults.Add($"{file}: there is no setting '{top}'. {(Nearest(top) is { } near ? $"Did you mean {near}?" : $"There are: {string.Join(", ", Setting.All.Select(static setting => setting.Name))}")}");
                else if (pairs.Exists(pair => pair.Key.StartsWith($"{top}:", StringComparison.OrdinalIgnoreCase)))
                    _faults.Add($"{file}: {top} should be one text, in which several parts are separated by ;.");
            }

            return pairs;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _faults.Add($"The settings file cannot be read. ({exception.Message})");
        }
        catch (JsonException exception)
        {
            // Its message may repeat what stands there.
            _faults.Add($"{file} is no JSON object: see line {exception.LineNumber + 1}, after {exception.BytePositionInLine} bytes.");
        }
        catch (FormatException exception)
        {
            _faults.Add($"{file} is no JSON object. ({exception.Message})");
        }

        return [];
    }

    private IReadOnlyList<KeyValuePair<string, string?>> FromEnvironment(IDictionary environment)
    {
        var pairs = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in environment)
        {
            var given = (string)variable.Key;
            // What is empty is not given, and hides no other spelling of the same name.
            if (!given.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || string.IsNullOrWhiteSpace((string?)variable.Value)) continue;
            var name = given[Prefix.Length..].Replace("_", "", StringComparison.Ordinal);
            if (Setting.All.Any(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) pairs[name] = (string?)variable.Value;
            else _notes.Add($"{given} is no setting, and nothing was done with it.{(Nearest(name) is { } near ? $" Did you mean {VariableOf(near)}?" : "")}");
        }

        _notes.Sort(StringComparer.Ordinal);
        return [.. pairs];
    }

    /// <summary>The setting with the most similar name, or null when none is similar.</summary>
    private static string? Nearest(string name) => Setting.All
        .Select(setting => (setting.Name, Changes: Changes(setting.Name.ToUpperInvariant(), name.ToUpperInvariant())))
        .Where(other => other.Changes <= (other.Name.Length + 3) / 4).OrderBy(static other => other.Changes).FirstOrDefault().Name;

    /// <summary>Letters to change, add or leave out to make one of the other (Levenshtein's distance). By hand: a package for ten lines would be one more to trust.</summary>
    private static int Changes(string one, string other)
    {
        var before = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var row = 1; row <= one.Length; row++)
        {
            var now = new int[other.Length + 1];
            now[0] = row;
            for (var column = 1; column <= other.Length; column++)
                now[column] = Math.Min(Math.Min(now[column - 1], before[column]) + 1, before[column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1));
            before = now;
        }

        return before[^1];
    }
}
