using Coordination.EndToEnd.Tests.Durability;

namespace Coordination.EndToEnd.Tests.Operations;

/// <summary>One process with real work in it, backed up while it writes, restored elsewhere and started there.</summary>
public sealed class Restoring(LoadedData loaded)
{
    [Fact]
    public async Task A_backup_made_while_writes_go_on_starts_elsewhere_as_the_same_platform()
    {
        using var original = loaded.Copy();
        using var elsewhere = new DataFolder();
        var file = Path.Combine(elsewhere.Path, "of a tuesday.backup");
        var restored = Path.Combine(elsewhere.Path, "a new home");
        Receipt before;
        long after;
        await using (var node = await NodeProcess.Start(original.Path, cancellation: Waiting.Cancellation))
        {
            using var writer = await Caller.SignIn(node.Address, Burst.Writers[0].Account, Waiting.Cancellation);
            var writes = Burst.Of(1, 3_000).Where(sent => sent.Account == Burst.Writers[0].Account).ToList();
            before = await writer.Write(writes[0].Path, writes[0].Body, Waiting.Cancellation, writes[0].Key);
            var backup = Tool.Succeed(null, "backup", file, "--data", original.Path);
            var last = before;
            foreach (var sent in writes.Skip(1).TakeWhile(_ => !backup.IsCompleted)) last = await writer.Write(sent.Path, sent.Body, Waiting.Cancellation, sent.Key);
            await backup;
            after = last.Position;
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal([file], Directory.EnumerateFiles(elsewhere.Path));
            var (again, _, refusal) = await Tool.Run(null, "backup", file, "--data", original.Path);
            Assert.Equal((73, true), (again, refusal.Contains("is there already", StringComparison.Ordinal)));
            var (running, _, reason) = await Tool.Run(null, "restore", file, "--data", original.Path);
            Assert.Equal((69, true), (running, reason.Contains("in use by another process", StringComparison.Ordinal)));
        }

        await RefusedWhenDamaged(file, restored);
        Assert.Contains("The chain is whole", await Tool.Succeed(null, "restore", file, "--data", restored), StringComparison.Ordinal);
        var (full, _, why) = await Tool.Run(null, "restore", file, "--data", restored);
        Assert.Equal((73, true), (full, why.Contains("Nothing was restored", StringComparison.Ordinal)));
        Assert.Contains("the chain is whole", await Tool.Succeed(null, "journal", "verify", "--data", restored), StringComparison.Ordinal);
        var fresh = JsonDocument.Parse(await Tool.Succeed(null, "views", "digest", "--data", restored)).RootElement;
        var position = fresh.GetProperty("position").GetInt64();
        Assert.InRange(position, before.Position, after);
        Waiting.Say($"Written up to {before.Position} before the backup and {after} when it ended; it holds {position}.");

        await using (var node = await NodeProcess.Start(restored, cancellation: Waiting.Cancellation))
        {
            using var writer = await Caller.SignIn(node.Address, Burst.Writers[0].Account, Waiting.Cancellation);
            var first = Burst.Of(1, 1)[0];
            // Said again it is known.
            Assert.Equal(before, await writer.Write(first.Path, first.Body, Waiting.Cancellation, first.Key));
            using var reader = await Caller.SignIn(node.Address, Burst.Writers[1].Account, Waiting.Cancellation);
            await Waiting.Until("the inbox holds the update", TimeSpan.FromSeconds(20), async () =>
                (await reader.All("inbox", Waiting.Cancellation)).Any(item => item.GetProperty("position").GetInt64() == before.Position) ? null : "the update");
            Assert.True((await reader.Get("journal/verify", Waiting.Cancellation)).GetProperty("ok").GetBoolean());
            await node.Signal("TERM", Waiting.Cancellation);
            await node.Ended(TimeSpan.FromSeconds(30), Waiting.Cancellation);
        }

        // What was stored there is what a fresh fold gave, and dropping it changes nothing.
        Assert.Equal(fresh.GetRawText(), (await Tool.Succeed(null, "views", "digest", "--stored", "--data", restored)).Trim());
        await Tool.Succeed(null, "views", "rebuild", "--data", restored);
        Assert.Equal(fresh.GetRawText(), (await Tool.Succeed(null, "views", "digest", "--stored", "--data", restored)).Trim());
    }

    private static async Task RefusedWhenDamaged(string file, string restored)
    {
        var bytes = await File.ReadAllBytesAsync(file, Waiting.Cancellation);
        foreach (var damaged in (byte[][])[bytes[..(bytes.Length / 2)], [.. bytes[..^2000], (byte)(bytes[^2000] ^ 1), .. bytes[^1999..]], "something else"u8.ToArray()])
        {
            await File.WriteAllBytesAsync(file + ".damaged", damaged, Waiting.Cancellation);
            var (code, _, errors) = await Tool.Run(null, "restore", file + ".damaged", "--data", restored);
            Assert.True(code == 65, $"{code}: {errors}");
            Assert.Contains("nothing was restored", errors, StringComparison.Ordinal);
            Assert.Contains("use another backup", errors, StringComparison.Ordinal);
        }
    }
}
