using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Coordination.Host.Views;

/// <summary>What all inboxes hold, in a form that two can be compared in. Deliveries of one body are added oldest first, bodies in any order.</summary>
internal sealed class InboxDigest : IDisposable
{
    private readonly SortedDictionary<string, IncrementalHash> _bodies = new(StringComparer.Ordinal);

    public void Add(string body, Delivery delivery)
    {
        if (!_bodies.TryGetValue(body, out var hash)) _bodies.Add(body, hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{delivery.Position} {delivery.Reason} {delivery.Thread} {delivery.Batch}\n")));
    }

    /// <summary>SHA-256 over name and own hash of each body, in the order of the names; lower-case hexadecimal.</summary>
    public string Result()
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (body, hash) in _bodies)
        {
            all.AppendData(Encoding.UTF8.GetBytes(body + "\n"));
            all.AppendData(hash.GetCurrentHash());
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    public void Dispose()
    {
        foreach (var hash in _bodies.Values) hash.Dispose();
    }
}
