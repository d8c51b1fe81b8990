namespace Coordination.Tests;

/// <summary>
/// How much a test takes on. Its promise is the same at every size: <c>tests/run</c> takes few seeds, small sizes and short waits,
/// <c>tests/run soak</c> and <c>tests/run scale</c> take them full, with <c>COORDINATION_TEST_SIZE=full</c>. Such a test carries the
/// trait <c>Full</c> with the name of the run that takes it so.
/// </summary>
internal static class TestSize
{
    public static T Of<T>(T here, T full) => Environment.GetEnvironmentVariable("COORDINATION_TEST_SIZE") switch
    {
        null or "" or "short" => here,
        "full" => full,
        var other => throw new InvalidOperationException($"COORDINATION_TEST_SIZE is '{other}' and should be short or full."),
    };
}
