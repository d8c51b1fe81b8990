using Coordination.Domain.Groups;

namespace Coordination.Host.Views;

/// <summary>Every group as its page shows it.</summary>
public sealed class GroupsView : KeptView<GroupItem>
{
    private readonly Made _made = new();

    public override string Name => "groups";
    public override string Kind => "group";

    /// <summary>How many a body has formed and is a member of, or has formed within the last day.</summary>
    public int OpenOf(string body, DateTimeOffset now) => _made.CountOf(body, now);

    internal override bool Shows(Fact fact) => fact is GroupFormed;

    protected override GroupItem? Evolve(string id, GroupItem? item, Entry entry, Fact fact) => GroupItem.Evolve(id, item, entry, fact);

    protected override void Index(string id, GroupItem? before, GroupItem item, DateTimeOffset at)
    {
        if (item.FormedBy is { } body) _made.Note(body, id, item.FormedAt, item.State.Members.Contains(body), at);
    }
}
