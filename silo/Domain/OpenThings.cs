namespace Coordination.Domain;

/// <summary>
/// How much a body has open, as known at this moment. What it made within the last day counts as well, whatever became of it: else what is made and
/// ended again would fill the inboxes of others without end.
/// </summary>
/// <param name="Plans">That are neither evaluated nor superseded.</param>
/// <param name="Requests">That the body has opened, calls among them.</param>
/// <param name="Calls">Requests to all bodies of a region.</param>
/// <param name="Groups">That the body has formed and belongs to.</param>
/// <param name="People">Accounts that have a role in it.</param>
public readonly record struct OpenThings(int Plans = 0, int Requests = 0, int Calls = 0, int Groups = 0, int People = 0)
{
    /// <summary>For how long what is made counts.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>
    /// How much a body may have open: several times what the largest ones have. Others are not known of while they are made at the same moment, so
    /// there may be a few more.
    /// </summary>
    public static readonly OpenThings Most = new(Plans: 500, Requests: 300, Calls: 20, Groups: 100, People: 500);

    /// <summary>So many times as much of each.</summary>
    public OpenThings Times(int factor) => new(Plans * factor, Requests * factor, Calls * factor, Groups * factor, People * factor);
}
