using System.Globalization;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Plans;
using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Host.Import;

/// <summary>
/// Fictional bodies with plans, a group and requests to practise on. After the bodies are admitted and have accounts, each command
/// is given by the body that would give it.
/// </summary>
internal sealed class ExerciseImport(ImportCommands commands, TimeProvider time)
{
    private readonly DateOnly _today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    public async Task Run(string file)
    {
        var exercise = Importer.Read<ExerciseData>(file);
        await ImportCommands.Side(exercise.Bodies, body => commands.Admit(body, null));
        await commands.Settle();
        await ImportCommands.Side(exercise.Bodies, body => commands.OpenAccount(body.Id, body.Name));
        await commands.Settle();
        await ImportCommands.Side(exercise.Plans, Plan);
        foreach (var group in exercise.Groups) await Group(group);
        foreach (var (subscription, index) in exercise.Subscriptions.Select((subscription, index) => (subscription, index)))
        {
            await commands.Give(
                string.Create(CultureInfo.InvariantCulture, $"exercise/subscription/{index}"),
                header => commands.Grains.GetGrain<IInboxGrain>(subscription.Body).Execute(header, new Subscribe(
                    subscription.About, subscription.Regions, subscription.States, subscription.Kinds, subscription.Pillars)),
                subscription.Body);
        }

        await commands.Settle();
        // Nobody begins with an inbox full of how the plans were put together.
        foreach (var body in exercise.Bodies)
        {
            await commands.Give(
                $"exercise/read/{body.Id}",
                header => commands.Grains.GetGrain<IInboxGrain>(body.Id).Execute(header, new ReadInbox(commands.Position)), body.Id);
        }

        foreach (var request in exercise.Requests) await Request(request);
        await commands.Settle();
    }

    private async Task Plan(ExercisePlan plan)
    {
        var grain = commands.Grains.GetGrain<IPlanGrain>(plan.Id);
        Task<Done> Give(string key, PlanCommand command, string? by = null) =>
            commands.Give($"exercise/plan/{plan.Id}{key}", header => grain.Execute(header, command), by ?? plan.Body);

        await Give("", new DraftPlan(
            plan.Id, plan.Body, plan.Title, new Iteration(plan.Iteration), new(Day(plan.FromInDays), Day(plan.ToInDays)), plan.Status, plan.Mark));
        foreach (var measure in plan.Measures)
        {
            await Give($"/{measure.Id}", new AddMeasure(measure.Id, measure.Pillar, measure.Title, measure.Lead, measure.Supporting));
            foreach (var milestone in measure.Milestones)
            {
                var key = $"/{measure.Id}/{milestone.Id}";
                await Give(key, new AddMilestone(
                    measure.Id, milestone.Id, milestone.Title, Day(milestone.DueInDays), milestone.BaselineInDays is { } days ? Day(days) : null));
                if (milestone.Report is not { } report) continue;
                var done = await Give(
                    key + "/report",
                    new ReportProgress(
                        milestone.Id, report.Status, report.Progress, report.Note, report.Evidence is { } evidence ? [evidence] : null, report.State is ReportState.Draft),
                    report.By);
                if (report.State is ReportState.Approved && report.By != plan.Body) await Give(key + "/approval", new ApproveReport(done.Id));
            }
        }
    }

    private async Task Group(ExerciseGroup group)
    {
        var grain = commands.Grains.GetGrain<IGroupGrain>(group.Id);
        await commands.Give($"exercise/group/{group.Id}", header => grain.Execute(header, new FormGroup(
            group.Id, group.Name, group.Members,
            [.. group.Chairs.Select(term => new Contracts.Bodies.ChairTerm(term.Body, Text(Day(term.FromInDays)), Text(Day(term.ToInDays))))], Exercise: true)));
        await commands.Settle();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var update in group.Updates)
        {
            var done = await commands.Give(
                $"exercise/group/{group.Id}/{update.Key}",
                header => grain.Execute(header, new ShareUpdate(update.Text, update.Mark, update.ReplyTo is { } key ? ids[key] : null)), update.Body);
            ids[update.Key] = done.Id;
        }
    }

    private async Task Request(ExerciseRequest request)
    {
        var grain = commands.Grains.GetGrain<IRequestGrain>($"exercise-{request.Key}");
        Task<Done> Give(string key, RequestCommand command, string by) =>
            commands.Give($"exercise/request/{request.Key}{key}", header => grain.Execute(header, command), by);

        await Give("", new OpenRequest(
            request.To, request.Region, request.Kind, request.Subject, request.Text, request.Pillar, request.Mark, request.Urgency,
            request.NeededByInDays is { } days ? Day(days) : null), request.From);
        for (var index = 0; index < request.Steps.Length; index++)
        {
            var step = request.Steps[index];
            await Give(string.Create(CultureInfo.InvariantCulture, $"/{index}"), CommandOf(step), step.By);
        }
    }

    private RequestCommand CommandOf(ExerciseStep step) => step.Verb switch
    {
        "accept" => new AcceptRequest(step.Text),
        "propose-date" => new ProposeDate(Day(step.DateInDays ?? 0), step.Text),
        "decline" => new DeclineRequest(step.Ground, step.Text),
        "ask" => new AskClarification(step.Text ?? ""),
        "reply" => new AnswerClarification(step.Text ?? ""),
        "answer" => new AnswerRequest(step.Text ?? ""),
        "confirm" => new ConfirmRequest(step.Text),
        "withdraw" => new WithdrawRequest(step.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Verb, "The exercise has a step that is no verb."),
    };

    private DateOnly Day(int inDays) => _today.AddDays(inDays);

    private static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}
