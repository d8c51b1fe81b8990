using System.Reflection;
using Coordination.Host.Views;
using Microsoft.Extensions.Time.Testing;

namespace Coordination.Silo.Tests.Views;

/// <summary>The walk over the journal that anybody may ask for: what it costs, and whom it waits for.</summary>
public sealed class Walking
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_short_journal_is_walked_each_time_anew()
    {
        var journal = new Walked { Entries = JournalWalk.Short };
        var walk = journal.Walk(_time);

        await walk.Verify(Waiting.Cancellation);
        await walk.Verify(Waiting.Cancellation);

        Assert.Equal(2, journal.Walks);
    }

    [Fact]
    public async Task A_long_one_is_walked_again_after_a_while_or_when_much_was_written()
    {
        var journal = new Walked { Entries = JournalWalk.Short + 1 };
        var walk = journal.Walk(_time);

        var first = await walk.Verify(Waiting.Cancellation);
        _time.Advance(TimeSpan.FromMinutes(9));
        journal.Entries += JournalWalk.Short;
        Assert.Equal(first, await walk.Verify(Waiting.Cancellation));
        Assert.Equal(1, journal.Walks);

        journal.Entries++;
        Assert.Equal(_time.GetUtcNow(), (await walk.Verify(Waiting.Cancellation)).At);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(_time.GetUtcNow(), (await walk.Verify(Waiting.Cancellation)).At);
        Assert.Equal(3, journal.Walks);
    }

    [Fact]
    public async Task What_breaks_is_never_told_from_memory()
    {
        var journal = new Walked { Entries = JournalWalk.Short + 1, BrokenAt = 7 };
        var walk = journal.Walk(_time);

        await walk.Verify(Waiting.Cancellation);
        await walk.Verify(Waiting.Cancellation);

        Assert.Equal((2, 2), (journal.Walks, journal.Stops));
    }

    [Fact]
    public async Task It_ends_when_nobody_waits_any_more_and_not_before()
    {
        var journal = new Walked { Entries = 1, Held = new(TaskCreationOptions.RunContinuationsAsynchronously) };
        var walk = journal.Walk(_time);
        using var one = new CancellationTokenSource();
        using var another = new CancellationTokenSource();
        var first = walk.Verify(one.Token);
        var second = walk.Verify(another.Token);
        await journal.Begun.Task.Until("the walk has begun");

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(journal.Token.IsCancellationRequested);
        await another.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.True(journal.Token.IsCancellationRequested);

        // Who comes now gets a walk of their own.
        journal.Held = null;
        Assert.Equal(1, (await walk.Verify(Waiting.Cancellation)).Verification.Entries);
        Assert.Equal(2, journal.Walks);
    }

    /// <summary>A journal of so many entries, which counts how often it is walked.</summary>
    private sealed class Walked
    {
        public long Entries { get; set; }
        public long? BrokenAt { get; init; }
        public TaskCompletionSource? Held { get; set; }
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public CancellationToken Token { get; private set; }
        public int Walks { get; private set; }
        public int Stops { get; private set; }

        public JournalWalk Walk(TimeProvider time) => new(Answers.Of<IJournal>((_, _) => Task.FromResult(new Head(Entries, HashChain.Origin))), Answers.Of<ITrust>((name, arguments) => name switch
        {
            nameof(ITrust.Verify) => Verify((CancellationToken)arguments[2]!),
            nameof(ITrust.Stop) => Task.FromResult(++Stops),
            _ => throw new NotSupportedException(name),
        }), time);

        private async Task<Verification> Verify(CancellationToken cancellation)
        {
            Walks++;
            Token = cancellation;
            Begun.TrySetResult();
            if (Held is { } held) await held.Task.WaitAsync(cancellation);
            return new(Entries, BrokenAt, "");
        }
    }

#pragma warning disable CA1852 // a proxy is made of it
    private class Answers : DispatchProxy
#pragma warning restore CA1852
    {
        private Func<string, object?[], object?> _answer = null!;

        public static T Of<T>(Func<string, object?[], object?> answer)
            where T : class
        {
            var made = Create<T, Answers>();
            ((Answers)(object)made)._answer = answer;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!.Name, args ?? []);
    }
}
