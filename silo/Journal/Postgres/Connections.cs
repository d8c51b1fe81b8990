// Repeated by hand and not by Polly: the journal depends on the two databases' drivers and on nothing else.
using System.Data;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>Connections to the database, each with short limits of its own, and ways to use one that outlive a restart of the server.</summary>
internal sealed class Connections : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly PostgresOptions _options;
    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _alone;
    private readonly NpgsqlDataSource _careless;
    private Fence _fence = Fence.None;

    public Connections(PostgresOptions options)
    {
        _options = options;
        _pool = Source("on", pooled: true);
        _alone = Source("on", pooled: false);
        _careless = Source("off", pooled: false);
    }

    public PostgresOptions Options => _options;

    /// <summary>Asked in every transaction that changes something.</summary>
    public Fence Fence { get => Volatile.Read(ref _fence); set => Volatile.Write(ref _fence, value); }

    /// <summary>A connection that is nobody else's, not open yet.</summary>
    public NpgsqlConnection Alone() => _alone.CreateConnection();

    /// <summary>As <see cref="Alone"/>; what it commits may be lost when the server crashes.</summary>
    public NpgsqlConnection Careless() => _careless.CreateConnection();

    /// <summary>
    /// Uses a connection for something that may be done again: tries until it succeeds or <see cref="PostgresOptions.Patience"/> is over.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The database did not answer, or refused.</exception>
    public Task<T> Repeatedly<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellation) =>
        Patiently(
            async () =>
            {
                await using var connection = await _pool.OpenConnectionAsync(cancellation);
                return await use(connection, cancellation);
            },
            Trouble.NotRead, cancellation);

    /// <summary>
    /// As <see cref="Repeatedly"/>, for someone who waits in front of a page and is told within <paramref name="within"/> that the database is away.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The database did not answer, or refused.</exception>
    public async Task<T> Briefly<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, TimeSpan within, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        try
        {
            // A server that hangs does not even take in that it is to give up: whoever waits does not wait for that.
            return await Repeatedly(use, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Trouble.NotRead(new TimeoutException("PostgreSQL does not answer."));
        }
    }

    /// <summary>
    /// Changes something in a transaction of its own, exactly once: what was surely not written is tried again, and when the
    /// answer to a commit is lost, PostgreSQL is asked what became of the transaction.
    /// </summary>
    /// <param name="change">Answers, and says whether what it did is to be kept.</param>
    /// <param name="cancellation">Has an effect until the commit.</param>
    /// <exception cref="JournalUnavailableException">The database did not answer, or refused; or this process is fenced.</exception>
    public Task<T> Change<T>(Func<NpgsqlConnection, CancellationToken, Task<(T Answer, bool Keep)>> change, CancellationToken cancellation) =>
        Patiently(
            async () =>
            {
                await using var connection = await _pool.OpenConnectionAsync(cancellation);
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
                if (Fence != Fence.None && await IsFenced(connection, cancellation))
                    throw Trouble.Fenced();
                var (answer, keep) = await change(connection, cancellation);
                if (!keep)
                    return answer;
                if (await Running(connection, cancellation) is { } running)
                    await Commit(transaction, running);
                return answer;
            },
            Trouble.NotWritten, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _alone.DisposeAsync();
        await _careless.DisposeAsync();
    }

    /// <exception cref="NpgsqlException">It was certainly not committed.</exception>
    private async Task Commit(NpgsqlTransaction transaction, RunningTransaction running)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (!Trouble.IsAnswer(e))
        {
            bool committed;
            try
            {
                committed = await Patiently(() => WasCommitted(running), Trouble.Unknown, CancellationToken.None);
            }
            catch (JournalUnavailableException)
            {
                throw Trouble.Unknown(e);
            }
            if (!committed)
                throw;
        }
    }

    /// <summary>Of the transaction it is asked in: its number, or null when it has changed nothing, and a moment in it.</summary>
    internal const string ReadRunning = "SELECT pg_current_xact_id_if_assigned()::text, clock_timestamp()";

    /// <summary>What became of the transaction with number $1, and whether the server has neither crashed nor been started since the moment $2.</summary>
    internal const string ReadOutcome =
        "SELECT pg_xact_status($1::xid8), coalesce(greatest(pg_postmaster_start_time(), stats_reset) < $2, false) FROM pg_stat_bgwriter";

    /// <summary>
    /// A server that has crashed gives numbers out again that it had not written down: what it says of one from before would be
    /// another transaction's. It begins its statistics anew when it recovers, and a server that was started again knows since when.
    /// </summary>
    private async Task<bool> WasCommitted(RunningTransaction running)
    {
        await using var connection = await _pool.OpenConnectionAsync();
        var answers = await connection.Rows(
            ReadOutcome,
            static row => (Status: row.IsDBNull(0) ? "unknown" : row.GetString(0), IsSameServer: row.GetBoolean(1)), CancellationToken.None, running.Id, running.At);
        var (status, isSameServer) = answers.Single();
        if (!isSameServer)
            throw Trouble.Unknown(new TimeoutException("The database has crashed and recovered in between."));
        return status switch
        {
            "committed" => true,
            "aborted" => false,
            _ => throw new TimeoutException($"The transaction is still {status}."),
        };
    }

    /// <summary>Null for one that has changed nothing.</summary>
    private static async Task<RunningTransaction?> Running(NpgsqlConnection connection, CancellationToken cancellation) => (await connection.Rows(
        ReadRunning,
        static row => row.IsDBNull(0) ? null : new RunningTransaction(row.GetString(0), row.GetDateTime(1)), cancellation)).Single();

    /// <param name="At">A moment in it, by the server's clock.</param>
    private sealed record RunningTransaction(string Id, DateTime At);

    private async Task<bool> IsFenced(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var fence = Fence;
        await using var command = new NpgsqlCommand(fence.Sql, connection);
        fence.Bind(command.Parameters);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<T> Patiently<T>(Func<Task<T>> attempt, Func<Exception, JournalUnavailableException> failure, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (Trouble.Passes(e) && !cancellation.IsCancellationRequested)
            {
                if (Stopwatch.GetElapsedTime(began) + Pause > _options.Patience)
                    throw failure(e);
            }
            catch (PostgresException e)
            {
                throw failure(e);
            }
            await Task.Delay(Pause, cancellation);
        }
    }

    private NpgsqlDataSource Source(string synchronousCommit, bool pooled)
    {
        var settings = new NpgsqlConnectionStringBuilder(_options.ConnectionString)
        {
            ApplicationName = $"coordination {_options.Name}",
            SearchPath = $"{Schema.Quote(_options.Schema)}, public",
            Pooling = pooled,
            MinPoolSize = 0,
            MaxPoolSize = _options.PoolSize,
            Enlist = false,
            // Nothing is set on a connection that would have to be undone.
            NoResetOnClose = true,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            // Seconds: for a connection, for a free place in the pool, and for an answer. PostgreSQL ends a statement before.
            Timeout = Seconds(_options.Patience < _options.StatementAtMost ? _options.Patience : _options.StatementAtMost),
            CommandTimeout = Seconds(_options.StatementAtMost) + 1,
            // A connection that has kept someone waiting is given up at once, in milliseconds.
            CancellationTimeout = -1,
            IncludeErrorDetail = false,
        };
        settings.Options = string.Create(CultureInfo.InvariantCulture,
            $"{settings.Options} -c synchronous_commit={synchronousCommit} -c idle_in_transaction_session_timeout={Milliseconds(_options.HeldAtMost)} -c lock_timeout={Milliseconds(_options.HeldAtMost)} -c statement_timeout={Milliseconds(_options.StatementAtMost)}").Trim();
        return new NpgsqlDataSourceBuilder(settings.ToString()).Build();
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    private static long Milliseconds(TimeSpan time) => Math.Max(1, (long)time.TotalMilliseconds);
}
