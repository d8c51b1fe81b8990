using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Coordination.Domain.Tests.Samples;

/// <summary>
/// Facts are for ever. <c>name.v1.json</c> is a fact with everything in it, its data and its texts; <c>name.v1.required.json</c> one with
/// nothing that can be left out. A sample is added with a new fact or form, and neither changed nor removed after it was released.
/// </summary>
public partial class EveryFactEverWritten
{
    [GeneratedRegex(@"^(?<name>[a-z-]+\.[a-z-]+)\.v(?<form>[0-9]+)(?<required>\.required)?$")]
    private static partial Regex FileName();

    public static TheoryData<string> Files() => new(Directory.GetFiles(Repository.Samples, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    public static TheoryData<string> Facts() => new(FactJson.All.Select(fact => fact.Name).Order(StringComparer.Ordinal));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Samples, file + ".json"));

    [Theory, MemberData(nameof(Files))]
    public void A_sample_is_of_a_known_fact_and_still_loads(string file)
    {
        var parts = FileName().Match(file);
        Assert.True(parts.Success, file + " is not name.vN.json or name.vN.required.json");
        var known = FactJson.All.SingleOrDefault(fact => fact.Name == parts.Groups["name"].Value);
        Assert.True(known.Type is not null, $"The fact '{parts.Groups["name"].Value}' has disappeared; the journal still holds it.");
        var form = int.Parse(parts.Groups["form"].Value, null);

        var fact = FactJson.Read(known.Name, form, Bytes(Whole(file)["data"]!), Whole(file)["texts"] is { } texts ? Bytes(texts) : []);

        Assert.IsType(known.Type, fact);
        if (form != known.Form) return;
        var written = FactJson.Write(fact, "en");
        var again = new JsonObject { ["data"] = JsonNode.Parse(written.Data) };
        if (written.Texts is not null) again["texts"] = JsonNode.Parse(written.Texts);
        Assert.True(JsonNode.DeepEquals(Whole(file), again), $"{file} is written as {again}");
    }

    /// <summary>Once they are erased, a fact still loads, and each of its texts says that it was erased.</summary>
    [Theory, MemberData(nameof(Files))]
    public void A_sample_still_loads_when_its_texts_were_erased(string file)
    {
        if (Whole(file)["texts"] is not { } texts) return;
        var parts = FileName().Match(file);

        var fact = FactJson.Read(parts.Groups["name"].Value, int.Parse(parts.Groups["form"].Value, null), Bytes(Whole(file)["data"]!), []);

        var read = JsonNode.Parse(FactJson.Write(fact).Texts)!["texts"]!.AsArray().Select(text => text!.GetValue<string>()).ToList();
        Assert.Equal(texts["texts"]!.AsArray().Count, read.Count);
        Assert.All(read, text => Assert.Equal(TextAttribute.Erased, text));
    }

