using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests.Postgres;

public sealed class PostgresTamperingTests(PostgresServer server) : IAsyncDisposable
{
    private const int Entries = 600;
    private readonly PostgresSchema _schema = new(server);

    public ValueTask DisposeAsync() => _schema.DisposeAsync();

    [Theory]
    [InlineData("stream = 'plan/b'")]
    [InlineData("version = 9000")]
    [InlineData("fact = 'plan.closed'")]
    [InlineData("form = 2")]
    [InlineData("at = at + 1")]
    [InlineData("at = 9000000000000000000")]
    [InlineData("actor = 'account-8'")]
    [InlineData("body = NULL")]
    [InlineData("topics = 'plan/canada-1 state/FRA'")]
    [InlineData("topics = topics || ' '")]
    [InlineData("audience = '{}'")]
    [InlineData("data = '\\x00'")]
    [InlineData("hash = decode(repeat('00', 32), 'hex')")]
    public Task A_changed_field_is_found(string change) => ShouldBreak($"UPDATE entries SET {change} WHERE position = 300", 300);

    [Theory]
    [InlineData("UPDATE entries SET data = '' WHERE position = 1", 1)]
    [InlineData("UPDATE entries SET data = '' WHERE position = 600", 600)]
    [InlineData("DELETE FROM entries WHERE position = 300", 300)]
    [InlineData("DELETE FROM entries WHERE position = 1", 1)]
    [InlineData("DELETE FROM entries WHERE position > 500", 501)]
    [InlineData("UPDATE entries SET position = -1 WHERE position = 300; UPDATE entries SET position = 300 WHERE position = 301; UPDATE entries SET position = 301 WHERE position = -1", 300)]
    public Task A_change_at_either_end_a_hole_and_another_order_are_found(string sql, long position) => ShouldBreak(sql, position);

    [Theory]
    [InlineData("UPDATE head SET hash = decode(repeat('00', 32), 'hex')", 600)]
    [InlineData("UPDATE head SET position = 601", 601)]
    [InlineData("UPDATE head SET position = 599, hash = (SELECT hash FROM entries WHERE position = 599)", 600)]
    [InlineData("UPDATE head SET position = 0, hash = decode(repeat('00', 32), 'hex')", 1)]
    [InlineData("INSERT INTO entries SELECT 601, at, 601, cause, form, stream, fact, actor, body, topics, via, batch, trace, salt, texts_digest, command, hash, audience, data FROM entries WHERE position = 600", 601)]
    public Task A_head_that_does_not_fit_is_found(string sql, long position) => ShouldBreak(sql, position);

    [Theory]
    [InlineData("INSERT INTO texts VALUES (300, '', '')", 300)]
    [InlineData("INSERT INTO texts VALUES (601, '', '')", 601)]
    [InlineData("INSERT INTO texts VALUES (0, '', '')", 0)]
    public Task Texts_that_belong_to_no_entry_are_found(string sql, long position) => ShouldBreak(sql, position);

    [Fact]
    public async Task A_receipt_that_was_changed_refuses_its_own_command_and_no_neighbour_and_then_nothing_is_written()
    {
        var store = await _schema.Open();
        await store.Journal.MustAppend(Facts.To("plan/a", 0, "said"));
        await _schema.Sql("UPDATE commands SET answer = 'somewhere-else'");
        using var gate = new ManualResetEventSlim();
        // While one is about to be committed the others gather, to be written together.
        store.Writer.BeforeCommit = gate.Wait;
        var first = store.Journal.Append(Facts.To("plan/first", 0), Cancellation).AsTask();
        var again = store.Journal.Append(Facts.To("plan/a", 0, "said"), Cancellation).AsTask();
        var others = Enumerable.Range(0, 20).Select(number => store.Journal.Append(Facts.To($"plan/{number}", 0, $"other-{number}"), Cancellation).AsTask()).ToList();
        gate.Set();

        Assert.IsType<AppendOutcome.Appended>(await first);
        Assert.All(await Task.WhenAll(others), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        Assert.Equal(0, (await Assert.ThrowsAsync<JournalUnavailableException>(() => again)).BrokenAt);
        var found = await store.Trust.StopForWhatWasMet(Cancellation);
        Assert.Equal("The receipt of a command is not what the platform wrote, or is gone.", found?.What);
        Assert.Equal(found, await store.Trust.Broken(Cancellation));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => store.Journal.Append(Facts.To("plan/later", 0), Cancellation).AsTask());
        Assert.Null(await store.Trust.StopForWhatWasMet(Cancellation));
    }

    [Fact]
    public async Task A_tail_cut_off_together_with_the_head_is_found_by_the_journal_that_acknowledged_it()
    {
        var journal = (await _schema.Open()).Journal;
        await journal.MustAppend(Facts.To("plan/a", 0, count: Entries));
        await _schema.Sql(
            """
            DELETE FROM entries WHERE position > 500;
            UPDATE head SET position = 500, hash = (SELECT hash FROM entries WHERE position = 500);
            """);
        Assert.Equal(501, (await journal.Verify(Cancellation)).BrokenAt);
    }

    private async Task ShouldBreak(string sql, long position)
    {
        await (await _schema.Open()).Journal.MustAppend(Facts.To("plan/a", 0, count: Entries));
        await _schema.Close();
        await _schema.Sql(sql);
        var verification = await (await _schema.Open()).Journal.Verify(Cancellation);
        Assert.Equal(position, verification.BrokenAt);
    }
}
