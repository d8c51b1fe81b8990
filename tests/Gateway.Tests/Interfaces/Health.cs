namespace Coordination.Gateway.Tests.Interfaces;

public sealed class Health(RunningNode running)
{
    [Fact]
    public async Task Strangers_learn_whether_it_is_well_and_not_how_much_is_written()
    {
        using var nobody = new HttpClient();
        var answer = await nobody.GetAsync(new Uri(running.Node.Address, "/health/ready"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"status\":\"ready\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"text\"", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9]", text);
    }

    [Fact]
    public async Task Whoever_is_signed_in_is_told_how_it_stands()
    {
        var text = (await (await running.Node.As("ruritania")).Get("//health/ready")).Text;
        Assert.Contains("Viewers are told up to ", text, StringComparison.Ordinal);
    }
}
