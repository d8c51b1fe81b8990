namespace Coordination.Journal.Tests.Postgres;

/// <summary>A file system of its own that can be filled. Only root may mount one; the test is skipped elsewhere.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("disk-").FullName;

    private string Filler => Path.Combine(_folder, "filler");

    public string Data => Path.Combine(_folder, "data");

    public static async Task<SmallDisk> Mount()
    {
        var disk = new SmallDisk();
        try
        {
            await PostgresServer.Run("mount", ["-t", "tmpfs", "-o", "size=160m,mode=0777", "tmpfs", disk._folder]);
            return disk;
        }
        catch (InvalidOperationException e)
        {
            Directory.Delete(disk._folder);
            Assert.Skip($"A disk that can be filled cannot be mounted here. {e.Message}");
            throw;
        }
    }

    public void Fill()
    {
        using var file = File.Create(Filler);
        var piece = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(piece);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await PostgresServer.Run("umount", [_folder]);
        Directory.Delete(_folder);
    }
}
