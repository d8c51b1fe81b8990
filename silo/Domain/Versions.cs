namespace Coordination.Domain;

/// <summary>
/// Which versions of a thing its next change may follow. A version is the place in the journal of the last fact that everybody learns of
/// who sees the thing, so that no version tells of anything hidden, and versions of a thing and of its parts compare.
/// </summary>
/// <param name="Changed">Where the last fact about the thing itself stands: whoever saw less decides on what is no longer so.</param>
/// <param name="Latest">Version of the whole that the thing is a part of. Beyond it nobody can have seen anything.</param>
public readonly record struct Versions(long Changed, long Latest)
{
    /// <summary>Of something that has no parts.</summary>
    public static Versions Of(long version) => new(version, version);

    /// <summary>Whether somebody who saw this version saw the thing as it is.</summary>
    public bool Include(long seen) => Changed <= seen && seen <= Latest;
}
