using Coordination.Host.Grains;
using Microsoft.Extensions.Time.Testing;

namespace Coordination.Silo.Tests.Grains;

public sealed class Presences
{
    private readonly FakeTimeProvider _time = new(new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Who_is_here_is_put_together_from_all_gateways_and_a_silent_one_is_forgotten()
    {
        var presence = new PresenceGrain(_time);
        await presence.Renew("one", new(["canada", "finland"], new() { ["icat"] = ["canada"] }));
        _time.Advance(TimeSpan.FromSeconds(20));
        var both = await presence.Renew("two", new(["canada", "togo"], new() { ["icat"] = ["togo", "canada"], ["other"] = ["togo"] }));
        Assert.Equal(["canada", "finland", "togo"], both.Online);
        Assert.Equal(["canada", "togo"], both.Groups["icat"]);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["canada", "finland", "togo"], (await presence.Get()).Online);
        _time.Advance(TimeSpan.FromSeconds(1));
        var rest = await presence.Get();

        Assert.Equal(["canada", "togo"], rest.Online);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty((await presence.Get()).Online);
        Assert.Empty((await presence.Get()).Groups);
    }

    [Fact]
    public async Task What_a_gateway_says_replaces_all_it_said_before()
    {
        var presence = new PresenceGrain(_time);
        await presence.Renew("one", new(["canada"], new() { ["icat"] = ["canada"] }));

        var now = await presence.Renew("one", new(["togo"], []));

        Assert.Equal(["togo"], now.Online);
        Assert.Empty(now.Groups);
    }
}
