using Coordination.Contracts.Bodies;
using Coordination.Contracts.Groups;
using Coordination.Contracts.Plans;

namespace Coordination.Host.Import;

/// <summary>The facts of the Secretary-General's report A/67/170. Every one cites its paragraph.</summary>
internal sealed class ReportImport(ImportCommands commands)
{
    private const string Document = "A/67/170";

    public async Task Run(string folder)
    {
        var bodies = Importer.Read<BodyData[]>(Path.Combine(folder, "bodies.json"));
        await ImportCommands.Side(bodies, body => commands.Admit(body, Cite(body.Paragraphs ?? [])));
        await commands.Settle();
        await ImportCommands.Side(bodies, body => commands.OpenAccount(body.Id, body.Name));

        // A body that is an inter-agency group is where its members share updates, so it is a group too.
        await ImportCommands.Side(bodies.Where(body => body.Kind is BodyKind.InterAgencyGroup), body => commands.Give(
            $"group/{body.Id}",
            header => commands.Grains.GetGrain<IGroupGrain>(body.Id).Execute(
                header, new FormGroup(body.Id, body.Name, body.Members, body.Chairs, body.Note, Cite(body.Paragraphs ?? [])))));

        await ImportCommands.Side(Importer.Read<PlanData[]>(Path.Combine(folder, "plans.json")), Plan);

        var facts = Importer.Read<FactData[]>(Path.Combine(folder, "facts.json")).Concat(Importer.Read<FactData[]>(Path.Combine(folder, "findings.json")));
        var agreements = Importer.Read<AgreementData[]>(Path.Combine(folder, "agreements.json"));
        await ImportCommands.Side(facts.GroupBy(fact => fact.Body), async page =>
        {
            foreach (var fact in page) await Fact(fact);
        });
        await ImportCommands.Side(agreements.SelectMany(agreement => agreement.Parties.Select(party => (Party: party, agreement))).GroupBy(pair => pair.Party), async page =>
        {
            foreach (var (party, agreement) in page) await Agreement(party, agreement);
        });
        await commands.Settle();
    }

    private async Task Plan(PlanData plan)
    {
        var grain = commands.Grains.GetGrain<IPlanGrain>(plan.Id);
        await commands.Give($"plan/{plan.Id}", header => grain.Execute(header, new DraftPlan(
            plan.Id, plan.Body, plan.Title, plan.Iteration, null, plan.Status, Mark.Public, Cite(plan.Paragraphs),
            plan.EvaluationBasis is { } basis ? char.ToUpperInvariant(basis[0]) + basis[1..] + "." : null)));
        foreach (var measure in plan.Measures)
        {
            await commands.Give($"plan/{plan.Id}/{measure.Id}", header => grain.Execute(header, new AddMeasure(
                measure.Id, measure.Pillar, measure.Title, null, null, measure.Status, Cite([measure.Paragraph]))));
        }
    }

    private Task<Done> Fact(FactData fact) => commands.Give($"fact/{fact.Id}", header => commands.Grains.GetGrain<IBodyGrain>(fact.Body).Execute(
        header, new RecordFact(new(fact.Id, fact.Kind, fact.Pillar, fact.Status, fact.Summary, new(fact.Source, [fact.Paragraph])))));

    private Task<Done> Agreement(string party, AgreementData agreement) => commands.Give(
        $"agreement/{agreement.Id}/{party}",
        header => commands.Grains.GetGrain<IBodyGrain>(party).Execute(header, new RecordAgreement(new(
            agreement.Id, agreement.Name, agreement.Kind, agreement.Relation, agreement.Parties, agreement.PartiesComplete, Cite(agreement.Paragraphs)))));

    private static Source Cite(int[] paragraphs) => new(Document, paragraphs);
}

internal static class Admission
{
    public static Task<Done> Admit(this ImportCommands commands, BodyData body, Source? source) => commands.Give(
        $"body/{body.Id}",
        header => commands.Grains.GetGrain<IBodyGrain>(body.Id).Execute(header, new AdmitBody(
            body.Id, body.Kind, body.Name, body.Acronym, body.State, body.M49, body.Region, body.Subregion, body.IntermediateRegion, body.Parent,
            body.ParentRelation, body.TimeZone, body.Note, body.Members, body.Chairs, source, body.Exercise, body.Category)));
}
