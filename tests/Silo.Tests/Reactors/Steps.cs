namespace Coordination.Silo.Tests.Reactors;

/// <summary>
/// Lets several programs run one step at a time, in an order that follows from a seed. A program stops before and after each call that it makes
/// to something that outlives it, and goes on when it is its turn; at each of these points it may be killed. Everything happens on the
/// thread that calls <see cref="Next"/>, so that a seed gives the same run each time.
/// </summary>
internal sealed class Steps(Random random)
{
    private readonly List<(Life Life, string Point, TaskCompletionSource Turn)> _waiting = [];

    /// <summary>Every point at which a program stopped.</summary>
    public HashSet<string> Points { get; } = [];

    /// <summary>Every point at which one was killed.</summary>
    public HashSet<string> Kills { get; } = [];

    /// <summary>How many steps were made, and of what kind: two runs that went the same way have the same.</summary>
    public HashCode Trace { get; private set; }

    /// <summary>Waits for the turn of a program.</summary>
    /// <exception cref="KilledException">It was killed here, or before.</exception>
    public Task Wait(Life life, string point)
    {
        if (life.IsOver) throw new KilledException();
        Points.Add(point);
        // Not asynchronous: who gives the turn runs what follows, up to the next point.
        var turn = new TaskCompletionSource();
        _waiting.Add((life, point, turn));
        return turn.Task;
    }

    /// <summary>Gives the turn to one of the programs, chosen by chance.</summary>
    /// <param name="kill">Asked with the point: true kills the program there.</param>
    /// <returns>Whose life ended; null when nobody's did.</returns>
    public Life? Next(Func<string, bool> kill)
    {
        if (_waiting.Count == 0) throw new InvalidOperationException("Nobody waits for a turn: something ran away from the scheduler.");
        var index = random.Next(_waiting.Count);
        var (life, point, turn) = _waiting[index];
        var trace = Trace;
        trace.Add(point);
        trace.Add(index);
        Trace = trace;
        if (!kill(point))
        {
            _waiting.RemoveAt(index);
            turn.SetResult();
            return null;
        }

        Kills.Add(point);
        life.IsOver = true;
        var turns = _waiting.Where(one => one.Life == life).Select(one => one.Turn).ToList();
        _waiting.RemoveAll(one => one.Life == life);
        foreach (var one in turns) one.SetException(new KilledException());
        return life;
    }
}

/// <summary>A program from its start to its end.</summary>
internal sealed class Life(int number)
{
    /// <summary>Which of the programs it is.</summary>
    public int Number => number;

    public bool IsOver { get; set; }
}

internal sealed class KilledException : Exception;
