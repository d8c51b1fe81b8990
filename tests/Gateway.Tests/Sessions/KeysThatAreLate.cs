using Coordination.Gateway.Tests.Silos;
using Orleans.Runtime;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>A gateway that has just started has no keys yet to look at cookies with. Whoever is signed in stays so.</summary>
public sealed class KeysThatAreLate
{
    [Fact]
    public async Task Whoever_comes_before_the_keys_are_at_hand_waits_and_stays_signed_in()
    {
        await using var two = await TwoGateways.Start();
        using var person = await Person.SignIn(two.A, "finland", TwoGateways.Password);
        var asked = 0;
        var another = await two.StartAnother(new()
        {
            Before = (method, _) => method == "IKeysGrain.All" && asked++ < 3 ? throw new SiloUnavailableException("Not yet.") : Task.CompletedTask,
        });
        using var elsewhere = person.At(another);
        Assert.Equal("finland", (await elsewhere.Get("/session")).Done().Json.GetProperty("signInName").GetString());
        Assert.Equal(4, asked);
        (await elsewhere.Post("/subscriptions", new { about = "groups" }, match: null)).Done();
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task While_no_silo_has_them_the_answer_is_not_that_nobody_is_signed_in()
    {
        await using var two = await TwoGateways.Start();
        using var person = await Person.SignIn(two.A, "finland", TwoGateways.Password);
        var away = true;
        var another = await two.StartAnother(new()
        {
            Before = (method, _) => method == "IKeysGrain.All" && away ? throw new SiloUnavailableException("Not yet.") : Task.CompletedTask,
        });
        using var elsewhere = person.At(another);
        (await elsewhere.Get("/session", ("Request-Timeout", "0.5"))).Refused(503, "platform.unavailable");
        // Nobody's cookie, too, is looked at only then.
        using var nobody = new Person(another);
        (await nobody.Get("/plans", ("Request-Timeout", "0.5"))).Refused(503, "platform.unavailable");
        away = false;
        Assert.Equal("finland", (await elsewhere.Get("/session")).Done().Json.GetProperty("signInName").GetString());
        (await nobody.Get("/plans")).Refused(401, "session.required");
    }
}
