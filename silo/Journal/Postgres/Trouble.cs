using System.Net.Sockets;
using Npgsql;

namespace Coordination.Journal.Postgres;

/// <summary>What went wrong with the database: whether to try again, and what to tell whom.</summary>
internal static class Trouble
{
    private const string IdleTooLong = "25P03";
    private const string TransactionTooLong = "25P04";
    private const string IdleSession = "57P05";

    /// <summary>Somebody else holds what was to be locked.</summary>
    public static bool IsLockTimeout(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    public static bool IsDuplicate(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>The server has said no and ended the transaction: nothing of it is written.</summary>
    public static bool IsAnswer(Exception e) => e is PostgresException { SqlState: var state } && !IsGoingDown(state);

    /// <summary>May be over at the next attempt: the connection is lost, the server restarts, another transaction was in the way.</summary>
    public static bool Passes(Exception e) => e switch
    {
        PostgresException { SqlState: var state } => IsGoingDown(state) || state is
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected or
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.TooManyConnections,
        NpgsqlException or SocketException or TimeoutException or Overslept => true,
        IOException => e is not JournalUnavailableException,
        _ => false,
    };

    /// <summary>The reason in words for an operator. Holds no password: neither Npgsql nor PostgreSQL names one.</summary>
    public static string Reason(Exception e) => e switch
    {
        PostgresException p => p.SqlState switch
        {
            PostgresErrorCodes.DiskFull => $"PostgreSQL's disk is full; make room there. ({p.MessageText})",
            PostgresErrorCodes.ReadOnlySqlTransaction => $"PostgreSQL only reads at present: a standby, or default_transaction_read_only is set. ({p.MessageText})",
            PostgresErrorCodes.LockNotAvailable => $"Another transaction holds what is needed. ({p.MessageText})",
            PostgresErrorCodes.QueryCanceled => $"PostgreSQL took too long. ({p.MessageText})",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"PostgreSQL does not let this account in; check user name and password. ({p.MessageText})",
            PostgresErrorCodes.InvalidCatalogName => $"Create the database first. ({p.MessageText})",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"The database account lacks a right: let it own the schema, or at first GRANT CREATE ON DATABASE … to it. ({p.MessageText})",
            PostgresErrorCodes.TooManyConnections => $"PostgreSQL has no connection left: raise max_connections. ({p.MessageText})",
            var state when IsGoingDown(state) => $"PostgreSQL is stopping or starting, or has ended this connection. ({p.MessageText})",
            var state => $"PostgreSQL: {p.MessageText} ({state})",
        },
        NpgsqlException { InnerException: TimeoutException } => $"PostgreSQL does not answer. ({e.Message})",
        NpgsqlException { InnerException: SocketException } => $"Is PostgreSQL running, and reachable from here? ({e.Message})",
        NpgsqlException { InnerException: { } inner } => $"{e.Message} ({inner.Message})",
        _ => e.Message,
    };

    public static JournalUnavailableException NotWritten(Exception reason) =>
        new($"The journal could not be written; nothing was. {Reason(reason)}", reason);

    public static JournalUnavailableException Unknown(Exception reason) =>
        new($"The journal lost its database while committing; whether it was written is not known. Give the same command again. {Reason(reason)}", reason);

    public static JournalUnavailableException NoConnectionString(Exception reason) =>
        new($"The connection string of the journal cannot be read. It looks like Host=…;Port=5432;Database=…;Username=…;Password=… ({reason.Message})", reason);

    public static JournalUnavailableException NotOpened(PostgresOptions options, Exception reason)
    {
        var where = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return new($"The journal in {where.Host}:{where.Port}/{where.Database} cannot be opened as {where.Username}. {Reason(reason)}", reason);
    }

    public static JournalUnavailableException NotRead(Exception reason) =>
        new($"The journal could not be read. {Reason(reason)}", reason);

    public static JournalUnavailableException NotCompacted(Exception reason) =>
        new($"The tables were not compacted, or not all of them. {Reason(reason)}", reason);

    public static JournalUnavailableException Fenced() =>
        new("This silo has been declared dead by the others and writes nothing any more. It has to be started again.") { Fenced = true };

    private static bool IsGoingDown(string state) => state is
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or IdleSession or
        IdleTooLong or TransactionTooLong || state.StartsWith("08", StringComparison.Ordinal);
}

/// <summary>This process slept while it held the head: by now PostgreSQL may have given it to another.</summary>
internal sealed class Overslept() : IOException("This process stood still for longer than it may hold the head.");
