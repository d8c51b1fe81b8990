namespace Coordination.Gateway.Tests.Attacks;

/// <summary>Something that not everyone may see.</summary>
/// <param name="Noun">As its paths call it.</param>
/// <param name="Id">Under which paths name it.</param>
/// <param name="Word">Stands in its texts and nowhere else.</param>
/// <param name="At">Path at which those who may see it find it.</param>
/// <param name="Sees">The rule, told by how the thing was made and not by what the platform says.</param>
/// <param name="In">Ids of what it is in, by noun.</param>
public sealed record Thing(string Noun, string Id, string Word, string At, Func<Viewer, bool> Sees, params (string Noun, string Id)[] In)
{
    /// <summary>Id of the noun that it is or is in.</summary>
    public string? Named(string noun) => noun == Noun ? Id : Array.Find(In, one => one.Noun == noun).Id;

    /// <summary>Told to those who may see it when it came about.</summary>
    public bool IsTold { get; init; } = true;
}

/// <summary>Somebody who looks.</summary>
/// <param name="Body">For which they act; null for nobody's.</param>
public sealed record Viewer(string Name, Person Person, string? Body, bool IsSignedIn = true)
{
    public bool IsOf(params string[] bodies) => Body is not null && bodies.Contains(Body);
}

/// <summary>
/// A platform on which there is each noun at each handling mark and in each state, and somebody for each way of standing to it. Arcadia keeps
/// plans, asks and chairs; Borduria leads a measure, Carpania supports it; Drusselia is asked; Elbonia is in the group and Florin was.
/// </summary>
public sealed class People : IAsyncLifetime
{
    private const string Owner = "arcadia", Lead = "borduria", Supporter = "carpania", Asked = "drusselia", Member = "elbonia", Former = "florin";
    private const string Outsider = "grenyarnia", Rapporteur = "arcadian-rapporteur", OtherRapporteur = "borovian-rapporteur", Regional = "region-of-europe", Called = "hav";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Viewer> _viewers = [];
    private readonly List<Thing> _things = [];

    public Node Node { get; private set; } = null!;

    public Interface Interface { get; private set; } = null!;

    public IReadOnlyCollection<Viewer> Viewers => _viewers.Values;

    public IReadOnlyList<Thing> Things => _things;

    public Viewer this[string name] => _viewers[name];

    /// <summary>Ids of what is no secret, by noun.</summary>
    public Dictionary<string, string[]> Known { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Node = await Node.Start(_folder.Path, demonstration: false);
        Interface = await Interface.Of(Node);
        await Admit();
        foreach (var mark in (string[])["public", "community", "parties"])
            foreach (var status in (string[])["drafting", "adopted", "concluded"]) await Plan(mark, status);
        foreach (var mark in (string[])["public", "community", "parties", "named"])
            foreach (var end in (string?[])[null, "accept", "answer", "decline", "ask", "withdraw"]) await Request(mark, end);
        await Call();
        await Group();
        await Invitation();
        Known["bodies"] = [Owner, Lead, Supporter, Asked, Member, Former, Outsider, Rapporteur, OtherRapporteur, Regional, Called];
        Known["accounts"] = [.. Viewers.Where(viewer => viewer.IsSignedIn).Select(viewer => viewer.Person.Account)];
        Known["groups"] = [.. Things.Select(thing => thing.Named("groups")).OfType<string>().Distinct()];
        Known["plans"] = [.. Things.Where(thing => thing.Noun == "plans").Select(thing => thing.Id)];
        Known["measures"] = [.. Things.Select(thing => thing.Named("measures")).OfType<string>().Distinct()];
        Known["milestones"] = [.. Things.Select(thing => thing.Named("milestones")).OfType<string>().Distinct()];
        Known["regions"] = ["Europe", "002"];
        Known["requests"] = [.. Things.Where(thing => thing.Noun == "requests").Select(thing => thing.Id)];
        await Node.Settled();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var viewer in Viewers) viewer.Person.Dispose();
        await Node.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Still signed in, or anew: the tests of a class share these people, and some sign them out.</summary>
    public async Task Awake(string name)
    {
        var viewer = this[name];
        if (!viewer.IsSignedIn) return;
        var session = await viewer.Person.Get("/session");
        if (session.Status is HttpStatusCode.OK)
        {
            viewer.Person.Token = session.Json.GetProperty("csrfToken").GetString();
            return;
        }

        viewer.Person.Dispose();
        _viewers[name] = viewer with { Person = name == "administrator" ? await Node.AsAnother(name) : await Person.SignIn(Node.Address, name, Person.Chosen) };
    }

    /// <summary>A word that stands nowhere else.</summary>
    public static string Word() => $"Secret{Guid.NewGuid():N}";

    private async Task Admit()
    {
        var administrator = await Node.AsAnother("administrator");
        _viewers["administrator"] = new("administrator", administrator, null);
        _viewers["nobody"] = new("nobody", new(Node.Address), null, IsSignedIn: false);
        foreach (var (id, kind, state, region) in ((string, string, string?, string?)[])
        [
            (Owner, "state", "XAR", "Europe"), (Lead, "state", "XBO", "Asia"), (Supporter, "partner", null, null), (Asked, "state", "XDR", "Asia"),
            (Member, "task-force", null, null), (Former, "national-body", null, null), (Outsider, "state", "XGR", "Asia"),
            (Rapporteur, "national-rapporteur", "XAR", null), (OtherRapporteur, "national-rapporteur", "XGR", null),
            (Regional, "regional-organization", null, "Europe"), (Called, "state", "XHA", "Africa"),
        ])
        {
            (await administrator.Post("/bodies", new { id, kind, name = id, state, region, timeZone = "Europe/Vienna" }, match: null)).Done();
            await Invite(administrator, id, id, "coordinator");
        }

        foreach (var (name, body, role) in ((string, string, string)[])
        [
            ("contributor", Owner, "contributor"), ("observer", Owner, "observer"), ("demoted", Owner, "coordinator"),
            ("of-the-lead", Lead, "observer"), ("of-the-member", Member, "observer"), ("of-the-outsider", Outsider, "contributor"),
        ])
        {
            await Invite(this[body].Person, body, name, role);
        }

        (await this[Owner].Person.Post($"/bodies/{Owner}/roles", new { account = "demoted", role = "observer" }, match: null)).Done();
    }

