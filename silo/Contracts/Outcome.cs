namespace Coordination.Contracts;

/// <summary>What became of a command: a closed set.</summary>
[GenerateSerializer, Immutable, Alias("Outcome")]
public abstract record Outcome
{
    private protected Outcome() { }
}

/// <summary>It is done and on disk.</summary>
/// <param name="Id">What was made or changed.</param>
/// <param name="Version">Its version afterwards: the position of its last change that everybody learns of who sees it.</param>
/// <param name="Position">Where the journal stands with it; reads with <c>?seen=</c> this position include it.</param>
/// <param name="Repeated">The command had been carried out before; this is the first answer again.</param>
[GenerateSerializer, Immutable, Alias("Done")]
public sealed record Done(string Id, long Version, long Position, bool Repeated) : Outcome;

/// <summary>It was refused and nothing was written.</summary>
[GenerateSerializer, Immutable, Alias("Refused")]
public sealed record Refused(Refusal Refusal) : Outcome;

/// <summary>A refusal is a value. Exceptions are for bugs and broken machinery.</summary>
/// <param name="Reason">What kind of refusal, which decides the HTTP status.</param>
/// <param name="Code">Stable code, such as <c>plan.milestone-not-found</c>.</param>
/// <param name="Detail">One sentence in English that says what to do.</param>
/// <param name="Fields">Bad fields, when the content was at fault.</param>
/// <param name="Version">The version that a stale command may name next.</param>
/// <param name="Changed">The parts that have changed since the caller looked, oldest change first, where the command was on all of them.</param>
[GenerateSerializer, Immutable, Alias("Refusal")]
public sealed record Refusal(RefusalReason Reason, string Code, string Detail, FieldError[] Fields, long? Version = null, ChangedPart[]? Changed = null)
{
    public static Refusal NotFound(string code, string detail) => new(RefusalReason.NotFound, code, detail, []);
    public static Refusal Forbidden(string code, string detail) => new(RefusalReason.Forbidden, code, detail, []);
    public static Refusal Conflict(string code, string detail) => new(RefusalReason.Conflict, code, detail, []);
    /// <summary>Something else has what a field of the content wants.</summary>
    public static Refusal Taken(string pointer, string code, string detail) => new(RefusalReason.Conflict, code, detail, [new(pointer, code, detail)]);
    public static Refusal TooMany(string code, string detail) => new(RefusalReason.TooMany, code, detail, []);
    public static Refusal Invalid(string pointer, string code, string detail) => new(RefusalReason.Invalid, code, detail, [new(pointer, code, detail)]);
    public static Refusal Invalid(params FieldError[] fields) => new(RefusalReason.Invalid, fields[0].Code, fields[0].Detail, fields);
}

/// <param name="Pointer">JSON pointer into the request body as a URI fragment, such as <c>#/due</c>.</param>
[GenerateSerializer, Immutable, Alias("FieldError")]
public sealed record FieldError(string Pointer, string Code, string Detail);

/// <summary>A part that has changed.</summary>
/// <param name="Part">What it is: <c>plan</c> (its head), <c>measure</c> or <c>milestone</c>.</param>
/// <param name="Version">Position of its last change.</param>
[GenerateSerializer, Immutable, Alias("ChangedPart")]
public sealed record ChangedPart(string Part, string Id, long Version);

[GenerateSerializer, Alias("RefusalReason")]
public enum RefusalReason
{
    NotFound,
    Forbidden,
    Conflict,
    Invalid,
    /// <summary>The command named a version that is no longer the latest.</summary>
    Stale,
    /// <summary>The command's id was used before, for something else.</summary>
    KeyReused,
    /// <summary>The machinery is away for the moment; the same command may be sent again.</summary>
    Unavailable,
    /// <summary>There are as many as there may be; some must end first.</summary>
    TooMany,
}

