using System.Text;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

public abstract partial class JournalConformance
{
    [Fact]
    public async Task Erased_texts_are_gone_and_the_journal_is_as_whole_as_before()
    {
        await Journal.MustAppend(Facts.Saying("plan/a", 0, "first", "one", "two"));
        await Journal.MustAppend(Facts.Saying("plan/b", 0, "second", "three"));
        await Journal.MustAppend(Facts.To("plan/b", 1));
        var before = await Journal.ReadFrom(0, 10, Cancellation);

        Assert.Equal(new(5, 1), await Journal.MustAppend(Facts.Erasing("erasures", 0, 1, 3)));

        await ShouldBeErased();
        await Reopen();
        await ShouldBeErased();

        async Task ShouldBeErased()
        {
            var after = await Journal.ReadFrom(0, 10, Cancellation);
            Assert.Equal([null, "two", null, null, null], after.Select(entry => entry.Texts is null ? null : Encoding.UTF8.GetString(entry.Texts)));
            Assert.Equal([true, false, true, true, true], after.Select(entry => entry.TextsSalt is null));
            // Nothing that the hash covers has changed.
            Assert.Equal(before.Select(HashChain.ContentDigest), after.Take(4).Select(HashChain.ContentDigest));
            Assert.Equal([1, 3], Erasure.PositionsOf(after[4]));
            await Journal.MustBeWhole(5);
        }
    }

    [Fact]
    public async Task A_command_is_known_by_its_fingerprint_until_its_texts_are_erased()
    {
        await Journal.MustAppend(Facts.Saying("plan/a", 0, "first", "one", "two", "three"));
        await Journal.MustAppend(Facts.Saying("plan/b", 0, "second", "four"));
        await Journal.MustAppend(Facts.To("plan/c", 0, "third") with { Fingerprint = null });
        await ShouldSay("first", own: true, other: false, none: false);
        await ShouldSay("second", own: true, other: false, none: false);
        await ShouldSay("third", own: false, other: false, none: true);

        // In the middle of the first command's entries, while its receipt names the last of them.
        await Journal.MustAppend(Facts.Erasing("erasures", 0, 2));

        await ShouldSay("first", own: true, other: true, none: true);
        await ShouldSay("second", own: true, other: false, none: false);
        await Reopen();
        await ShouldSay("first", own: true, other: true, none: true);
        Assert.Equal(Facts.Receipt("first", "plan/a", 3, 3), (await Journal.FindCommand("first", Cancellation))! with { Fingerprint = null });
        Assert.IsType<AppendOutcome.Repeated>(await Journal.Append(Facts.Saying("plan/a", 0, "first", "other words"), Cancellation));

        async Task ShouldSay(string command, bool own, bool other, bool none)
        {
            var receipt = await Journal.FindCommand(command, Cancellation);
            Assert.Equal((own, other, none), (receipt!.Says(Facts.Fingerprint(command)), receipt.Says(Facts.Fingerprint("another")), receipt.Says(null)));
        }
    }

    /// <summary>A person who is gone: what was said of it, in commands that carried names, nobody can prove any more.</summary>
    [Fact]
    public async Task The_words_of_all_commands_of_a_stream_can_be_forgotten_and_others_stay()
    {
        await Journal.MustAppend(Facts.Saying("account/a", 0, "open a", "one"));
        await Journal.MustAppend(Facts.Saying("account/a", 1, "name a", "two"));
        await Journal.MustAppend(Facts.Saying("account/b", 0, "open b", "three"));

        await Journal.MustAppend(Facts.To("account/a", 2, "erase a") with { ForgetsCommands = true });

        await Reopen();
        foreach (var (command, forgotten) in ((string, bool)[])[("open a", true), ("name a", true), ("open b", false)])
            Assert.Equal(forgotten, (await Journal.FindCommand(command, Cancellation))!.Says(Facts.Fingerprint("another")));
        Assert.All((await Journal.ReadFrom(0, 3, Cancellation)), entry => Assert.NotNull(entry.Texts));
    }

    [Fact]
    public async Task Of_an_append_of_several_entries_any_position_erases_the_key_of_its_command()
    {
        foreach (var position in (long[])[1, 2, 3])
        {
            var stream = $"plan/{position}";
            var last = (await Journal.MustAppend(Facts.Saying(stream, 0, stream, "one", "two", "three"))).Position;
            await Journal.MustAppend(Facts.Erasing($"erasures/{position}", 0, last - 3 + position));
            Assert.True((await Journal.FindCommand(stream, Cancellation))!.Says(Facts.Fingerprint("another")));
        }
    }

