namespace Coordination.Silo.Tests.Running;

/// <summary>Waits for an event, and when it does not come says for which one.</summary>
internal static class Waiting
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task Until(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Patience, Cancellation);
        }
        catch (TimeoutException) when (!task.IsFaulted)
        {
            Assert.Fail($"Waited {Patience.TotalSeconds:N0} s in vain: {what}.");
        }
    }

    public static async Task<T> Until<T>(this Task<T> task, string what)
    {
        await Until((Task)task, what);
        return await task;
    }
}
