namespace Coordination.Node;

/// <summary>Exit codes, in the words of sysexits.h.</summary>
public static class Exit
{
    public const int Done = 0;

    /// <summary>The command was carried out and its answer is no: a chain that breaks.</summary>
    public const int No = 1;

    /// <summary>A signal ended the command before it was done; what it says it did is done.</summary>
    public const int Stopped = 130;

    /// <summary>The command line or a setting makes no sense.</summary>
    public const int Usage = 64;

    /// <summary>The input is not what it should be.</summary>
    public const int Data = 65;

    /// <summary>Something that is needed does not answer, or an address is taken.</summary>
    public const int Unavailable = 69;

    /// <summary>What was to be made cannot be made here.</summary>
    public const int CannotCreate = 73;
}

/// <summary>The process cannot do what it is asked to. The message is for the operator and holds no secret.</summary>
#pragma warning disable CA1710 // It reads as what it is where it is thrown.
public sealed class Refusal(int code, string message) : Exception(message)
{
    public int Code => code;
}
#pragma warning restore CA1710
