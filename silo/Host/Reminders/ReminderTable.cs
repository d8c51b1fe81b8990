using System.Globalization;
using System.Text.Json;

namespace Coordination.Host.Reminders;

/// <summary>
/// Orleans' reminders kept as records beside the journal, so that they survive a restart without a server. For one silo:
/// rows are read once and then from memory.
/// </summary>
public sealed class ReminderTable(IRecords records) : IReminderTable
{
    private const string Kind = "reminder";
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ReminderEntry> _rows = new(StringComparer.Ordinal);

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var stored = await records.List(Kind, cancellationToken);
        lock (_lock)
        {
            _rows.Clear();
            foreach (var record in stored)
            {
                var row = JsonSerializer.Deserialize<Row>(record.Data)!;
                _rows[record.Id] = new()
                {
                    GrainId = GrainId.Parse(row.Grain, CultureInfo.InvariantCulture),
                    ReminderName = row.Name,
                    StartAt = row.StartAt,
                    Period = row.Period,
                    ETag = record.Version.ToString(CultureInfo.InvariantCulture),
                };
            }
        }
    }

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Where(row => row.GrainId == grainId);

    /// <summary>Rows whose grain's hash lies in (begin, end], around the ring.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Where(row =>
    {
        var hash = row.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    });

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        lock (_lock) return Task.FromResult(_rows.GetValueOrDefault(Key(grainId, reminderName)));
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var key = Key(entry.GrainId, entry.ReminderName);
        var data = JsonSerializer.SerializeToUtf8Bytes(new Row(entry.GrainId.ToString(), entry.ReminderName, entry.StartAt, entry.Period));
        var version = await records.Write(Kind, key, data, null) ?? throw new InvalidOperationException("An unconditional write was refused.");
        var etag = version.ToString(CultureInfo.InvariantCulture);
        lock (_lock)
        {
            // Two writes of one row may come back in another order than they went in.
            if (!_rows.TryGetValue(key, out var row) || long.Parse(row.ETag!, CultureInfo.InvariantCulture) < version)
                _rows[key] = new() { GrainId = entry.GrainId, ReminderName = entry.ReminderName, StartAt = entry.StartAt, Period = entry.Period, ETag = etag };
        }

        return etag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        var key = Key(grainId, reminderName);
        if (!long.TryParse(eTag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || !await records.Erase(Kind, key, version)) return false;
        lock (_lock)
        {
            if (_rows.TryGetValue(key, out var row) && row.ETag == eTag) _rows.Remove(key);
        }

        return true;
    }

    public async Task TestOnlyClearTable()
    {
        foreach (var record in await records.List(Kind)) await records.Erase(Kind, record.Id, null);
        lock (_lock) _rows.Clear();
    }

    private Task<ReminderTableData> Where(Func<ReminderEntry, bool> match)
    {
        lock (_lock) return Task.FromResult(new ReminderTableData(_rows.Values.Where(match).ToList()));
    }

    private static string Key(GrainId grain, string name) => $"{grain}/{name}";

    private sealed record Row(string Grain, string Name, DateTime StartAt, TimeSpan Period);
}
