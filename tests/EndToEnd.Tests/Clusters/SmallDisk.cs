namespace Coordination.EndToEnd.Tests.Clusters;

/// <summary>A disk of its own for one folder, small enough to be filled. Only where this user may mount.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly string _elsewhere;

    private SmallDisk(string folder) => (_folder, _elsewhere) = (folder, $"{folder}.elsewhere");

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>Whether it can be done here: it takes root and a machine that lets root mount.</summary>
    public static async Task<bool> Possible()
    {
        var trial = Directory.CreateTempSubdirectory("coordination-");
        try
        {
            if ((await Shell.Run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", trial.FullName], Patience)).Code != 0) return false;
            await Shell.Succeed("umount", [trial.FullName], Patience);
            return true;
        }
        finally
        {
            trial.Delete();
        }
    }

    /// <summary>Moves a folder that nobody uses now onto a disk with some room beyond what it holds.</summary>
    public static async Task<SmallDisk> Under(string folder, int megabytesOfRoom)
    {
        var disk = new SmallDisk(folder);
        var holds = long.Parse((await Shell.Succeed("du", ["-sm", folder], Patience)).Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
        await Shell.Succeed("mv", [folder, disk._elsewhere], Patience);
        Directory.CreateDirectory(folder);
        await Shell.Succeed("mount", ["-t", "tmpfs", "-o", $"size={holds + megabytesOfRoom}m,mode=700", "tmpfs", folder], Patience);
        await Shell.Succeed("sh", ["-c", "cp -a \"$1/.\" \"$2/\" && chown --reference=\"$1\" \"$2\"", "move", disk._elsewhere, folder], Patience);
        return disk;
    }

    /// <summary>Fills it to the last byte.</summary>
    public Task Fill() => Shell.Run("dd", ["if=/dev/zero", $"of={Ballast}", "bs=1M"], Patience);

    public void Free() => File.Delete(Ballast);

    /// <summary>Moves the folder back to where it was. Nobody may use it.</summary>
    public async ValueTask DisposeAsync()
    {
        Free();
        await Shell.Succeed("sh", ["-c", "rm -rf \"$1\" && cp -a \"$2\" \"$1\" && umount \"$2\" && rmdir \"$2\" && mv \"$1\" \"$2\"", "move", _elsewhere, _folder], Patience);
    }
}
