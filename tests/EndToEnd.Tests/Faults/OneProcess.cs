using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Coordination.EndToEnd.Tests.Faults;

/// <summary>The same ordeal for the platform in one process: it is killed under load, and starts again while everybody tries.</summary>
public sealed class OneProcess(LoadedData loaded) : IPlatform, IAsyncLifetime
{
    private static readonly TimeSpan ToComeBack = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> More = new() { [Load.OpenThings] = Load.Enough };

    private readonly DataFolder _folder = loaded.Copy();
    private NodeProcess _node = null!;
    private Sessions _sessions = null!;

    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeProcess.Start(_folder.Path, environment: More, cancellation: Waiting.Cancellation);
        Address = _node.Address;
        _sessions = await Sessions.Open(Address);
    }

    public async ValueTask DisposeAsync()
    {
        _sessions?.Dispose();
        if (_node is not null) await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Kill_9_of_the_whole_platform_under_load_loses_repeats_and_reorders_nothing_for_writers_and_viewers()
    {
        await using var ordeal = await Ordeal.Begin("one-process", this, _sessions);
        var from = Stopwatch.GetTimestamp();
        await ordeal.Load.Continue(200, ToComeBack);
        await _node.Kill(Waiting.Cancellation);
        await _node.DisposeAsync();
        _node = await NodeProcess.Start(_folder.Path, Address.Port, environment: More, cancellation: Waiting.Cancellation);
        await ordeal.Load.ContinueOnEach([.. ordeal.Plans.Select(plan => plan.Stream)], ToComeBack);
        var account = await ordeal.End(from, []);
        Assert.True(account.LinesLost >= ordeal.Viewers.Count, $"Only {account.LinesLost} lines were lost.");
        Waiting.Say($"{account}");
    }

    public async Task<long> Head(CancellationToken cancellation) => (await Read(0, cancellation)).Entries[^1].Position;

    public async Task<KeptJournal> Read(long after, CancellationToken cancellation)
    {
        var file = Path.Combine(_folder.Path, "journal.db");
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        var entries = new List<KeptEntry>();
        await using (var command = Ask("SELECT position, stream, version, actor, topics, audience, data, texts FROM entries LEFT JOIN texts USING (position) WHERE position > $after ORDER BY position"))
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
                entries.Add(new(
                    rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3), rows.GetString(4).Split(' '), JsonDocument.Parse(rows.GetFieldValue<byte[]>(5)).RootElement,
                    System.Text.Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(6)), rows.IsDBNull(7) ? "" : System.Text.Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(7))));
        }

        var commands = new List<KeptCommand>();
        await using (var command = Ask("SELECT commands.command, stream, commands.version, position FROM commands JOIN entries USING (position) WHERE position > $after ORDER BY position"))
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation)) commands.Add(new(Convert.ToHexStringLower(rows.GetFieldValue<byte[]>(0)), rows.GetString(1), rows.GetInt64(2), rows.GetInt64(3)));
        }

        return new(entries, commands);

        SqliteCommand Ask(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$after", after);
            return command;
        }
    }

    public Task<IReadOnlyList<string>> Inspect(long head, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);
}
