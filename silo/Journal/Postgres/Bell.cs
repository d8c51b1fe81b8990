// Repeated by hand and not by Polly: the journal depends on the two databases' drivers and on nothing else.
using System.Globalization;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>
/// Tells other processes of own commits and hears of theirs. Outside of the appends' transactions, where a NOTIFY would cost
/// more than half of their throughput; so a word may be lost, and the head is looked at now and then as well.
/// </summary>
internal sealed class Bell : IAsyncDisposable
{
    /// <summary>At most so often is anything told; what was committed in between is told together.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(3);

    /// <summary>How long a word that was lost can go unnoticed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly Connections _connections;
    private readonly PositionWaiter _reached;
    private readonly string _channel;
    private readonly SemaphoreSlim _toTell = new(0, 1);
    private readonly CancellationTokenSource _closing = new();
    private Task _work = Task.CompletedTask;

    public Bell(Connections connections, PositionWaiter reached)
    {
        _connections = connections;
        _reached = reached;
        // Channels are the database's own, and several journals may share it.
        _channel = connections.Options.Schema;
    }

    public void Start() => _work = Task.WhenAll(Task.Run(() => Forever(Tell)), Task.Run(() => Forever(Hear)));

    /// <summary>There is something to tell. Returns at once.</summary>
    public void Ring()
    {
        try
        {
            if (_toTell.CurrentCount == 0)
                _toTell.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has just said so.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _work;
        _closing.Dispose();
        _toTell.Dispose();
    }

    private async Task Tell(CancellationToken cancellation)
    {
        await using var connection = _connections.Careless();
        await connection.OpenAsync(cancellation);
        var position = new NpgsqlParameter<string>();
        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = _channel }, position },
        };
        while (true)
        {
            await _toTell.WaitAsync(cancellation);
            position.TypedValue = _reached.Position.ToString(CultureInfo.InvariantCulture);
            await notify.ExecuteNonQueryAsync(cancellation);
            await Task.Delay(Between, cancellation);
        }
    }

    private async Task Hear(CancellationToken cancellation)
    {
        await using var connection = _connections.Alone();
        connection.Notification += (_, told) => _reached.Advance(long.Parse(told.Payload, CultureInfo.InvariantCulture));
        await connection.OpenAsync(cancellation);
        await using (var listen = new NpgsqlCommand($"LISTEN {Schema.Quote(_channel)}", connection))
            await listen.ExecuteNonQueryAsync(cancellation);
        await using var look = new NpgsqlCommand("SELECT max(position) FROM head", connection);
        while (true)
        {
            if (await look.ExecuteScalarAsync(cancellation) is long position)
                _reached.Advance(position);
            var next = Task.Delay(Look, cancellation);
            while (!next.IsCompleted && await connection.WaitAsync(Look, cancellation)) { }
        }
    }

    /// <summary>Does it again on a new connection whenever one is lost.</summary>
    private async Task Forever(Func<CancellationToken, Task> work)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await work(_closing.Token);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                await Task.Delay(Look, _closing.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }
}
