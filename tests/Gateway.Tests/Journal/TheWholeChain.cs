using System.Diagnostics;
using System.Security.Cryptography;
using Coordination.Gateway.Tests.Privacy;
using Coordination.Journal;

namespace Coordination.Gateway.Tests.Journal;

/// <summary>Everybody verifies the whole chain from what they may see, and learns nothing of the rest.</summary>
public sealed class TheWholeChain(HiddenRequests hidden) : IClassFixture<HiddenRequests>
{
    private Node Node => hidden.Node;

    [Trait("On", "both")]
    [Theory]
    [InlineData("sweden")]
    [InlineData("administrator")]
    [InlineData("finland")]
    [InlineData("argentina")]
    [InlineData("finland-national-rapporteur")]
    public async Task Is_verified_by_each_viewer_from_what_it_may_see(string viewer)
    {
        var person = await Node.As(viewer);
        var upTo = await Node.Settled();
        var (entries, head) = await Read(person, upTo);

        Assert.Equal(Enumerable.Range(1, entries.Count).Select(number => (long)number), entries.Select(entry => entry.GetProperty("position").GetInt64()));
        Assert.True(entries.Count >= upTo, $"The pages end at {entries.Count}, and the journal at {upTo}.");
        Assert.Contains($"whole: {entries.Count} entries, head {head.GetProperty("hash").GetString()}", await Verified(entries, head), StringComparison.Ordinal);
        // Exactly what is given in full elsewhere is given in full here.
        foreach (var which in (string[])["parties", "named", "call", "measured"])
        {
            var sees = (await person.Get($"/requests/{hidden[which].Id}")).Status is HttpStatusCode.OK;
            var entry = entries[(int)hidden[which].Position - 1];
            Assert.Equal(sees, entry.TryGetProperty("versionDigest", out _));
            if (sees) Assert.Contains(hidden[which].Word, Text(entry), StringComparison.Ordinal);
            else Assert.Equal(["contentDigest", "hash", "position"], entry.EnumerateObject().Select(member => member.Name).Order());
        }
    }

    [Theory]
    [InlineData("sweden")]
    [InlineData("administrator")]
    [InlineData("ruritania")]
    [InlineData("sweden-national-rapporteur")]
    public async Task Tells_an_outsider_no_word_name_or_id_of_what_is_hidden(string outsider)
    {
        var (entries, _) = await Read(await Node.As(outsider), await Node.Settled());
        var told = string.Join('\n', entries.Select(entry => entry.GetRawText() + Text(entry)));
        foreach (var trace in hidden.All.SelectMany(request => request.Traces))
            Assert.False(told.Contains(trace, StringComparison.Ordinal), $"{outsider} learns of {trace}.");
        Assert.Contains(entries, entry => !entry.TryGetProperty("versionDigest", out _));
    }

    /// <summary>Who guesses a short entry right, in every field, still cannot tell that from its digest.</summary>
    [Fact]
    public async Task Does_not_let_a_short_hidden_entry_be_guessed_from_its_digest()
    {
        var argentina = await Node.As("argentina");
        var request = hidden["parties"];
        var accepted = await argentina.Post($"/requests/{request.Id}/accept", new { });
        await Node.Settled();
        var whole = Assert.Single((await argentina.Get($"/journal/entries?after={accepted.Position - 1}&limit=1")).Items);
        var bare = Assert.Single((await (await Node.As("sweden")).Get($"/journal/entries?after={accepted.Position - 1}&limit=1")).Items);
        var digest = bare.GetProperty("contentDigest").GetString();
        Assert.Equal(whole.GetProperty("contentDigest").GetString(), digest);

        // Whoever may see the entry proves it, and is told neither salt nor version. Whoever may not would prove the guess with the salt: that is what
        // it is kept back for.
        var entry = Guess(whole);
        Assert.Equal(digest, Convert.ToHexStringLower(HashChain.ContentDigest(entry, Convert.FromHexString(whole.GetProperty("versionDigest").GetString()!))));
        Assert.DoesNotContain(whole.EnumerateObject(), member => member.Name is "salt" or "version");
        for (var number = 0; number < 10_000; number++)
            Assert.NotEqual(digest, Convert.ToHexStringLower(HashChain.ContentDigest(entry with { Version = 1 + number % 3, Salt = number == 0 ? new byte[HashChain.SaltLength] : RandomNumberGenerator.GetBytes(HashChain.SaltLength) })));
    }

    [Fact]
    public async Task Is_for_everybody_who_is_signed_in_and_for_nobody_else()
    {
        using var nobody = new Person(Node.Address);
        (await nobody.Get("/journal/entries")).Refused(401, "session.required");
        var person = await Node.As("togo");
        var beyond = (await person.Get($"/journal/entries?after={Node.Position + 1_000}")).Done();
        Assert.Empty(beyond.Items);
        Assert.False(beyond.Json.TryGetProperty("next", out var next) && next.ValueKind is not JsonValueKind.Null, $"{beyond}");
        Assert.Equal(400, (int)(await person.Get("/journal/entries?after=-1")).Status);
        Assert.Equal(400, (int)(await person.Get("/journal/entries?limit=501")).Status);
    }

    private static Entry Guess(JsonElement whole)
    {
        byte[]? Bytes(string name) => whole.TryGetProperty(name, out var value) ? Convert.FromHexString(value.GetString()!) : null;
        string? Text(string name) => whole.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new(
            whole.GetProperty("position").GetInt64(), [], Text("stream")!, 0, Text("fact")!, whole.GetProperty("form").GetInt32(),
            DateTimeOffset.UnixEpoch.AddMicroseconds(whole.GetProperty("at").GetInt64()), Text("actor")!, Text("body"),
            [.. whole.GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()!)], whole.GetProperty("audience").GetBytesFromBase64(),
            whole.GetProperty("data").GetBytesFromBase64(), Bytes("textsDigest"), Bytes("command"),
            whole.TryGetProperty("cause", out var cause) ? cause.GetInt64() : null, Text("via")!, Text("batch"), Bytes("hash")!);
    }

    /// <summary>Every entry, page by page, and the head that the last page tells.</summary>
    private static async Task<(List<JsonElement> Entries, JsonElement Head)> Read(Person person, long seen)
    {
        var entries = new List<JsonElement>();
        for (var after = "0"; ;)
        {
            var page = (await person.Get($"/journal/entries?after={after}&seen={seen}")).Done().Json;
            entries.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.TryGetProperty("next", out var next) || next.ValueKind is JsonValueKind.Null) return (entries, page.GetProperty("head"));
            after = next.GetString()!;
        }
    }

    /// <summary>What the entry says, beside its digests.</summary>
    private static string Text(JsonElement entry) => string.Join('\n', ((string[])["audience", "data", "texts"])
        .Select(name => entry.TryGetProperty(name, out var value) ? Encoding.UTF8.GetString(value.GetBytesFromBase64()) : ""));

    /// <summary>What the verifier in Python says of them.</summary>
    private static async Task<string> Verified(List<JsonElement> entries, JsonElement head)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "entries.jsonl");
        await File.WriteAllLinesAsync(
            file, [.. entries.Select(entry => entry.GetRawText()), $$"""{"head":{{head.GetRawText()}}}"""], TestContext.Current.CancellationToken);
        using var python = Process.Start(new ProcessStartInfo("python3", [Repository.File("tests/verify_journal.py"), file]) { RedirectStandardOutput = true })!;
        var said = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said;
    }
}
