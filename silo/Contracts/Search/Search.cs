namespace Coordination.Contracts.Search;

/// <summary>What can be found, in the order in which kinds are told.</summary>
[GenerateSerializer, Alias("SearchKind")]
public enum SearchKind { Body, Group, Plan, Request, Measure, Milestone }

/// <summary>Something that was found, which the asker may see.</summary>
/// <param name="Id">Of a measure or milestone within its plan.</param>
/// <param name="Plan">Of a measure or milestone its plan; null of others.</param>
/// <param name="Title">Its name, title or subject.</param>
/// <param name="Body">The body that it is of: of a plan and its parts the plan's body, of a request the one that asks; null of bodies and groups.</param>
/// <param name="Code">Its acronym, or the number or letters that it has in print; null when it has none.</param>
[GenerateSerializer, Immutable, Alias("Found")]
public sealed record Found(SearchKind Kind, string Id, string? Plan, string Title, string? Body, string? BodyName, string? Code, bool Exercise);

[Alias("ISearchGrain")]
public interface ISearchGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// What every word of the query stands in or begins a word of: first where more of them are whole words, then by kind, then by the asker's
    /// alphabet. A query without a letter or digit finds nothing.
    /// </summary>
    [Alias("Find")]
    Task<Page<Found>> Find(Asker asker, SearchKind? kind, Paging paging);
}
