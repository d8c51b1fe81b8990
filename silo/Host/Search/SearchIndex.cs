using System.Collections.Concurrent;
using Coordination.Contracts.Search;
using Coordination.Host.Views;

namespace Coordination.Host.Search;

/// <summary>
/// Names, titles, codes and subjects of what the views keep, by their folded words (<see cref="SearchText"/>): an inverted index in memory. It is
/// told of an item that has changed, and looks at it when it is next asked, or before long. It knows nothing of audiences: whoever asks it tells the
/// reader only what the reader may see. Safe for concurrent use.
/// </summary>
public sealed class SearchIndex
{
    /// <summary>Within which what has changed is looked at, though nobody asks.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Vocabulary _words = new();
    private readonly List<Thing> _things = [];

    /// <summary>By what names a thing, its number. A number is never used again.</summary>
    private readonly ConcurrentDictionary<ThingName, int> _numbers = new();

    /// <summary>Of each plan, the texts that were looked at last.</summary>
    private readonly Dictionary<string, PlanTexts> _plans = new(StringComparer.Ordinal);
    private readonly Lock _noting = new();
    private Dictionary<(Type Type, string Id), object> _changed = [];
    private bool _serves;
    private bool _isComing;

    /// <summary>Words that it knows.</summary>
    internal int Words
    {
        get
        {
            lock (_lock) return _words.Count;
        }
    }

    /// <summary>From now on it is asked, and keeps itself ready. Before, it only takes note: many views are folded that nobody searches.</summary>
    public void Serve()
    {
        lock (_noting)
        {
            _serves = true;
            if (_changed.Count > 0) Come();
        }
    }

    /// <summary>Takes note of an item that is new or has changed. Costs next to nothing, however large the item.</summary>
    public void Changed(string id, object item)
    {
        if (item is not (BodyItem or PlanItem or RequestItem or GroupItem)) return;
        lock (_noting)
        {
            _changed[(item.GetType(), id)] = item;
            if (_serves) Come();
        }
    }