    [Fact]
    public async Task The_snapshots_of_the_streams_are_erased_with_the_texts_and_others_stay()
    {
        await Journal.MustAppend(Facts.Saying("plan/a", 0, null, "one"));
        await Journal.MustAppend(Facts.Saying("plan/b", 0, null, "two"));
        foreach (var stream in (string[])["plan/a", "plan/b"])
            await Journal.SaveSnapshot(stream, new(1, 1, [1]), Cancellation);
        await Journal.MustAppend(Facts.Erasing("erasures", 0, 2));
        Assert.NotNull(await Journal.ReadSnapshot("plan/a", Cancellation));
        Assert.Null(await Journal.ReadSnapshot("plan/b", Cancellation));
    }

    [Fact]
    public async Task Several_facts_of_one_append_may_say_what_is_erased_and_saying_it_twice_is_harmless()
    {
        await Journal.MustAppend(Facts.Saying("plan/a", 0, "first", "one", "two", "three", "four"));
        var erasing = Facts.To("erasures", 0, "erase") with { Entries = [Facts.Erasure(1, 2), Facts.Some(), Facts.Erasure(4)], Erases = [4, 1, 2, 1] };
        Assert.Equal(new(7, 3), await Journal.MustAppend(erasing));
        Assert.Equal([3], (await Journal.ReadFrom(0, 10, Cancellation)).Where(entry => entry.Texts is not null).Select(entry => entry.Position));

        await Journal.MustAppend(Facts.Erasing("erasures", 3, 1, 5, 6));
        Assert.Equal([3], (await Journal.ReadFrom(0, 10, Cancellation)).Where(entry => entry.Texts is not null).Select(entry => entry.Position));
        await Journal.MustBeWhole(8);
    }

    [Fact]
    public async Task An_erasure_whose_facts_say_something_else_is_refused()
    {
        await Journal.MustAppend(Facts.Saying("plan/a", 0, null, "one", "two"));
        var good = Facts.Erasing("erasures", 0, 1);
        Append[] refused =
        [
            good with { Erases = null },
            good with { Erases = [] },
            good with { Erases = [2] },
            good with { Erases = [1, 2] },
            good with { Entries = [Facts.Some()] },
            good with { Entries = [Facts.Erasure(1, 2)] },
            good with { Entries = [Facts.Erasure(1), Facts.Erasure(2)] },
            good with { Entries = [Facts.Erasure()], Erases = [] },
            good with { Entries = [Facts.Erasure(1) with { Data = "{}"u8.ToArray() }] },
            good with { Entries = [Facts.Erasure(1) with { Data = "[1]"u8.ToArray() }] },
            good with { Entries = [Facts.Erasure(1) with { Data = """{"positions":["1"]}"""u8.ToArray() }] },
            good with { Entries = [Facts.Erasure(1) with { Data = "no JSON"u8.ToArray() }] },
            Facts.Erasing("erasures", 0, 0),
            Facts.Erasing("erasures", 0, -1, 1),
            // Beyond the head: not there, and where the entry itself would stand.
            Facts.Erasing("erasures", 0, 1, 4),
            Facts.Erasing("erasures", 0, 3),
        ];
        foreach (var append in refused)
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Journal.Append(append, Cancellation));
        Assert.All(await Journal.ReadFrom(0, 10, Cancellation), entry => Assert.NotNull(entry.Texts));
        Assert.Equal(new(3, 1), await Journal.MustAppend(good));
    }

    [Fact]
    public async Task An_erasure_that_is_not_written_erases_nothing()
    {
        await Journal.MustAppend(Facts.Saying("plan/a", 0, "said", "one"));
        Assert.Equal(new AppendOutcome.Conflict(1), await Journal.Append(Facts.Erasing("plan/a", 0, 1), Cancellation));
        Assert.IsType<AppendOutcome.Repeated>(await Journal.Append(
            Facts.To("plan/a", 1, "said") with { Entries = [Facts.Erasure(1)], Erases = [1] }, Cancellation));
        Assert.NotNull(Assert.Single(await Journal.ReadFrom(0, 10, Cancellation)).Texts);
        Assert.False((await Journal.FindCommand("said", Cancellation))!.Says(Facts.Fingerprint("another")));
    }

    [Fact]
    public async Task A_journal_is_verified_while_its_texts_are_erased()
    {
        const int total = 2_000;
        await Journal.MustAppend(Facts.Saying("plan/a", 0, null, [.. Enumerable.Range(1, total).Select(number => $"text {number}")]));
        var erased = 0L;
        var erasing = Task.Run(async () =>
        {
            for (var position = (long)total; position > 0; position -= 40)
                await Journal.MustAppend(Facts.Erasing("erasures", erased++, position));
        }, Cancellation);
        do
        {
            Assert.Null((await Journal.Verify(Cancellation)).BrokenAt);
        } while (!erasing.IsCompleted);
        await erasing.Until("the erasures to end");
        await Journal.MustBeWhole(total + erased);
    }
}
