namespace Coordination.Host.Search;

/// <summary>
/// Folded words in ordinal order, each with the numbers of the things it stands in: those that begin with something lie beside each other. Kept in
/// short runs, so that a new word moves few others. Not safe for concurrent use.
/// </summary>
internal sealed class Vocabulary
{
    /// <summary>A run that has grown to this is parted in two.</summary>
    private const int Longest = 512;

    private readonly List<List<Word>> _runs = [];

    public int Count { get; private set; }

    /// <summary>The word, new when it was not there.</summary>
    public Word Take(string text)
    {
        if (_runs.Count == 0) _runs.Add([]);
        var run = RunOf(text);
        var at = PlaceIn(_runs[run], text);
        if (at < _runs[run].Count && _runs[run][at].Text == text) return _runs[run][at];
        var word = new Word(text);
        _runs[run].Insert(at, word);
        Count++;
        if (_runs[run].Count < Longest) return word;
        var half = Longest / 2;
        _runs.Insert(run + 1, _runs[run].GetRange(half, _runs[run].Count - half));
        _runs[run].RemoveRange(half, _runs[run].Count - half);
        return word;
    }

    /// <summary>Forgets a word that stands in nothing any more.</summary>
    public void Forget(Word word)
    {
        var run = RunOf(word.Text);
        var at = PlaceIn(_runs[run], word.Text);
        if (at >= _runs[run].Count || !ReferenceEquals(_runs[run][at], word)) return;
        _runs[run].RemoveAt(at);
        Count--;
        if (_runs[run].Count == 0) _runs.RemoveAt(run);
    }

    /// <summary>Words that begin so, the word itself first.</summary>
    public IEnumerable<Word> From(string beginning)
    {
        if (_runs.Count == 0) yield break;
        var run = RunOf(beginning);
        for (var at = PlaceIn(_runs[run], beginning); run < _runs.Count; run++, at = 0)
        {
            for (; at < _runs[run].Count; at++)
            {
                if (!_runs[run][at].Text.StartsWith(beginning, StringComparison.Ordinal)) yield break;
                yield return _runs[run][at];
            }
        }
    }

    /// <summary>The run that a text stands in, or would.</summary>
    private int RunOf(string text)
    {
        var (low, high) = (0, _runs.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (string.CompareOrdinal(_runs[middle][0].Text, text) <= 0) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private static int PlaceIn(List<Word> run, string text)
    {
        var (low, high) = (0, run.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(run[middle].Text, text) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

/// <summary>A folded word, and the numbers of the things that it stands in.</summary>
internal sealed class Word(string text)
{
    private int[] _things = [];

    public string Text => text;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Things => _things.AsSpan(0, Count);

    public void Add(int thing)
    {
        if (Count == _things.Length) Array.Resize(ref _things, Count < 4 ? Count + 1 : Count + (Count / 2));
        _things[Count++] = thing;
    }

    public void Remove(int thing)
    {
        var at = Things.IndexOf(thing);
        if (at >= 0) _things[at] = _things[--Count];
    }
}
