using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>A session from before somebody was given another password.</summary>
public sealed class StampsThatDiffer
{
    [Fact]
    public async Task Ends_with_a_clear_answer_at_every_path_and_the_same_browser_signs_in_again()
    {
        using var folder = new TemporaryFolder();
        await using var node = await Node.Start(folder.Path, demonstration: false, adjust: builder =>
            builder.Services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.Zero));
        var administrator = await node.As("administrator");
        (await administrator.Post("/bodies", new { id = "freedonia", kind = "state", name = "Freedonia" }, match: null)).Done();
        using var firefly = await Person.SignIn(node.Address, "r.firefly", await Grant());
        (await firefly.Get("/plans")).Done();

        // The answer was lost, and the grant is said again: another first password counts.
        var password = await Grant();

        foreach (var path in (string[])["/session", "/plans", "/bodies", "/feed", "/inbox", "/session"])
            (await firefly.Get(path)).Refused(401, "session.required");
        (await firefly.Post("/plans", new { title = "A plan" }, match: null)).Refused(401, "session.required");
        (await firefly.TrySignIn("r.firefly", password)).Done();
        (await firefly.Get("/plans")).Done();

        async Task<string> Grant() => (await administrator.Post(
            "/bodies/freedonia/roles", new { account = "r.firefly", role = "coordinator" }, match: null, headers: ("Idempotency-Key", "\"first\"")))
            .Done().Json.GetProperty("password").GetString()!;
    }
}
