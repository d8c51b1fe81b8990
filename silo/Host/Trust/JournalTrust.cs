namespace Coordination.Host.Trust;

/// <summary>What this silo knows of whether the journal is whole: for health, measures and whoever asks.</summary>
public sealed class JournalTrust(ITrust trust, Heads heads, TimeProvider time)
{
    private static readonly TimeSpan Doubting = TimeSpan.FromMinutes(1);

    private Break? _known;
    private long _doubted;
    private long _checked;

    /// <summary>What was found, as far as was heard here; null when nothing was.</summary>
    public Break? Known => Volatile.Read(ref _known);

    /// <summary>Position up to which the journal was verified, as far as was heard here.</summary>
    public long Checked => Volatile.Read(ref _checked);

    /// <summary>Asks the store, where every silo looks.</summary>
    public async Task<Break?> Ask(CancellationToken cancellation)
    {
        var found = await trust.Broken(cancellation);
        // Another silo has found it, or an operator has put it right: this one learns what is not to be believed.
        // For as long as something does not fit, more may be changed.
        if (found is null != Known is null || (found is not null && time.GetElapsedTime(Volatile.Read(ref _doubted)) >= Doubting))
        {
            await heads.Doubt(cancellation);
            Volatile.Write(ref _doubted, time.GetTimestamp());
        }

        var mark = await trust.Read(StartCheck.Mark, cancellation);
        Volatile.Write(ref _known, found);
        Volatile.Write(ref _checked, mark?.Position ?? 0);
        return found;
    }
}
