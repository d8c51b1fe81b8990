namespace Coordination.Domain.Tests;

public class NamesThatLookAlike(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Finland", "finland")]
    [InlineData("Finland", "FINLAND")]
    [InlineData("Finland", " Finland  ")]
    [InlineData("Council of Europe", "Council  of\u00A0Europe")]
    [InlineData("Council of Europe", "Counci1 of Europe")]
    // Cyrillic for Latin, small and capital.
    [InlineData("Finland", "Finl\u0430nd")]
    [InlineData("Council of Europe", "\u0421\u043Euncil \u043Ef \u0415ur\u043Ep\u0435")]
    [InlineData("Hungary", "\u041Dungary")]
    [InlineData("Hungary", "\u041DUNGARY")]
    [InlineData("Togo", "\u0422\u043Eg\u043E")]
    // Greek for Latin.
    [InlineData("Togo", "\u03A4\u03BFg\u03BF")]
    [InlineData("Nepal", "\u039Depal")]
    // Small and capital letters of other alphabets are as alike as those of Latin.
    [InlineData("Норвегия", "НОРВЕГИЯ")]
    [InlineData("Норвегия", "HOPBEГИЯ")]
    [InlineData("Ελλάδα", "ΕΛΛΆΔΑ")]
    // Digits and letters.
    [InlineData("Ireland", "lreland")]
    [InlineData("Ireland", "1reland")]
    [InlineData("ireland", "|reland")]
    [InlineData("OSCE", "0SCE")]
    [InlineData("Burma", "Burrna")]
    [InlineData("administrator", "adrninistrat0r")]
    // Full width, mathematical letters, ligatures.
    [InlineData("Finland", "\uFF26\uFF49\uFF4E\uFF4C\uFF41\uFF4E\uFF44")]
    [InlineData("Finland", "\U0001D405\U0001D422\U0001D427\U0001D425\U0001D41A\U0001D427\U0001D41D")]
    [InlineData("Finland", "\uFB01nland")]
    // Combining marks in another order, letters composed and not.
    [InlineData("Vi\u1EC7t Nam", "Vie\u0323\u0302t Nam")]
    [InlineData("Vi\u1EC7t Nam", "Vie\u0302\u0323t Nam")]
    [InlineData("C\u00F4te d\u2019Ivoire", "Co\u0302te d'Ivoire")]
    // Arabic: yeh of Persian, kaf of Persian, forms by their place, hamza apart.
    [InlineData("\u0641\u0644\u0633\u0637\u064A\u0646", "\u0641\u0644\u0633\u0637\u06CC\u0646")]
    [InlineData("\u0627\u0644\u0643\u0648\u064A\u062A", "\u0627\u0644\u06A9\u0648\u064A\u062A")]
    [InlineData("\u0623\u0644\u0645\u0627\u0646\u064A\u0627", "\u0627\u0654\u0644\u0645\u0627\u0646\u064A\u0627")]
    [InlineData("\u0645\u0635\u0631", "\uFEE3\uFEBC\uFEAE")]
    // What shows nothing.
    [InlineData("Finland", "Fin\u200Bland")]
    [InlineData("Finland", "\u202EFinland\u202C")]
    [InlineData("Finland", "Fin\u00ADland\uFE0F")]
    // Dashes.
    [InlineData("Secretary-General", "Secretary\u2010General")]
    [InlineData("Secretary-General", "Secretary\u2013General")]
    public void Are_taken_for_one_another(string one, string other)
    {
        Assert.True(Confusables.Are(one, other), $"{string.Join(" | ", Confusables.Skeletons(one))} and {string.Join(" | ", Confusables.Skeletons(other))}");
        Assert.True(Confusables.Are(other, one));
    }

    [Theory]
    [InlineData("Niger", "Nigeria")]
    [InlineData("Iran", "Iraq")]
    [InlineData("Austria", "Australia")]
    [InlineData("Mali", "Malawi")]
    [InlineData("Guinea", "Guinea-Bissau")]
    [InlineData("Republic of Korea", "Democratic People's Republic of Korea")]
    [InlineData("Congo", "Democratic Republic of the Congo")]
    [InlineData("Dominica", "Dominican Republic")]
    [InlineData("Slovakia", "Slovenia")]
    [InlineData("National Task Force", "National Task Force of Ruritania")]
    [InlineData("Sudan", "South Sudan")]
    [InlineData("国家反拐行动办公室", "国家反拐行动办公厅")]
    [InlineData("العراق", "إيران")]
    [InlineData("Österreich", "Osterreich")]
    public void Are_told_apart_where_they_are_others(string one, string other) => Assert.False(Confusables.Are(one, other));

    [Fact]
    public void No_two_bodies_of_the_report_and_the_exercise_are()
    {
        var names = BodiesOfTheData().ToList();
        Assert.True(names.Count >= 118, $"{names.Count} bodies");
        Assert.Empty(Shared(names.Select(body => (body.Id, body.Name))));
        Assert.Empty(Shared(names.Select(body => (body.Id, body.Id))));
    }

    [Fact]
    public void Nobody_waits_for_what_they_are_compared_by()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = TimeProvider.System.GetTimestamp();
        Confusables.Skeletons("Combating trafficking in persons");
        output.WriteLine($"The first name, alone in the process: {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:N1} ms, {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1_024:N0} KiB kept");
        const int Names = 20_000;
        began = TimeProvider.System.GetTimestamp();
        for (var index = 0; index < Names; index++) Confusables.Skeletons("Special Rapporteur on trafficking in persons, especially women and children");
        var taken = TimeProvider.System.GetElapsedTime(began);
        output.WriteLine($"A name of 76 letters: {taken.TotalMicroseconds / Names:N1} µs");
        Assert.True(taken < TimeSpan.FromSeconds(20), $"{Names} names took {taken}.");
    }

    private static IEnumerable<(string, string)> Shared(IEnumerable<(string Id, string Text)> texts)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, text) in texts)
            foreach (var skeleton in Confusables.Skeletons(text))
                if (!known.TryAdd(skeleton, id) && known[skeleton] != id) yield return (known[skeleton], id);
    }

    private static IEnumerable<(string Id, string Name)> BodiesOfTheData()
    {
        using var report = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy/data/a67170/bodies.json")));
        using var exercise = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy/data/exercise.json")));
        return [.. report.RootElement.EnumerateArray().Concat(exercise.RootElement.GetProperty("bodies").EnumerateArray())
            .Select(body => (body.GetProperty("id").GetString()!, body.GetProperty("name").GetString()!))];
    }
}

