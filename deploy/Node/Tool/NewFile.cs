using Coordination.Journal;

namespace Coordination.Node.Tool;

/// <summary>A file that a command makes: readable for its owner alone, there only when it is whole, and never in place of another.</summary>
internal static class NewFile
{
    /// <summary>Stands for standard input or output.</summary>
    public const string Standard = "-";

    /// <exception cref="Refusal">It cannot be made here.</exception>
    public static async Task<T> Write<T>(string file, Func<Stream, Task<T>> write)
    {
        if (Path.Exists(file)) throw new Refusal(Exit.CannotCreate, $"{file} is there already. Choose another name.");
        var partial = file + ".partial";
        if (Path.Exists(partial)) throw new Refusal(Exit.CannotCreate, $"{partial} is there: another command is writing it, or one was killed. In that case delete it.");
        var made = false;
        try
        {
            T result;
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var output = new FileStream(partial, options))
            {
                made = true;
                result = await write(output);
                output.Flush(flushToDisk: true);
            }

            File.Move(partial, file, overwrite: false);
            return result;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException and not JournalUnavailableException)
        {
            throw new Refusal(Exit.CannotCreate, $"{file} cannot be written. ({exception.Message})");
        }
        finally
        {
            if (made) File.Delete(partial);
        }
    }
}
