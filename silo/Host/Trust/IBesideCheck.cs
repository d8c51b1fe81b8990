namespace Coordination.Host.Trust;

/// <summary>Something beside the chain that the walk behind looks at after it, such as the stored views.</summary>
public interface IBesideCheck
{
    /// <summary>What does not fit, or null. It is asked seldom and may take its time; it repairs nothing.</summary>
    Task<Break?> Check(CancellationToken cancellation);
}
