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
    [InlineData("gateway", 64, "no connection string", "COORDINATION_POSTGRES", $"{Secret}")]
    [InlineData("node", 64, "Hosts is 'plans.example.org:443'", "COORDINATION_HOSTS", "plans.example.org:443")]
    [InlineData("node", 64, "Hosts is 'https://plans.example.org'", "COORDINATION_HOSTS", "plans.example.org;https://plans.example.org")]
    [InlineData("restore /nowhere/to/be/found", 65, "cannot be read")]
    public async Task Is_refused_with_a_reason(string words, int code, string reason, string? variable = null, string? value = null)
    {
        using var folder = new DataFolder();
        var environment = variable is null ? null : new Dictionary<string, string> { [variable] = value! };

        var (exit, output, errors) = await Tool.Run(environment, [.. words.Split(' '), "--data", folder.Path]);

        Assert.True(exit == code, $"{exit}: {output} {errors}");
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output + errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
