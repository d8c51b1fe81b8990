using Coordination.Host.Trust;
using Coordination.Journal.Archives;
using Coordination.Journal.Postgres;
using Coordination.Journal.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Coordination.Silo.Tests.Trust;

/// <summary>A backup in a new store, with the data folder of before, whose file of heads tells of what came after the backup.</summary>
[Trait("On", "both")]
public sealed class Restored
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_starts_and_is_written_to_with_the_heads_of_before_in_the_data_folder(bool complete)
    {
        var first = await RunningSilo.Start();
        var body = await first.Admit();
        await Busy(first, body, 20);
        await first.Settle();
        var folder = await first.Stop();
        var backup = complete ? null : await BackUp(folder);
        var again = await RunningSilo.Start(folder);
        await Busy(again, body, 3);
        folder = await again.Stop();
        backup ??= await BackUp(folder);

        // Twice: what came after the first restore is left again by the second.
        for (var time = 0; time < 2; time++)
        {
            folder = await Restore(folder, backup);
            var silo = await RunningSilo.Start(folder);
            Assert.Null(await silo.Store.Trust.Broken(Waiting.Cancellation));
            await Busy(silo, body, 30);
            folder = await silo.Stop();
        }

        await using var last = await RunningSilo.Start(folder);
        Assert.Null(await last.Store.Trust.Broken(Waiting.Cancellation));
        await Busy(last, body, 1);
        Assert.NotEmpty(await HeadLine.ReadFile(Path.Combine(folder.Path, Heads.FileName), Waiting.Cancellation));
    }

    [Fact]
    public async Task What_is_cut_off_and_put_back_after_a_restore_is_found_as_before()
    {
        var first = await RunningSilo.Start();
        var body = await first.Admit();
        await Busy(first, body, 5);
        var folder = await first.Stop();
        folder = await Restore(folder, await BackUp(folder));
        var second = await RunningSilo.Start(folder);
        await Busy(second, body, 5);
        folder = await second.Stop();
        folder.Tamper(
            """
            DELETE FROM texts WHERE position > 3; DELETE FROM entries WHERE position > 3; DELETE FROM commands WHERE position > 3; DELETE FROM snapshots;
            UPDATE head SET position = 3, hash = (SELECT hash FROM entries WHERE position = 3); DELETE FROM trust WHERE name <> 'secret'; DELETE FROM heads; UPDATE marks SET position = 0
            """);

        await using var third = await RunningSilo.Start(folder);

        Assert.Equal(4, (await third.Store.Trust.Broken(Waiting.Cancellation))?.Position);
    }

    private static async Task Busy(RunningSilo silo, string body, int times)
    {
        // Records are written more often than there are any.
        for (var time = 0; time < times; time++)
        {
            await silo.Draft(body);
            await silo.Store.Records.Write("busy", "one", [1], null, Waiting.Cancellation);
        }
    }

    private static async Task<byte[]> BackUp(DataFolder folder)
    {
        using var file = new MemoryStream();
        await ArchiveFile.Write((await Archive(folder)).Read(Waiting.Cancellation), file, null, Waiting.Cancellation);
        return file.ToArray();
    }

    /// <summary>As the operator's command does, with what stands in the data folder beside the store.</summary>
    private static async Task<DataFolder> Restore(DataFolder before, byte[] backup)
    {
        var folder = new DataFolder();
        foreach (var name in (string[])[Secret.FileName, Heads.FileName])
            if (File.Exists(Path.Combine(before.Path, name))) File.Copy(Path.Combine(before.Path, name), Path.Combine(folder.Path, name));
        before.Dispose();
        using var file = new MemoryStream(backup);
        await (await Archive(folder)).Fill(ArchiveFile.Read(file, null, Waiting.Cancellation), Waiting.Cancellation);
        await using var store = await RunningSilo.OpenStore(folder);
        await Host.Relay.Relay.Begin(store.Views, (await store.Journal.ReadHead(Waiting.Cancellation)).Position, Waiting.Cancellation);
        await new Heads(store, new(store.Secret), Options.Create(new SiloOptions { Data = folder.Path }), TimeProvider.System, NullLogger<Heads>.Instance).BeginAnew(await store.Journal.ReadHead(Waiting.Cancellation), Waiting.Cancellation);
        return folder;
    }

    private static async Task<IArchive> Archive(DataFolder folder) => ClusterServers.Wanted
        ? new PostgresArchive(new() { ConnectionString = (await ClusterServers.For(folder.Path)).Postgres, Secret = Secret.Read(Home.Secret), Name = "tool" })
        : new SqliteArchive(folder.Path);
}