/// <summary>Who gives a command, which one it is, and what its sender had seen.</summary>
/// <param name="Account">Id of the account, proven by the gateway. What the account may do is looked up and decided in the silo.</param>
/// <param name="Command">Unique for ever (<see cref="CommandOf"/>); a repeat gets the first answer.</param>
/// <param name="Fingerprint">Hash of what the command says; the same id with another is refused.</param>
/// <param name="ExpectedVersion">The version the sender saw, or null for any.</param>
/// <param name="Body">The body that the account acts for; null for its first one, and for an account that belongs to none.</param>
/// <param name="Rights">Position of the last change of a right that the sender knows of: it is not decided on rights that are older.</param>
/// <param name="Via">How it came: <c>web</c>, <c>import:ID</c>, <c>clock:NAME</c>, <c>reactor:NAME</c>, <c>platform</c>.</param>
/// <param name="Language">Language of its texts (BCP 47), or null when that was not said.</param>
/// <param name="Batch">Groups what was given in one go, or null.</param>
/// <param name="Cause">Position of the entry that it follows from, or null. Only the platform's own commands have one.</param>
[GenerateSerializer, Immutable, Alias("CommandHeader")]
public sealed record CommandHeader(
    string Account, string Command, string Fingerprint, long? ExpectedVersion = null, string? Body = null, long Rights = 0, string Via = "platform",
    string? Language = null, string? Batch = null, long? Cause = null)
{
    /// <summary>The id of a command: its account and the key that its sender gave it. The journal keeps no more of it than its SHA-256.</summary>
    public static string CommandOf(string account, string key) => $"{account}\0{key}";
}

/// <summary>Who asks, and what they must at least see.</summary>
/// <param name="Seen">Wait (bounded) until the view has reached this position.</param>
/// <param name="Body">The body that the account acts for; null for its first one, and for an account that belongs to none.</param>
[GenerateSerializer, Immutable, Alias("Asker")]
public sealed record Asker(string Account, long Seen = 0, string? Body = null);

/// <param name="Next">Cursor of the next page, or null on the last.</param>
/// <param name="Total">How many items all pages hold for the asker; null where counting them would cost too much.</param>
[GenerateSerializer, Immutable, Alias("Page`1")]
public sealed record Page<T>(T[] Items, string? Next, int? Total = null);

/// <param name="After">Cursor that an earlier page gave, or null for the first. It is of one list, sort, language, filter and search.</param>
/// <param name="Limit">How many items at most, 1 to 500.</param>
/// <param name="Query">Words that an item is searched by, folded when it is read; null or blank for all.</param>
/// <param name="Sort">Name of a sort that the list offers, with a minus in front when it falls; null for the list's own.</param>
/// <param name="Language">Tag of the language whose alphabet names are sorted by.</param>
[GenerateSerializer, Immutable, Alias("Paging")]
public sealed record Paging(string? After = null, int Limit = 100, string? Query = null, string? Sort = null, string? Language = null);

/// <summary>The cursor is not one that the list gives. A read has no refusals, and nobody comes here who takes cursors as they are given.</summary>
[GenerateSerializer, Alias("UnreadableCursor")]
public sealed class UnreadableCursorException() : Exception("The cursor is none of this list.");

/// <summary>Where a fact comes from.</summary>
/// <param name="Document">Symbol of the document, such as A/67/170.</param>
/// <param name="Paragraphs">Numbers of its paragraphs.</param>
[GenerateSerializer, Immutable, Alias("Source")]
public sealed record Source(string Document, int[] Paragraphs);

/// <summary>Who may see something.</summary>
[GenerateSerializer, Alias("Mark")]
public enum Mark
{
    /// <summary>Everyone.</summary>
    Public,
    /// <summary>Every signed-in body.</summary>
    Community,
    /// <summary>The bodies involved, and the national rapporteur of a State involved.</summary>
    Parties,
    /// <summary>Only the bodies that are listed.</summary>
    Named,
}

/// <summary>The seven fields of action, A/67/170 para. 20.</summary>
[GenerateSerializer, Alias("Pillar")]
public enum Pillar
{
    Legislation,
    InvestigationAndProsecution,
    VictimProtection,
    ResearchAndData,
    Training,
    Awareness,
    Cooperation,
}
