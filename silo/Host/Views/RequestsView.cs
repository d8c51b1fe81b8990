using System.Collections.Concurrent;
using Coordination.Domain.Requests;

namespace Coordination.Host.Views;

/// <summary>Every request as its page shows it, and the requests of every body.</summary>
public sealed class RequestsView : KeptView<RequestItem>
{
    private readonly ConcurrentDictionary<string, ImmutableList<string>> _of = new(StringComparer.Ordinal);
    private readonly Made _requests = new();
    private readonly Made _calls = new();

    public override string Name => "requests";
    public override string Kind => "request";

    /// <summary>Requests that a body has sent or is addressed in by name.</summary>
    public IEnumerable<RequestItem> Of(string body) => _of.GetValueOrDefault(body, []).Select(id => Find(id)!);

    /// <summary>How many a body has open, or has opened within the last day, and how many of them are open calls.</summary>
    public (int Requests, int Calls) OpenOf(string body, DateTimeOffset now) => (_requests.CountOf(body, now), _calls.CountOf(body, now));

    internal override bool Shows(Fact fact) => fact is RequestOpened;

    protected override RequestItem? Evolve(string id, RequestItem? item, Entry entry, Fact fact) => RequestItem.Evolve(id, item, entry, fact);

    protected override void Index(string id, RequestItem? before, RequestItem item, DateTimeOffset at)
    {
        _requests.Note(item.Opened.From, id, item.OpenedAt, !item.State.IsTerminal, at);
        if (item.Opened.Region is not null) _calls.Note(item.Opened.From, id, item.OpenedAt, !item.State.IsTerminal, at);
        if (before is not null) return;
        foreach (var body in item.Opened.To.Append(item.Opened.From)) Note(_of, body, id);
    }
}
