namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>Each check of the fault suite, held against what it is there to find.</summary>
public sealed class ChecksCanFail
{
    private const long Start = 10;

    private static readonly Acknowledged[] Told = [One(11, "first"), One(12, "second"), One(13, "third")];
    private static readonly KeptJournal Whole = new([Entry(11, 1, "first"), Entry(12, 2, "second", Named("canada")), Entry(13, 3, "third")], [Command(11, 1), Command(12, 2), Command(13, 3)]);

    [Fact]
    public void What_is_whole_passes()
    {
        Assert.Empty(Checks.Kept(Start, Told, Whole));
        foreach (var (body, positions) in new[] { ("canada", new long[] { 11, 12, 13 }), ("sweden", [11, 13]) })
        {
            var sight = Saw(body, positions);
            Assert.Empty(Checks.Fed(sight, [.. sight.Taken], Whole, Told));
            Assert.Empty(Checks.Watched(sight, [.. sight.Taken]));
        }
    }

    [Fact]
    public void A_lost_write_is_found() => Fails("is not there", Start, Told, new([.. Whole.Entries.Take(2)], [.. Whole.Commands.Take(2)]));

    [Fact]
    public void A_hole_is_found() => Fails("goes on at 13", Start, [Told[0], Told[2]], new([Whole.Entries[0], Whole.Entries[2]], [Whole.Commands[0], Whole.Commands[2]]));

    [Fact]
    public void A_write_that_is_there_twice_is_found() =>
        Fails("Nobody was told", Start, Told, new([.. Whole.Entries, Entry(14, 4, "third")], Whole.Commands));

    [Fact]
    public void An_acknowledgement_of_somebody_elses_entry_is_found() => Fails("there stands a fact", Start, [One(11, "second"), Told[1], Told[2]], Whole);

    [Fact]
    public void A_version_that_is_not_where_the_entry_stands_is_found() =>
        Fails("there stands a fact", Start, [Told[0] with { Receipt = Told[0].Receipt with { Version = 1 } }, Told[1], Told[2]], Whole);

    [Fact]
    public void A_command_that_was_forgotten_is_found() => Fails("its command is kept as", Start, Told, Whole with { Commands = [.. Whole.Commands.Take(2)] });

    [Fact]
    public void A_position_that_was_told_twice_is_found() => Fails("both acknowledged", Start, [.. Told, One(13, "third") with { Write = Told[2].Write with { Key = "again" } }], Whole);

    [Theory]
    [InlineData("lacks 1 of 3", 11, 12)]
    [InlineData("lacks 1 of 3", 12, 13)]
    [InlineData("wrong order, or twice", 11, 13, 12)]
    [InlineData("wrong order, or twice", 11, 12, 12, 13)]
    public void A_viewer_who_missed_or_repeats_or_swaps_something_is_found(string how, params int[] seen)
    {
        var feed = Saw("canada", 11, 12, 13).Taken;
        Assert.Contains(how, Assert.Single(Checks.Watched(Saw("canada", [.. seen.Select(position => (long)position)]), [.. feed])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_viewer_who_saw_what_is_not_for_it_is_found()
    {
        var sight = Saw("sweden", 11, 12, 13);
        Assert.Contains("has 1 too many (at 12)", Assert.Single(Checks.Fed(sight, [.. sight.Taken], Whole, Told)), StringComparison.Ordinal);
        Assert.Contains("has 1 too many (at 12)", Assert.Single(Checks.Watched(sight, [.. Saw("sweden", 11, 13).Taken])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_broke_its_promise_is_found() =>
        Assert.Contains("after the mark", Assert.Single(Checks.Watched(Saw("sweden", 11, 13) with { Broken = ["11 was said live after the mark 12"] }, [.. Saw("sweden", 11, 13).Taken])), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"mark":"public"}""", "sweden", true)]
    [InlineData("""{"mark":"named","bodies":["canada"]}""", "sweden", false)]
    [InlineData("""{"mark":"named","bodies":["canada"],"states":["SWE"]}""", "sweden-national-rapporteur", false)]
    [InlineData("""{"mark":"parties","bodies":["finland"],"states":["FIN"]}""", "finland-national-rapporteur", true)]
    [InlineData("""{"mark":"parties","bodies":["finland"],"states":["FIN"]}""", "sweden-national-rapporteur", false)]
    [InlineData("""{"mark":"parties","groups":["meridian-contact-group"]}""", "valdoria", true)]
    [InlineData("""{"mark":"parties","groups":["meridian-contact-group"]}""", "canada", false)]
    public void Who_is_due_what_is_read_from_the_audience(string audience, string body, bool due)
    {
        var kept = new KeptJournal([Entry(11, 1, "first", JsonDocument.Parse(audience).RootElement)], []);
        Assert.Equal(due, Checks.Due(Saw(body), kept).Any());
    }

    private static void Fails(string how, long start, IReadOnlyCollection<Acknowledged> told, KeptJournal kept) =>
        Assert.Contains(Checks.Kept(start, told, kept), failure => failure.Contains(how, StringComparison.Ordinal));

    private static Acknowledged One(long position, string text) =>
        new(new($"key-{position}", "canada", "plan/one", "plans/one", new { text }, text), new("one", position, position), 0, null, 1, 1, false);

    private static KeptEntry Entry(long position, long version, string text, JsonElement? audience = null) =>
        new(position, "plan/one", version, "a-canada22", ["plan/one"], audience ?? JsonDocument.Parse("""{"mark":"community"}""").RootElement, """{"note":0}""", $$"""{"texts":["{{text}}"]}""");

    private static JsonElement Named(string body) => JsonDocument.Parse($$"""{"mark":"named","bodies":["{{body}}"]}""").RootElement;

    private static KeptCommand Command(long position, long version) => new(One(position, "").Write.CommandOf("a-canada22"), "plan/one", version, position);

    private static Sight Saw(string body, params long[] positions) =>
        new("a viewer", body, ["all"], [.. positions.Select(position => new Seen(position, Told.First(one => one.Receipt.Position == position).Write.Text))], [], 1);
}
