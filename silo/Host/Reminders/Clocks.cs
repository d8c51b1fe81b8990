using Orleans.Timers;

namespace Coordination.Host.Reminders;

/// <summary>
/// Sets what wakes grains: an Orleans reminder for each wake that a state waits for. What is promised is that a reminder stands which rings
/// at the latest when the state wants it. So one that is postponed is left alone until it rings early and is then set again, and none is
/// stopped before it has rung in vain: a command pays for a clock only where something has to happen sooner than before.
/// </summary>
public sealed partial class Clocks(IReminderRegistry reminders, TimeProvider time, ILogger<Clocks> logger)
{
    /// <summary>A reminder is asked for at most this far ahead and asks for the next one when it rings. Orleans admits 49 days.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(30);

    /// <summary>A clock that was due while the platform was off rings within this time of its start.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    /// <summary>Sets what the state after a change waits for and the state before it did not, or not so soon. To be called before the change is written.</summary>
    /// <exception cref="JournalUnavailableException">A clock could not be set, wherever clocks stand.</exception>
    public async Task Set(GrainId grain, object? before, object? after)
    {
        foreach (var wake in Clock.Wakes(after))
            if (before.Wake(wake.Name) is not { } set || set.At > wake.At) await Set(grain, wake);
    }

    /// <summary>
    /// The clock that has just rung; null when there is none any more, or none is to be had because clocks fail: what waits for one is not to wait
    /// for them, and a clock that is not stopped rings again. To be asked before <see cref="Settle"/>.
    /// </summary>
    public async Task<IGrainReminder?> Find(GrainId grain, string name)
    {
        try
        {
            return await reminders.GetReminder(grain, name);
        }
        catch (Exception exception)
        {
            LogNotFound(logger, name, grain, exception);
            return null;
        }
    }

    /// <summary>After a clock has rung: stops one that the state waits for no more, and sets one again that rang early or for the last time but one.</summary>
    /// <param name="grain">Whose clock it is.</param>
    /// <param name="rung">As it stood before the state was asked. If another activation has set it since, it is not stopped.</param>
    /// <param name="name">Of the clock.</param>
    /// <param name="state">The state by now.</param>
    public async Task Settle(GrainId grain, IGrainReminder? rung, string name, object? state)
    {
        if (state.Wake(name) is not { } wake)
        {
            if (rung is not null) await reminders.UnregisterReminder(grain, rung);
        }
        else if (wake.At > time.GetUtcNow())
        {
            await Set(grain, wake);
        }
    }

    private async Task Set(GrainId grain, Wake wake)
    {
        var left = wake.At - time.GetUtcNow();
        try
        {
            await reminders.RegisterOrUpdateReminder(grain, wake.Name, left < TimeSpan.Zero ? TimeSpan.Zero : left < Furthest ? left : Furthest, Again);
        }
        catch (Exception exception) when (exception is not JournalUnavailableException)
        {
            // A table of Orleans' fails in words of its own; whoever asked is told to try again all the same.
            throw new JournalUnavailableException($"The clock '{wake.Name}' of {grain} could not be set.", exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock '{Name}' of {Grain} could not be read; what it rang for goes on")]
    private static partial void LogNotFound(ILogger logger, string name, GrainId grain, Exception exception);
}