    private void Come()
    {
        if (_isComing) return;
        _isComing = true;
        _ = Later();

        async Task Later()
        {
            await Task.Delay(Soon, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            lock (_noting) _isComing = false;
            LookAtChanged();
        }
    }

    /// <summary>What the words of a query find.</summary>
    internal Finds Find(IReadOnlyList<QueryWord> query)
    {
        LookAtChanged();
        lock (_lock)
        {
            var length = (_things.Count + 63) / 64;
            var (begun, whole) = (new ulong[query.Count][], new ulong[query.Count][]);
            for (var index = 0; index < query.Count; index++)
            {
                (begun[index], whole[index]) = (new ulong[length], new ulong[length]);
                From(query[index].Word, begun[index], whole[index]);
                if (query[index].Joined is { } joined) From(joined, begun[index], whole[index]);
            }

            return new(this, begun, whole);
        }

        void From(string beginning, ulong[] begun, ulong[] whole)
        {
            foreach (var word in _words.From(beginning))
            {
                Mark(begun, word);
                if (word.Text.Length == beginning.Length) Mark(whole, word);
            }
        }

        static void Mark(ulong[] bits, Word word)
        {
            foreach (var thing in word.Things) bits[thing >> 6] |= 1UL << (thing & 63);
        }
    }

    /// <summary>What was found, with its number.</summary>
    private IEnumerable<(int Number, Thing Thing)> At(ulong[] bits)
    {
        var found = new List<(int, Thing)>();
        lock (_lock)
        {
            for (var block = 0; block < bits.Length; block++)
                for (var rest = bits[block]; rest != 0; rest &= rest - 1)
                {
                    var number = (block << 6) + System.Numerics.BitOperations.TrailingZeroCount(rest);
                    found.Add((number, _things[number]));
                }
        }

        return found;
    }

    private void LookAtChanged()
    {
        lock (_lock)
        {
            Dictionary<(Type Type, string Id), object> changed;
            lock (_noting)
            {
                if (_changed.Count == 0) return;
                (changed, _changed) = (_changed, []);
            }

            foreach (var ((_, id), item) in changed) LookAt(id, item);
        }
    }

    private void LookAt(string id, object item)
    {
        switch (item)
        {
            case BodyItem body:
                Put(new(SearchKind.Body, id), body.Info.Name, body.State.Acronym, body.Info.State, id);
                break;
            case GroupItem group:
                Put(new(SearchKind.Group, id), group.Formed.Name, id);
                break;
            case RequestItem request:
                Put(new(SearchKind.Request, id), request.Opened.Subject, id);
                break;
            case PlanItem plan:
                LookAt(id, new PlanTexts(plan.Title, plan.Drafted.Code, plan.Measures, plan.MilestoneTitles, plan.MilestoneCodes));
                break;
        }
    }

    /// <summary>Of a plan, whose parts are many, only what is not as it was: its collections share what they have not changed.</summary>
    private void LookAt(string id, PlanTexts now)
    {
        var before = _plans.GetValueOrDefault(id);
        _plans[id] = now;
        if (before is null || before.Title != now.Title || before.Code != now.Code) Put(new(SearchKind.Plan, id), now.Title, now.Code, id);
        if (before is null || before.Measures != now.Measures)
        {
            var known = before?.Measures.ToDictionary(measure => measure.Id) ?? [];
            foreach (var measure in now.Measures)
                if (!known.Remove(measure.Id, out var was) || !ReferenceEquals(was, measure)) Put(new(SearchKind.Measure, id, measure.Id), measure.Title, measure.Code);
            foreach (var gone in known.Keys) Drop(new(SearchKind.Measure, id, gone));
        }

        if (before is not null && ReferenceEquals(before.Titles, now.Titles) && ReferenceEquals(before.Codes, now.Codes)) return;
        foreach (var (milestone, title) in now.Titles)
        {
            var code = now.Codes.GetValueOrDefault(milestone);
            if (before is null || !before.Titles.TryGetValue(milestone, out var was) || was != title || before.Codes.GetValueOrDefault(milestone) != code)
                Put(new(SearchKind.Milestone, id, milestone), title, code);
        }

        if (before is null) return;
        foreach (var milestone in before.Titles.Keys)
            if (!now.Titles.ContainsKey(milestone)) Drop(new(SearchKind.Milestone, id, milestone));
    }

    /// <param name="texts">By which it is found, its title first.</param>
    private void Put(ThingName name, params ReadOnlySpan<string?> texts)
    {
        var title = texts[0] ?? "";
        var folded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
            if (text != TextAttribute.Erased) folded.UnionWith(SearchText.WordsOf(text));
        if (!_numbers.TryGetValue(name, out var number))
        {
            number = _things.Count;
            _things.Add(new(name, title, []));
        }

        // Words that stay have no other number to be told.
        var words = new Word[folded.Count];
        var at = 0;
        foreach (var word in _things[number].Words)
        {
            if (folded.Remove(word.Text)) words[at++] = word;
            else Leave(word, number);
        }

        foreach (var text in folded)
        {
            var word = words[at++] = _words.Take(text);
            word.Add(number);
        }

        _things[number] = new(name, title, words);
        _numbers[name] = number;
    }

    private void Drop(ThingName name)
    {
        if (!_numbers.TryRemove(name, out var number)) return;
        foreach (var word in _things[number].Words) Leave(word, number);
        _things[number] = new(name, "", []);
    }

    private void Leave(Word word, int number)
    {
        word.Remove(number);
        if (word.Count == 0) _words.Forget(word);
    }

    /// <summary>What a query's words find, as it was when it was asked.</summary>
    internal sealed class Finds(SearchIndex index, ulong[][] begun, ulong[][] whole)
    {
        /// <summary>Whether each word is found in one of these: in a plan or the body that it is of, say.</summary>
        public bool Has(params ReadOnlySpan<ThingName> names)
        {
            if (begun.Length == 0) return false;
            foreach (var bits in begun)
            {
                var isThere = false;
                foreach (var name in names) isThere = isThere || (index._numbers.TryGetValue(name, out var number) && Is(bits, number));
                if (!isThere) return false;
            }

            return true;
        }

        /// <summary>All that has each of the words in itself, with how many of them are whole words of it.</summary>
        public IEnumerable<(Thing Thing, int Whole)> All()
        {
            if (begun.Length == 0) return [];
            var all = (ulong[])begun[0].Clone();
            foreach (var bits in begun.AsSpan(1))
                for (var block = 0; block < all.Length; block++) all[block] &= bits[block];
            return index.At(all).Select(found => (found.Thing, whole.Count(bits => Is(bits, found.Number))));
        }

        private static bool Is(ulong[] bits, int number) => number >> 6 < bits.Length && (bits[number >> 6] & (1UL << (number & 63))) != 0;
    }

    private sealed record PlanTexts(
        string Title, string? Code, ImmutableArray<Domain.Plans.MeasureAdded> Measures, ImmutableDictionary<string, string> Titles, ImmutableDictionary<string, string> Codes);
}

/// <summary>Something that can be found.</summary>
internal sealed record Thing(ThingName Name, string Title, Word[] Words);

/// <param name="Id">Of a part, the plan's.</param>
/// <param name="Part">Of a measure or milestone its own id.</param>
internal readonly record struct ThingName(SearchKind Kind, string Id, string Part = "");
