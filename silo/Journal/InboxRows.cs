namespace Coordination.Journal;

/// <summary>What deliveries come to as rows: of one body at one position the first, and of one body and batch one with the number of all.</summary>
internal static class InboxRows
{
    public static (List<NewDelivery> Single, List<(NewDelivery First, int Entries)> Batched) Of(IReadOnlyCollection<NewDelivery> deliveries)
    {
        var known = new HashSet<(string, long)>(deliveries.Count);
        var (single, batched) = (new List<NewDelivery>(deliveries.Count), new Dictionary<(string, string), (NewDelivery First, int Entries)>());
        foreach (var one in deliveries)
        {
            if (!known.Add((one.Body, one.Position)))
                continue;
            if (one.Batch is not { } batch)
                single.Add(one);
            else if (batched.TryGetValue((one.Body, batch), out var row))
                batched[(one.Body, batch)] = (row.First.Position < one.Position ? row.First : one, row.Entries + 1);
            else
                batched.Add((one.Body, batch), (one, 1));
        }
        return (single, [.. batched.Values]);
    }
}