public class TimeZonesOfTheWorld
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Vienna")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("America/Port-au-Prince")]
    [InlineData("Asia/Kathmandu")]
    // Older names, which browsers still offer.
    [InlineData("Asia/Calcutta")]
    [InlineData("Europe/Kiev")]
    public void Have_names_of_the_IANA_database(string name)
    {
        Assert.True(TimeZones.IsOne(name));
        Assert.Equal(name, TimeZones.Of(name).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("europe/vienna")]
    [InlineData("EUROPE/VIENNA")]
    [InlineData("Europe/Vienna ")]
    [InlineData("posixrules")]
    [InlineData("localtime")]
    [InlineData("leapseconds")]
    [InlineData("posix/Europe/Vienna")]
    [InlineData("right/Europe/Vienna")]
    [InlineData("Factory")]
    [InlineData("+02:00")]
    [InlineData("UTC+2")]
    [InlineData("Local")]
    [InlineData("Etc/Unknown")]
    [InlineData("../../etc/passwd")]
    public void Have_no_others(string name) => Assert.False(TimeZones.IsOne(name));

    [Fact]
    public void Are_what_is_known_of_a_body_or_UTC()
    {
        Assert.Equal(TimeZoneInfo.Utc, TimeZones.Of(null));
        Assert.Equal(TimeZoneInfo.Utc, TimeZones.Of("Europe/Nowhere"));
    }
}
