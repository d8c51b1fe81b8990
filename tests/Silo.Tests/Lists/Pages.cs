using System.Text;

namespace Coordination.Silo.Tests.Lists;

/// <summary>Pages of a list that changes while somebody turns them.</summary>
public sealed class Pages(ITestOutputHelper output)
{
    internal enum Sort { Name, Number, Both }

    private sealed record Item(string Id, string Name, long Number);

    private static Order<Item, Sort> Order(string list = "things") => new(
        list, "name", item => (item.Id, ""), (Sort.Name, null, item => item.Name), (Sort.Number, item => item.Number, null), (Sort.Both, item => item.Number, item => item.Name));

    private static readonly string[] Names = ["Ångström", "Zebra", "äpple", "apple", "Apple", "Österreich", "Plan 2", "Plan 10", "план", "ёлка", "中国", "العربية", "", "a\u0301", "á"];

    private static readonly string[] Sorts = ["name", "number", "both"];

    /// <summary>
    /// A reader turns page after page. Between them others add, remove, rename and move items at random. What was there all the time at the same place is
    /// shown exactly once, in order, and nothing that never moved is shown twice; the total is how many there are.
    /// </summary>
    [Fact]
    public void What_was_there_all_the_time_is_shown_exactly_once()
    {
        var (rounds, shown, changes) = (TestSize.Of(3_000, 30_000), 0L, 0L);
        for (var seed = 0; seed < rounds; seed++)
        {
            var random = new Random(seed);
            var items = Enumerable.Range(0, random.Next(1, 60)).Select(_ => New()).DistinctBy(item => item.Id).ToDictionary(item => item.Id);
            var sort = (random.Next(2) == 0 ? "" : "-") + Sorts[random.Next(Sorts.Length)];
            var (language, limit) = (((string?[])[null, "sv", "de", "ar", "ru", "zh"])[random.Next(6)], random.Next(1, 12));
            var untouched = items.Keys.ToHashSet();
            var (seen, moved) = (new List<string>(), new HashSet<string>());
            string? after = null;
            do
            {
                var page = Paged.By(Shuffled(), Order(), null, new(after, limit, Sort: sort, Language: language), item => item);
                Assert.Equal(items.Count, page.Total);
                Assert.True(page.Items.Length <= limit);
                Assert.True(page.Next is null || page.Items.Length == limit);
                seen.AddRange(page.Items.Select(item => item.Id));
                shown += page.Items.Length;
                after = page.Next;
                for (var change = random.Next(6); change > 0; change--) Change();
            }
            while (after is not null);

            Assert.Empty(untouched.Except(seen));
            var twice = seen.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
            Assert.True(twice.All(moved.Contains), $"Seed {seed}: {string.Join(' ', twice.Except(moved))} is shown twice and never moved.");

            Item New() => new($"i-{random.Next(1_000_000):D6}", Names[random.Next(Names.Length)], random.Next(4));

            IEnumerable<Item> Shuffled() => items.Values.OrderBy(_ => random.Next());

            void Change()
            {
                changes++;
                if (items.Count == 0 || random.Next(3) == 0)
                {
                    var item = New();
                    items.TryAdd(item.Id, item);
                    return;
                }

                var id = items.Keys.ElementAt(random.Next(items.Count));
                untouched.Remove(id);
                moved.Add(id);
                if (random.Next(2) == 0) items.Remove(id);
                else items[id] = New() with { Id = id };
            }
        }

        output.WriteLine($"{rounds} readers, {shown} items shown, {changes} changes between pages.");
    }

