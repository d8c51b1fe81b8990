namespace Coordination.Gateway.Http;

/// <summary>A chapter of the interface's description: what its endpoints are about.</summary>
public sealed record Chapter(string Name, string About)
{
    public static readonly Chapter Session = new("Session", "Signing in and out, for whom one acts, one's own password and devices, and invitations.");
    public static readonly Chapter Accounts = new("Accounts", "The accounts of people: their names, their devices, other passwords for those who lost theirs, and their end.");
    public static readonly Chapter Bodies = new("Bodies", "The bodies that work together: their profiles and people, and the regions that they lie in.");
    public static readonly Chapter Plans = new("Plans", "Action plans with their measures and milestones, and reports on how far these are.");
    public static readonly Chapter Requests = new("Requests", "Requests for cooperation, from being asked to being answered and confirmed.");
    public static readonly Chapter Groups = new("Groups", "Groups of bodies: members, chair, and what they share.");
    public static readonly Chapter Inbox = new("Subscriptions and inbox", "What a body follows, and what concerns it.");
    public static readonly Chapter Search = new("Search", "Finding by words what the caller may see.");
    public static readonly Chapter Feed = new("Feed", "What happened, as far as the caller may see it.");
    public static readonly Chapter Journal = new("Journal", "The journal entry by entry, with the chain of hashes over it, and the erasing of texts.");
    public static readonly Chapter Security = new("Security", "What happened at the doors: sign-ins, rights, and what was tried in vain.");
}

public static class Chapters
{
    /// <summary>Shows it in the description under the chapter's name.</summary>
    public static T In<T>(this T routes, Chapter chapter) where T : IEndpointConventionBuilder
    {
        routes.WithTags(chapter.Name).WithMetadata(chapter);
        return routes;
    }
}