    private async Task Invite(Person by, string body, string name, string role) => _viewers[name] = new(name, await Person.Invite(by, body, name, role), body);

    private async Task Plan(string mark, string status)
    {
        var (owner, lead) = (this[Owner].Person, this[Lead].Person);
        string[] parties = [Owner, Lead, Supporter, Rapporteur];
        Func<Viewer, bool> isParty = viewer => viewer.IsOf(parties);
        Func<Viewer, bool> sees = mark == "parties" ? isParty : viewer => viewer.IsSignedIn;
        var word = Word();
        var plan = (await owner.Post("/plans", new { title = $"Plan {word}", mark, status, note = word }, match: null)).Id;
        var measure = (await owner.Post($"/plans/{plan}/measures", new { pillar = "training", title = $"Measure {word}", lead = Lead, supporting = (string[])[Supporter] })).Id;
        var milestone = (await owner.Post($"/plans/{plan}/measures/{measure}/milestones", new { title = $"Milestone {word}", due = "2031-01-01" })).Id;
        _things.Add(new("plans", plan, word, $"/plans/{plan}", sees, ("measures", measure), ("milestones", milestone)));

        await Report(lead, draft: true, viewer => viewer.IsOf(Lead));
        await Report(this["contributor"].Person, draft: true, viewer => viewer.IsOf(Owner));
        await Report(lead, draft: false, isParty);
        var returned = await Report(lead, draft: false, isParty);
        (await owner.Post($"/plans/{plan}/reports/{returned}/return", new { reason = "Which month?" })).Done();
        var approved = await Report(lead, draft: false, sees);
        (await owner.Post($"/plans/{plan}/reports/{approved}/approve", new { })).Done();

        async Task<string> Report(Person by, bool draft, Func<Viewer, bool> may)
        {
            var note = Word();
            var report = (await by.Post($"/plans/{plan}/milestones/{milestone}/reports", new { status = "in-progress", progress = 10, note, draft })).Id;
            // What was approved is told without its note, which stands with what was submitted.
            _things.Add(new("reports", report, note, $"/plans/{plan}/milestones/{milestone}/reports", may, ("plans", plan), ("measures", measure), ("milestones", milestone)) { IsTold = may != sees });
            return report;
        }
    }

    private async Task Request(string mark, string? end)
    {
        var word = Word();
        var request = (await this[Owner].Person.Post("/requests", new { to = (string[])[Asked], kind = "information", subject = word, text = word, mark, pillar = "training" }, match: null)).Id;
        Func<Viewer, bool> sees = mark switch
        {
            "named" => viewer => viewer.IsOf(Owner, Asked),
            "parties" => viewer => viewer.IsOf(Owner, Asked, Rapporteur),
            _ => viewer => viewer.IsSignedIn,
        };
        _things.Add(new("requests", request, word, $"/requests/{request}", sees));
        if (end is null) return;
        (await this[end == "withdraw" ? Owner : Asked].Person.Post($"/requests/{request}/{end}", new { text = word, ground = "no-capacity" })).Done();
    }

    /// <summary>An open call to a region, whose bodies may answer.</summary>
    private async Task Call()
    {
        var word = Word();
        var call = (await this[Owner].Person.Post("/requests", new { region = "Africa", kind = "training", subject = word, mark = "parties" }, match: null)).Id;
        _things.Add(new("requests", call, word, $"/requests/{call}", viewer => viewer.IsOf(Owner, Called, Rapporteur)));
    }

    private async Task Group()
    {
        var owner = this[Owner].Person;
        var group = (await owner.Post("/groups", new { name = "Contact group", members = (string[])[Member, Former] }, match: null)).Id;
        foreach (var body in (string[])[Member, Former]) (await this[body].Person.Post($"/groups/{group}/join", null, match: null)).Done();
        foreach (var mark in (string[])["parties", "community", "public"]) await Update(mark);
        (await owner.Delete($"/groups/{group}/members/{Former}")).Done();
        await Update("parties");

        async Task Update(string mark)
        {
            var word = Word();
            var update = (await owner.Post($"/groups/{group}/updates", new { text = word, mark }, match: null)).Id;
            _things.Add(new("updates", update, word, $"/groups/{group}/updates", mark == "parties" ? viewer => viewer.IsOf(Owner, Member) : viewer => viewer.IsSignedIn, ("groups", group)));
        }
    }

    /// <summary>Who is invited into a body is known to its own people and, since they see who could help it, to administrators.</summary>
    private async Task Invitation()
    {
        var name = $"invited.{Guid.NewGuid():N}";
        (await this[Outsider].Person.Post($"/bodies/{Outsider}/invitations", new { account = name, role = "observer" }, match: null)).Done();
        _things.Add(new("roles", name, name, $"/bodies/{Outsider}", viewer => viewer.IsOf(Outsider) || viewer.Name == "administrator", ("bodies", Outsider)) { IsTold = false });
    }
}
