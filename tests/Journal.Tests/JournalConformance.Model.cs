using CsCheck;
using static Coordination.Journal.Tests.Waiting;

namespace Coordination.Journal.Tests;

public abstract partial class JournalConformance
{
    /// <summary>An append as a sequence of choices: small numbers, so that streams and commands meet often.</summary>
    private sealed record Choice(int Stream, int VersionOff, int Command, int Count);

    [Trait("Full", "scale")]
    [Fact]
    public async Task Any_sequence_of_appends_ends_as_a_simple_model_says()
    {
        var choices = Gen.Select(Gen.Int[0, 3], Gen.Int[-1, 2], Gen.Int[0, 12], Gen.Int[1, 3])
            .Select((stream, off, command, count) => new Choice(stream, off == 2 ? 0 : off, command, count))
            .List[1, 40];
        var sample = 0;
        // Samples share the journal, each with streams and commands of its own.
        await choices.SampleAsync(async sequence => await Compare(sequence, $"sample-{++sample}"), iter: TestSize.Of(60, 1_000), threads: 1);
        Assert.Null((await Journal.Verify(Cancellation)).BrokenAt);
    }

    private async Task Compare(List<Choice> sequence, string sample)
    {
        var start = Journal.Position;
        var position = start;
        var versions = new long[4];
        var receipts = new Dictionary<string, Receipt>();
        var written = new List<(string Stream, long Version)>();
        var asked = new List<(Task<AppendOutcome> Outcome, AppendOutcome Expected)>();
        foreach (var choice in sequence)
        {
            var stream = $"{sample}/{choice.Stream}";
            var command = choice.Command == 0 ? null : $"{sample}-{choice.Command}";
            var append = Facts.To(stream, Math.Max(0, versions[choice.Stream] + choice.VersionOff), command, choice.Count);
            // Not awaited one by one: a single caller's appends keep their order and share transactions.
            asked.Add((Journal.Append(append, Cancellation).AsTask(), Expect(append, command, choice.Stream)));
        }
        foreach (var (outcome, expected) in asked)
            Assert.Equal(expected, (await outcome).Plain());
        Assert.Equal(written, (await Journal.ReadFrom(start, int.MaxValue, Cancellation)).Select(entry => (entry.Stream, entry.Version)));

        AppendOutcome Expect(Append append, string? command, int stream)
        {
            if (command is not null && receipts.TryGetValue(command, out var receipt))
                return new AppendOutcome.Repeated(receipt);
            if (append.ExpectedVersion != versions[stream])
                return new AppendOutcome.Conflict(versions[stream]);
            foreach (var _ in append.Entries)
                written.Add((append.Stream, ++versions[stream]));
            position += append.Entries.Count;
            if (command is not null)
                receipts.Add(command, Facts.Receipt(command, append.Stream, versions[stream], position));
            return new AppendOutcome.Appended(position, versions[stream]);
        }
    }
}
