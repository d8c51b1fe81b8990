namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>What cannot be done is said in a sentence, without a trace of the program or a password, and with an exit code.</summary>
public sealed class WrongWords
{
    private const string Secret = "not-to-be-shown";

    [Theory]
    [InlineData("nonsense", 64, "nonsense")]
    [InlineData("backup", 64, "FILE")]
    [InlineData("views rebuild nonsense", 64, "There is no view 'nonsense'")]
    [InlineData("errors list", 64, "RabbitMq is not set")]
    [InlineData("errors list", 69, "RabbitMQ at 127.0.0.1:1", "COORDINATION_RABBITMQ", $"amqp://someone:{Secret}@127.0.0.1:1/")]
    [InlineData("journal verify", 69, "Is PostgreSQL running", "COORDINATION_POSTGRES", $"Host=127.0.0.1;Port=1;Username=someone;Password={Secret}")]
    [InlineData("backup somewhere", 69, "Is PostgreSQL running", "COORDINATION_POSTGRES", $"Host=127.0.0.1;Port=1;Username=someone;Password={Secret}")]
    [InlineData("journal verify", 69, "There is no journal in")]
    [InlineData("backup somewhere", 69, "There is no journal in")]
    [InlineData("gateway", 64, "Postgres should be a connection string", "COORDINATION_POSTGRES", $"{Secret}")]
    [InlineData("silo", 64, "RabbitMq should be of the form", "COORDINATION_RABBITMQ", $"amqp://{Secret}@127.0.0.1/")]
    [InlineData("config check nonsense", 64, "nonsense")]
    [InlineData($"silo --postgres Host=h;Password={Secret}", 64, "Postgres is no option: everyone on this machine could read it in the list of processes. Give it in a file")]
    [InlineData($"--demo-password={Secret}", 64, "Give it in a file with --settings FILE, or as COORDINATION_DEMO_PASSWORD.")]
    [InlineData($"config check --RabbitMq {Secret}", 64, "RabbitMq is no option")]
    [InlineData("node", 64, "Hosts is 'plans.example.org:443'", "COORDINATION_HOSTS", "plans.example.org:443")]
    [InlineData("node", 64, "Hosts is 'https://plans.example.org'", "COORDINATION_HOSTS", "plans.example.org;https://plans.example.org")]
    [InlineData("restore /nowhere/to/be/found", 65, "cannot be read")]
    public async Task Is_refused_with_a_reason(string words, int code, string reason, string? variable = null, string? value = null)
    {
        using var folder = new DataFolder();
        // What is there of Postgres is only tried by who knows the secret.
        var environment = variable is null ? null : new Dictionary<string, string> { [variable] = value!, ["COORDINATION_SECRET"] = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" };

        var (exit, output, errors) = await Tool.Run(environment, [.. words.Split(' '), "--data", folder.Path]);

        Assert.True(exit == code, $"{exit}: {output} {errors}");
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output + errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("node", 3, true, "COORDINATION_HOSTS=plans.example.org:443", "COORDINATION_OPEN_THINGS=0", "COORDINATION_DEMONSTRATON=off", "COORDINATION_RABBITMQ=amqp://not-to-be-shown@h/")]
    [InlineData("gateway", 4, false, "COORDINATION_POSTGRES=not-to-be-shown", "COORDINATION_PROXY=proxy.example.org", "COORDINATION_URLS=5080")]
    [InlineData("silo", 6, true, "COORDINATION_DEMONSTRATION=on", "COORDINATION_POSTGRESS=Host=h;Password=not-to-be-shown", "COORDINATION_SILO_PORT=70000")]
    public async Task Of_settings_are_said_by_a_check_as_by_a_start_all_of_them(string role, int faults, bool misspelt, params string[] variables)
    {
        using var folder = new DataFolder();
        var environment = variables.Select(variable => variable.Split('=', 2)).ToDictionary(variable => variable[0], variable => variable[1]);

        var start = await Tool.Run(environment, role, "--data", folder.Path);
        var check = await Tool.Run(environment, "config", "check", role, "--data", folder.Path);

        Assert.Equal((64, 64, start.Errors, ""), (start.Code, check.Code, check.Errors, start.Output));
        Assert.Equal(faults, start.Errors.Split('\n').Count(line => line.Contains(" should be ", StringComparison.Ordinal) || line.Contains(" is not set", StringComparison.Ordinal) || line.Contains(" needs ", StringComparison.Ordinal)));
        Assert.Equal(misspelt, start.Errors.Contains("Did you mean", StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, check.Output + check.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Nothing_is_started_by_a_check_of_what_is_right()
    {
        using var folder = new DataFolder();

        var (exit, output, errors) = await Tool.Run(
            new Dictionary<string, string> { ["COORDINATION_POSTGRES"] = $"Host=127.0.0.1;Port=1;Password={Secret}", ["COORDINATION_RABBITMQ"] = $"amqp://someone:{Secret}@127.0.0.1:1/" },
            "config", "check", "gateway", "--data", folder.Path);

        Assert.True(exit == 0, errors);
        Assert.Contains("Postgres = (secret)  (environment)", output, StringComparison.Ordinal);
        Assert.Contains($"Data = {folder.Path}  (command line)", output, StringComparison.Ordinal);
        Assert.EndsWith("A gateway starts with these settings, and the defaults of the others.", output.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output + errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
