namespace Coordination.Domain;

/// <summary>
/// Who may see a fact or a thing: a mark, and references that are resolved when asked. Every way out (list, page, count,
/// feed, push, inbox, error) asks <see cref="Admits"/> or <see cref="Resolve"/>, which are the same rule.
/// </summary>
/// <param name="Bodies">Bodies involved (parties) or listed (named).</param>
/// <param name="Groups">Groups whose members, as they are when asked, may see it. Only with parties.</param>
/// <param name="States">States involved, whose national rapporteurs may see it. Only with parties.</param>
/// <param name="Region">Region of an open call, whose bodies may see it. Only with parties.</param>
public sealed record Audience(Mark Mark, string[]? Bodies = null, string[]? Groups = null, string[]? States = null, string? Region = null)
{
    public static readonly Audience Public = new(Mark.Public);
    public static readonly Audience Community = new(Mark.Community);

    public static Audience Named(params string[] bodies) => new(Mark.Named, bodies);

    /// <summary>The group's members, as they are when asked.</summary>
    public static Audience OfGroup(string group) => new(Mark.Parties, Groups: [group]);

    /// <summary>The bodies that may see it now, or null: everyone signed in.</summary>
    public IReadOnlySet<string>? Resolve(IDirectory directory)
    {
        if (Mark is Mark.Public or Mark.Community) return null;
        var bodies = new HashSet<string>(Bodies ?? [], StringComparer.Ordinal);
        if (Mark is Mark.Named) return bodies;
        foreach (var group in Groups ?? []) bodies.UnionWith(directory.MembersOf(group));
        foreach (var state in States ?? []) bodies.UnionWith(directory.RapporteursOf(state));
        if (Region is not null) bodies.UnionWith(directory.BodiesIn(Region));
        return bodies;
    }

    /// <summary>Whether someone signed in may see it now. Who speaks for no body sees what is for everyone.</summary>
    public bool Admits(Actor viewer, IDirectory directory)
    {
        if (viewer.IsPlatform || Mark is Mark.Public or Mark.Community) return true;
        if (viewer.Body is not { } body) return false;
        if (Bodies is not null && Array.IndexOf(Bodies, body) >= 0) return true;
        if (Mark is Mark.Named) return false;
        foreach (var group in Groups ?? [])
            if (directory.MembersOf(group).Contains(body)) return true;
        if (Region is not null && directory.Body(body) is { } info && info.IsIn(Region)) return true;
        foreach (var state in States ?? [])
            if (directory.RapporteursOf(state).Contains(body)) return true;
        return false;
    }
}
