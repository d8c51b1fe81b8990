namespace Coordination.Journal;

/// <summary>Topics as one text, as they are stored. They hold no blank, so a blank divides them.</summary>
internal static class Topics
{
    public static string Join(string[] topics) => topics.Length == 1 ? topics[0] : string.Join(' ', topics);

    public static string[] Split(string topics) => topics.Length == 0 ? [] : topics.Split(' ');
}
