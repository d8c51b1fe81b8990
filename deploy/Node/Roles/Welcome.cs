using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Coordination.Node.Roles;

/// <summary>What a newcomer reads when the platform has started.</summary>
internal static class Welcome
{
    public static void Print(WebApplication app, Settings settings, Passwords passwords)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var lines = new List<string> { "", $"  Coordination runs at {string.Join(" and ", addresses)}", "" };
        if (passwords.Demonstration is { } password)
        {
            lines.Add("  Sign in as any body, for example ruritania, valdoria or meridian-secretariat (an exercise).");
            lines.Add(settings.DemoPassword is not null ? "  Password: the one in COORDINATION_DEMO_PASSWORD" : $"  Password: {password}");
        }

        if (passwords.Administrator is { } administrator)
            lines.Add(passwords.Demonstration is null
                ? $"  Sign in as administrator. Password: {administrator}"
                : $"  The administrator's password is in {Path.Combine(settings.Data, "administrator-password")}");
        lines.Add($"  Data: {settings.Data}   API: /developers   Stop: Ctrl-C");
        lines.Add("");
        Console.WriteLine(string.Join(Environment.NewLine, lines));
    }
}