    /// <summary>
    /// Every member that holds words is either marked as a text, and can be erased, or it is here, because it is none: an id, a code, a date,
    /// a name of a State or region, the public name of a body.
    /// </summary>
    [Fact]
    public void What_people_write_freely_is_marked_as_a_text()
    {
        string[] data =
        [
            "Accession.Id", "Accession.Kind", "Accession.Parties", "Accession.Relation", "AccountResetAgreed.By", "AccountResetAsked.By", "AccountRoleFact.Body",
            "BodyAdmitted.Acronym", "BodyAdmitted.Id", "BodyAdmitted.IntermediateRegion", "BodyAdmitted.M49", "BodyAdmitted.Members", "BodyAdmitted.Name",
            "BodyAdmitted.Parent", "BodyAdmitted.Region", "BodyAdmitted.State", "BodyAdmitted.Subregion", "BodyAdmitted.TimeZone", "BodyClass.Parent",
            "BodyProfileChanged.Acronym", "BodyProfileChanged.Name", "BodyProfileChanged.TimeZone", "Citation.Document", "ClarificationAsked.By",
            "GroupFormed.Members", "GroupInvitationDeclined.Body", "GroupInvitationWithdrawn.Body", "GroupMemberAdded.Body", "GroupMemberInvited.Body",
            "GroupMemberInvited.By", "GroupMemberRemoved.Body", "GroupUpdateShared.Body", "GroupUpdateShared.Id", "GroupUpdateShared.ReplyTo", "MeasureAdded.Code",
            "MeasureAdded.Id", "MeasureAdded.ReportedStatus", "MilestoneAdded.Code", "MilestoneAdded.Id", "MilestoneAdded.Measure", "MilestoneRescheduled.Milestone",
            "Participation.Body", "PlanDrafted.Body", "PlanDrafted.Code", "PlanDrafted.State", "Report.Account", "Report.Body", "Report.Id", "Report.Milestone",
            "RequestAccepted.By", "RequestAnswered.By", "RequestDateProposed.By", "RequestDeclined.By", "RequestOpened.From", "RequestOpened.Measure",
            "RequestOpened.Region", "RequestOpened.States", "RequestOpened.To", "Statement.Id", "Statement.Kind", "Statement.Status", "Subscribed.Id",
            "Subscribed.Regions", "Subscribed.States", "Term.AsAt", "Term.Body", "Term.From", "Term.To", "TextsErased.Bodies", "Unsubscribed.Id",
        ];
        var types = new HashSet<Type>();
        foreach (var (type, _, _) in FactJson.All) Walk(type);
        var unmarked = types.SelectMany(type => type.GetProperties())
            .Where(member => (member.PropertyType == typeof(string) || member.PropertyType == typeof(string[])) && member.GetCustomAttribute<TextAttribute>() is null)
            .Select(member => $"{member.DeclaringType!.Name}.{member.Name}").Distinct();

        Assert.Equal(data, unmarked.Order(StringComparer.Ordinal));

        void Walk(Type type)
        {
            if (!IsOurs(type) || !types.Add(type)) return;
            foreach (var member in type.GetProperties().Where(member => member.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is null)) Walk(member.PropertyType.IsArray ? member.PropertyType.GetElementType()! : member.PropertyType);
        }
    }

    [Theory, MemberData(nameof(Facts))]
    public void A_fact_has_a_complete_sample_of_every_form_and_one_with_what_is_required(string name)
    {
        var (type, _, latest) = FactJson.All.Single(fact => fact.Name == name);
        for (var form = 1; form <= latest; form++)
            Assert.True(File.Exists(Path.Combine(Repository.Samples, $"{name}.v{form}.json")), $"{name} has no sample of form {form}.");
        AssertMembers($"{name}.v{latest}", type, Data($"{name}.v{latest}"), complete: true);
        Assert.Equal(HasOptional(type), File.Exists(Path.Combine(Repository.Samples, $"{name}.v{latest}.required.json")));
        if (HasOptional(type)) AssertMembers($"{name}.v{latest}.required", type, Data($"{name}.v{latest}.required"), complete: false);
    }

    [Theory, MemberData(nameof(Files))]
    public void A_sample_is_printed_one_way(string file) =>
        Assert.Equal(JsonNode.Parse(Text(file))!.ToJsonString(Pretty) + "\n", Text(file));

    [Fact]
    public void A_fact_that_is_not_known_or_of_another_form_does_not_load()
    {
        Assert.Throws<UnknownFactException>(() => FactJson.Read("request.forgotten", 1, "{}"u8, []));
        Assert.Throws<UnknownFactException>(() => FactJson.Read("request.expired", 2, "{}"u8, []));
        Assert.Throws<JsonException>(() => FactJson.Read("request.expired", 1, "null"u8, []));
        Assert.Throws<JsonException>(() => FactJson.Read("request.confirmed", 1, """{"text":"In the data"}"""u8, []));
        Assert.Throws<JsonException>(() => FactJson.Read("request.confirmed", 1, """{"text":1}"""u8, """{"texts":["One"]}"""u8));
    }

    /// <summary>What the interfaces say may change its form without a fact changing its own. Words of enumerations are one vocabulary for both.</summary>
    [Fact]
    public void Facts_are_made_of_the_domains_own_types()
    {
        Assert.Contains(typeof(Citation), Stored());
        Assert.DoesNotContain(Stored(), type => !type.IsEnum && type.Assembly == typeof(Outcome).Assembly);
    }

