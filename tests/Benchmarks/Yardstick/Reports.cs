using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace Coordination.Yardstick;

public sealed record SignIn(string Account);

public sealed record Report([property: Required] string Status, [property: Range(0, 100)] int Progress, [property: StringLength(4000)] string? Note);

/// <summary>A report on a milestone, as a plain program takes it.</summary>
internal static class ReportsApi
{
    public static void MapSessions(this WebApplication app) => app.MapPost("/session", async (SignIn body, HttpContext http) =>
        await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, body.Account)], CookieAuthenticationDefaults.AuthenticationScheme))));

    public static void MapReports(this WebApplication app)
    {
        app.MapPost("/fill", Fill);
        app.MapGet("/reports", (PlansContext plans) => plans.Milestones.SumAsync(milestone => (long)milestone.Reports));
        app.MapPost("/plans/{plan:int}/milestones/{milestone:int}/reports", Take).RequireAuthorization();
    }

    private static async Task<IResult> Take(int plan, int milestone, Report body, HttpContext http, PlansContext plans)
    {
        var found = await plans.Milestones.Include(one => one.Plan).SingleOrDefaultAsync(one => one.Id == milestone && one.PlanId == plan, http.RequestAborted);
        if (found is null) return Results.NotFound();
        if (found.Plan!.Body != http.User.Identity!.Name) return Results.Forbid();
        found.Status = body.Status;
        found.Progress = body.Progress;
        found.Note = body.Note;
        found.Reports++;
        plans.Outbox.Add(new()
        {
            Type = "milestone-reported",
            At = TimeProvider.System.GetUtcNow(),
            Data = JsonSerializer.Serialize(new { plan, milestone, found.Title, body.Status, body.Progress, body.Note, actor = http.User.Identity.Name }),
        });
        // One transaction for both rows.
        await plans.SaveChangesAsync(http.RequestAborted);
        return Results.Ok(new { id = found.Reports });
    }

    /// <summary>Makes the tables and plans 1 to <paramref name="count"/>, the bodies' in turn; plan 1 has milestones 1 to <paramref name="milestones"/>, plan 2 the next ones.</summary>
    private static async Task Fill(string[] bodies, int count, int milestones, PlansContext context)
    {
        await context.Database.EnsureCreatedAsync();
        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO "Plans" ("Id", "Body", "Title") SELECT plan, ({bodies})[(plan - 1) % {bodies.Length} + 1], 'National action plan ' || plan FROM generate_series(1, {count}) plan;
            INSERT INTO "Milestones" ("Id", "PlanId", "Title", "Status", "Progress", "Reports")
                SELECT (plan - 1) * {milestones} + milestone, plan, 'Milestone ' || milestone, 'planned', 0, 0 FROM generate_series(1, {count}) plan, generate_series(1, {milestones}) milestone;
            ANALYZE;
            """);
    }
}