    [Theory]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("both")]
    [InlineData("-both")]
    [InlineData("-number")]
    public void Pages_make_up_the_whole_list_in_order(string sort)
    {
        var random = new Random(5);
        var items = Enumerable.Range(0, 200).Select(number => new Item($"i-{number:D3}", Names[random.Next(Names.Length)], random.Next(3))).ToList();
        var whole = Paged.By(items, Order(), null, new(null, 500, Sort: sort, Language: "fr"), item => item);
        Assert.Equal(200, whole.Items.Length);
        Assert.Null(whole.Next);

        var pages = new List<Item>();
        string? after = null;
        do
        {
            var page = Paged.By(items, Order(), null, new(after, 7, Sort: sort, Language: "fr"), item => item);
            pages.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(whole.Items, pages);
        var falls = sort.StartsWith('-');
        foreach (var (one, next) in pages.Zip(pages.Skip(1)))
        {
            var order = sort.EndsWith("name", StringComparison.Ordinal) ? Compare(one, next) * (falls ? -1 : 1)
                : one.Number != next.Number ? one.Number.CompareTo(next.Number) * (falls ? -1 : 1)
                : sort.EndsWith("both", StringComparison.Ordinal) ? Compare(one, next) : 0;
            Assert.True(order < 0 || (order == 0 && string.CompareOrdinal(one.Id, next.Id) < 0), $"{one} stands before {next}");
        }

        static int Compare(Item one, Item other) => Alphabet.Of("fr").Compare(one.Name, other.Name);
    }

    [Fact]
    public void A_cursor_is_of_one_list_sort_alphabet_filter_and_search()
    {
        var items = Names.Select((name, number) => new Item($"i-{number:D2}", name, number)).ToList();
        var paging = new Paging(null, 3, "a plan", "name", "de");
        var next = Read(paging).Next;
        Assert.NotNull(next);
        paging = paging with { After = next };

        Assert.Equal(3, Read(paging).Items.Length);
        // What is the same search to the platform is the same cursor's.
        Assert.Equal(3, Read(paging with { Query = "Á  PLAN " }).Items.Length);
        Assert.Throws<UnreadableCursorException>(() => Read(paging, "others"));
        Assert.Throws<UnreadableCursorException>(() => Read(paging, filter: new { Kind = 1 }));
        Assert.Throws<UnreadableCursorException>(() => Read(paging with { Sort = "-name" }));
        Assert.Throws<UnreadableCursorException>(() => Read(paging with { Sort = "number" }));
        Assert.Throws<UnreadableCursorException>(() => Read(paging with { Query = "a" }));
        Assert.Throws<UnreadableCursorException>(() => Read(paging with { Language = "sv" }));
        var random = new Random(2);
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = Encoding.ASCII.GetBytes(next);
            bytes[random.Next(bytes.Length)] = (byte)random.Next(33, 127);
            try
            {
                Assert.True(Read(paging with { After = Encoding.ASCII.GetString(bytes) }).Items.Length <= 3);
            }
            catch (UnreadableCursorException)
            {
                // Said, and nothing else is thrown.
            }
        }

        Page<Item> Read(Paging asked, string list = "things", object? filter = null) => Paged.By(items, Order(list), filter, asked, item => item);
    }

    [Theory]
    [InlineData("sv", "Zagreb Åland Ärö Österbotten")]
    [InlineData("de", "Åland Ärö Österbotten Zagreb")]
    [InlineData("en", "Åland Ärö Österbotten Zagreb")]
    [InlineData("fr", "cote Côte côté coter")]
    [InlineData("es", "Nueva Nuzoa Ñandu Ocho")]
    [InlineData("ru", "Ежи Ёлка Ёрш Жук")]
    [InlineData("ar", "ابن أثر بيت تاج")]
    [InlineData("en", "Plan&2 Plan&10 Plan&100")]
    [InlineData("zh", "阿 北 中")]
    [InlineData("da", "Zagreb Ærø Østerbro Århus")]
    public void Names_stand_in_the_order_of_the_readers_alphabet(string language, string sorted)
    {
        var expected = sorted.Split(' ').Select(name => name.Replace('&', ' ')).ToList();
        var items = expected.Select((name, number) => new Item($"i-{(number * 7) % 5}-{number}", name, 0)).Reverse();

        var page = Paged.By(items, Order(), null, new(null, 10, Language: language), item => item.Name);

        Assert.Equal(expected, page.Items);
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("xx", "en")]
    [InlineData("fr-CH", "fr-CH")]
    [InlineData("fr-QQ-whatever", "fr")]
    [InlineData("zz-Latn-QQ", "en")]
    public void A_language_that_is_not_known_has_the_alphabet_of_what_is_known_of_it(string? language, string name)
    {
        Assert.Equal(name, Alphabet.Of(language).Name);
        Assert.True(Alphabet.Of("sv").Compare("Ä", "Z") > 0 && Alphabet.Of("de").Compare("Ä", "Z") < 0);
    }
}
