using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Sqlite;

public sealed class SqliteTamperingTests : IAsyncDisposable
{
    private const int Entries = 600;
    private readonly SqliteFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData("UPDATE entries SET stream = 'plan/b' WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET version = 9000 WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET fact = 'plan.closed' WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET form = 2 WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET form = 9000000000 WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET at = at + 1 WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET at = 9000000000000000000 WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET actor = 'account-8' WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET body = NULL WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET topics = 'plan/canada-1 state/FRA' WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET topics = topics || ' ' WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET audience = CAST('{}' AS BLOB) WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET data = zeroblob(12) WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET hash = zeroblob(32) WHERE position = 300", 300)]
    [InlineData("UPDATE entries SET data = zeroblob(12) WHERE position = 1", 1)]
    [InlineData("UPDATE entries SET data = zeroblob(12) WHERE position = 600", 600)]
    public Task A_changed_field_is_found(string sql, long position) => ShouldBreak(sql, position);

    [Theory]
    [InlineData("DELETE FROM entries WHERE position = 300", 300)]
    [InlineData("DELETE FROM entries WHERE position BETWEEN 2 AND 599", 2)]
    [InlineData("DELETE FROM entries WHERE position = 1", 1)]
    [InlineData("DELETE FROM entries WHERE position > 500", 501)]
    [InlineData("DELETE FROM entries", 1)]
    public Task A_deleted_entry_is_found(string sql, long position) => ShouldBreak(sql, position);

    [Fact]
    public Task Exchanged_entries_are_found() => ShouldBreak(
        """
        UPDATE entries SET position = -1 WHERE position = 300;
        UPDATE entries SET position = 300 WHERE position = 301;
        UPDATE entries SET position = 301 WHERE position = -1;
        """, 300);

    [Theory]
    [InlineData("UPDATE head SET hash = zeroblob(32)", 600)]
    [InlineData("UPDATE head SET position = 601", 601)]
    [InlineData("UPDATE head SET position = 599", 599)]
    [InlineData("UPDATE head SET position = 599, hash = (SELECT hash FROM entries WHERE position = 599)", 600)]
    [InlineData("UPDATE head SET position = 0, hash = zeroblob(32)", 1)]
    [InlineData("INSERT INTO entries SELECT 601, stream, 601, fact, form, at, actor, body, topics, via, cause, batch, salt, texts_digest, command, hash, audience, data, trace FROM entries WHERE position = 600", 601)]
    public Task A_head_that_does_not_fit_is_found(string sql, long position) => ShouldBreak(sql, position);

    [Theory]
    [InlineData("INSERT INTO texts VALUES (300, zeroblob(16), zeroblob(2))", 300)]
    [InlineData("INSERT INTO texts VALUES (601, zeroblob(16), zeroblob(2))", 601)]
    [InlineData("INSERT INTO texts VALUES (0, zeroblob(16), zeroblob(2))", 0)]
    [InlineData("INSERT INTO entries SELECT -3, stream, 900, fact, form, at, actor, body, topics, via, cause, batch, salt, texts_digest, command, hash, audience, data, trace FROM entries WHERE position = 600", -3)]
    public Task Rows_that_belong_to_no_entry_are_found(string sql, long position) => ShouldBreak(sql, position);

    [Fact]
    public async Task A_tail_cut_off_together_with_the_head_is_found_by_the_journal_that_acknowledged_it()
    {
        var journal = (await _folder.Open()).Journal;
        await journal.MustAppend(Facts.To("plan/a", 0, count: Entries));
        _folder.Tamper(
            """
            DELETE FROM entries WHERE position > 500;
            UPDATE head SET position = 500, hash = (SELECT hash FROM entries WHERE position = 500);
            """);
        Assert.Equal(501, (await journal.Verify(Cancellation)).BrokenAt);
    }

    private async Task ShouldBreak(string sql, long position)
    {
        await (await _folder.Open()).Journal.MustAppend(Facts.To("plan/a", 0, count: Entries));
        await _folder.Close();
        _folder.Tamper(sql);
        var verification = await (await _folder.Open()).Journal.Verify(Cancellation);
        Assert.Equal(position, verification.BrokenAt);
    }
}
