using System.Security.Cryptography;
using System.Text;

namespace Coordination.Journal;

/// <summary>
/// What only the platform knows: a root of random bytes, of which a key is derived for each purpose. Whoever can write to the database and does
/// not have it can change rows and make none that counts as the platform's own. All silos of a cluster share one, and it stays the same as long as the
/// journal does. It is shown nowhere. Safe for concurrent use.
/// </summary>
public sealed class Secret
{
    /// <summary>Bytes that a root has at least, and bytes of each key.</summary>
    public const int Length = 32;

    /// <summary>Name of the file that holds the root of a platform in one process, in its data folder: Base64 in one line.</summary>
    public const string FileName = "secret";

    private readonly byte[] _root;

    private Secret(byte[] root) => _root = root;

    /// <summary>A new one.</summary>
    public static Secret Random() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Whether a text is a root that can be used.</summary>
    public static bool IsOne(string text) => Decoded(text) is not null;

    /// <summary>The secret with this root, in Base64.</summary>
    /// <exception cref="FormatException">It is no Base64, or shorter than <see cref="Length"/>. The message does not repeat it.</exception>
    public static Secret Read(string text) => Decoded(text) is { } root ? new(root) : throw new FormatException($"The secret is no Base64 of at least {Length} bytes.");

    /// <summary>
    /// The secret of a data folder. It is made when it is not there: readable for the owner alone, whole or not at all, and on disk before
    /// anything is written that depends on it.
    /// </summary>
    /// <exception cref="JournalUnavailableException">Others may read it, or it cannot be read or made; the message says what to do.</exception>
    public static Secret Of(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(file) ? ReadFile(file) : Make(file);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not JournalUnavailableException)
        {
            throw new JournalUnavailableException($"The platform's secret, {file}, cannot be read or made. ({e.Message})", e);
        }
    }

    /// <summary>A key of <see cref="Length"/> bytes for one purpose and no other (HKDF-SHA256). The same purpose has the same key for ever.</summary>
    public byte[] KeyFor(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, _root, Length, info: Encoding.UTF8.GetBytes($"coordination {purpose}"));
    }

    /// <summary>Nothing of it, wherever it may be written.</summary>
    public override string ToString() => "(secret)";

    private static Secret ReadFile(string file)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & others) != 0)
        {
            throw new JournalUnavailableException(
                $"{file} is the platform's secret, and others than its owner may read or change it. First: chmod 600 {file} If somebody has read it who should not, make a new one as docs/operations.md says.");
        }
        return Decoded(File.ReadAllText(file)) is { } root ? new(root) : throw new JournalUnavailableException(
            $"{file} is the platform's secret and should be Base64 of at least {Length} bytes. Put back the one that was there; docs/operations.md says what to do when it is lost.");
    }

    private static Secret Make(string file)
    {
        var root = RandomNumberGenerator.GetBytes(Length);
        var partial = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(partial, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(root) + "\n"));
                stream.Flush(flushToDisk: true);
            }
            // Its name is on disk too as soon as the database has made its files beside it, since SQLite syncs the folder then.
            File.Move(partial, file, overwrite: false);
            return new(root);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was faster.
            return ReadFile(file);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static byte[]? Decoded(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length >= Length ? bytes[..length] : null;
    }
}