    /// <summary>Words of enumerations stand in what is stored: one may be added, and none renamed or taken away.</summary>
    [Fact]
    public void Words_that_facts_are_made_of_are_written_down()
    {
        var words = string.Concat(Stored().Where(type => type.IsEnum).OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => $"{type.Name}: {string.Join(' ', Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}\n"));
        // Run with UPDATE_SAMPLES=1 after a word was added.
        if (Environment.GetEnvironmentVariable("UPDATE_SAMPLES") == "1") File.WriteAllText(Path.Combine(Repository.Samples, "words.txt"), words);
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Samples, "words.txt")), words);
    }

    [Fact]
    public void Who_led_and_supported_a_measure_takes_part_in_it()
    {
        var added = Assert.IsType<MeasureAdded>(FactJson.Read("plan.measure-added", 1, Bytes(Data("plan.measure-added.v1")), Bytes(Whole("plan.measure-added.v1")["texts"]!)));
        Assert.Equal(Participation.Of("arden-police", "belmar-council"), added.Participations);
        var alone = Assert.IsType<MeasureAdded>(FactJson.Read("plan.measure-added", 1, Bytes(Data("plan.measure-added.v1.required")), []));
        Assert.Equal(Participation.Of("arden-police"), alone.Participations);
    }

    [Fact]
    public void Plans_that_were_counted_in_words_are_counted_in_numbers()
    {
        foreach (var (word, iteration) in new (string, Iteration)[] { ("first", new(1, false)), ("fifth", new(5, false)), ("second-or-later", new(2, true)) })
            Assert.Equal(iteration, Assert.IsType<PlanDrafted>(FactJson.Read("plan.drafted", 1, Drafted(word), [])).Iteration);
        Assert.Throws<JsonException>(() => FactJson.Read("plan.drafted", 1, Drafted("sixth"), []));
        Assert.Throws<JsonException>(() => FactJson.Read("plan.drafted", 2, Drafted("first"), []));
        Assert.Throws<UnknownFactException>(() => FactJson.Read("plan.drafted", 0, Drafted("first"), []));

        static byte[] Drafted(string word) =>
            System.Text.Encoding.UTF8.GetBytes($$"""{"body":"arden-council","title":0,"iteration":"{{word}}","status":"drafting","mark":"parties","exercise":false}""");
    }

    [Fact]
    public void Names_are_a_noun_and_a_participle_in_lower_case_and_no_two_are_the_same()
    {
        Assert.All(FactJson.All, fact => Assert.Matches("^[a-z]+\\.[a-z]+(-[a-z]+)*$", fact.Name));
        Assert.Equal(FactJson.All.Count(), FactJson.All.Select(fact => fact.Name).Distinct().Count());
    }

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Whole(string file) => Assert.IsType<JsonObject>(JsonNode.Parse(Text(file)));

    private static JsonObject Data(string file) => Assert.IsType<JsonObject>(Whole(file)["data"]);

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);

    private static readonly NullabilityInfoContext Nullability = new();

    private static IEnumerable<(string Name, Type Type, bool Optional)> Members(Type type)
    {
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && property.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is null))
        {
            bool optional;
            lock (Nullability) optional = Nullability.Create(property).ReadState is NullabilityState.Nullable;
            yield return (JsonNamingPolicy.CamelCase.ConvertName(property.Name), Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, optional);
        }
    }

    /// <summary>Every type that something stored in a fact has.</summary>
    private static HashSet<Type> Stored()
    {
        var types = new HashSet<Type>();
        foreach (var (type, _, _) in FactJson.All) Walk(type);
        return types;

        void Walk(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? (type.IsArray ? type.GetElementType()! : type);
            if (types.Add(type) && IsOurs(type)) foreach (var (_, member, _) in Members(type)) Walk(member);
        }
    }

    private static bool IsOurs(Type type) => type is { IsArray: false, IsEnum: false } && type != typeof(Due) && type.Namespace?.StartsWith("Coordination", StringComparison.Ordinal) == true;

    private static bool HasOptional(Type type) => Members(type).Any(member => member.Optional || (IsOurs(member.Type) && HasOptional(member.Type)));

    private static void AssertMembers(string where, Type type, JsonObject node, bool complete)
    {
        Assert.Equal(Members(type).Where(member => complete || !member.Optional).Select(member => member.Name).Order(), node.Select(pair => pair.Key).Order());
        foreach (var (name, member, _) in Members(type).Where(member => node.ContainsKey(member.Name)))
        {
            if (IsOurs(member)) AssertMembers($"{where}/{name}", member, node[name]!.AsObject(), complete);
            if (!member.IsArray || !complete) continue;
            Assert.True(node[name]!.AsArray().Count > 0, $"{where}/{name} is empty.");
            if (IsOurs(member.GetElementType()!)) AssertMembers($"{where}/{name}/0", member.GetElementType()!, node[name]![0]!.AsObject(), complete);
        }
    }
}
