using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Coordination.EndToEnd.Tests.Windows;

/// <summary>
/// Looks at a page with axe, in the page itself: the package that joins axe and Playwright opens a page beside it for each look, which
/// takes longer than most looks. No page of ours has frames.
/// </summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <param name="runOnly">Which rules, in axe's own form.</param>
    /// <returns>What breaks a rule, and where.</returns>
    public static async Task<IEnumerable<string>> Look(IPage page, object runOnly)
    {
        await page.EvaluateAsync(Script);
        var found = await page.EvaluateAsync<JsonElement>(
            """
            async (runOnly) => {
              if (document.querySelector('iframe')) throw new Error('There is a frame on this page, which is not looked into.');
              const { passes, violations } = await axe.run(document, { runOnly, resultTypes: ['violations'] });
              const messages = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ');
              return {
                passes: passes.length,
                violations: violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.help}) at ${node.target}: ${messages(node)}`)),
              };
            }
            """,
            runOnly);
        Assert.NotEqual(0, found.GetProperty("passes").GetInt32());
        return found.GetProperty("violations").EnumerateArray().Select(violation => $"{page.Url}: {violation.GetString()}");
    }
}
