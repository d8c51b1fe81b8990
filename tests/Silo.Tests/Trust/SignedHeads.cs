using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Coordination.Host.Trust;
using Coordination.Journal.Archives;
using Coordination.Journal.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Registry;

namespace Coordination.Silo.Tests.Trust;

/// <summary>Heads that the platform signs: what is signed, who can verify it, and where it goes.</summary>
public sealed class SignedHeads
{
    /// <summary>The example of docs/journal.md.</summary>
    private static readonly Secret Known = Secret.Read("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

    private static readonly Head Head = new(2, Convert.FromHexString("e767bdbfcf33e51385d6d643b5cde96bc5b80efd4ff1138dd084e524bc0fd9d0"));
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(123_456);

    [Fact]
    public void The_example_of_the_page_is_what_is_signed()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "journal.md"));
        var line = Encoding.UTF8.GetString(HeadLine.Of(new HeadSigner(Known).Sign(Head, 41, At)).ToJson());

        Assert.Contains(line.Replace(",", ", ", StringComparison.Ordinal).Replace("\":", "\": ", StringComparison.Ordinal), string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_was_changed_or_is_another_platform_s_is_not_its_own()
    {
        var signer = new HeadSigner(Known);
        var head = signer.Sign(Head, 41, At);

        Assert.True(signer.IsOwn(head) && HeadSigner.Fits(head));
        Assert.Equal(41, signer.WritesOf(head));
        Assert.All(
            (SignedHead[])[head with { Position = 3 }, head with { Hash = new byte[32] }, head with { Hash = [] }, head with { At = At.AddMicroseconds(1) }, head with { Beside = new byte[8] }, head with { Signature = new byte[64] },
                head with { Signature = [] }, head with { Key = [] }, head with { Key = new HeadSigner(Secret.Random()).PublicKey }],
            changed => Assert.False(HeadSigner.Fits(changed)));
        var other = new HeadSigner(Secret.Random()).Sign(Head, 41, At);
        Assert.True(HeadSigner.Fits(other) && !signer.IsOwn(other));
    }

    [Fact]
    public async Task A_verifier_in_another_language_finds_a_tail_that_was_cut_off_and_a_signature_that_does_not_fit()
    {
        Assert.SkipWhen(ClusterServers.Wanted, "It reads a folder.");
        await using var silo = await RunningSilo.Start();
        await silo.Admit();
        var folder = await silo.Stop();
        var heads = Path.Combine(folder.Path, Heads.FileName);
        var key = Convert.ToHexStringLower((await HeadLine.ReadFile(heads, Waiting.Cancellation))[0].Key);
        Assert.Equal(0, (await Verified(folder, heads, key)).Code);

        var changed = Path.Combine(folder.Path, "changed");
        var text = await File.ReadAllTextAsync(heads, Waiting.Cancellation);
        await File.WriteAllTextAsync(changed, text.Replace("\"position\":", "\"position\":1", StringComparison.Ordinal), Waiting.Cancellation);
        Assert.Equal((1, true), ((await Verified(folder, changed, key)).Code, (await Verified(folder, changed, key)).Said.Contains("its signature does not fit", StringComparison.Ordinal)));
        Assert.Contains("signed with another key", (await Verified(folder, heads, new string('0', 64))).Said, StringComparison.Ordinal);

        folder.Tamper(
            """
            DELETE FROM texts WHERE position > 2; DELETE FROM entries WHERE position > 2; DELETE FROM commands WHERE position > 2;
            UPDATE head SET position = 2, hash = (SELECT hash FROM entries WHERE position = 2)
            """);
        Assert.Contains("breaks at position 3: the journal ends before position", (await Verified(folder, heads, key)).Said, StringComparison.Ordinal);
    }

    [Trait("On", "both")]
    [Fact]
    public async Task Are_sent_outside_each_once_and_again_until_they_are_taken()
    {
        using var outside = new Outside();
        await using var silo = await RunningSilo.Start(configure: options => options.HeadsTo = outside.Address);
        await silo.Admit();
        var heads = silo.Services.GetRequiredService<Heads>();
        // Twice at one position: records may have been written between.
        await heads.Sign(Waiting.Cancellation);
        await heads.Sign(Waiting.Cancellation);
        var last = (await silo.Store.Trust.Heads(null, 1, Waiting.Cancellation))[0];

        while (outside.Lines.Count < 2 || HeadLine.Read(outside.Lines[^1], 1).At != last.At) await outside.Received(1).Until("the last head is sent");

        // The first attempt is refused: what was sent then is sent again, unless a later head of its position has taken its place.
        var sent = outside.Lines.Skip(1).Select(line => HeadLine.Read(line, 1)).ToList();
        Assert.Equal(HeadLine.Of(last), HeadLine.Of(sent[^1]));
        Assert.Equal(sent.Select(head => (head.Position, head.At)).Distinct().Order(), sent.Select(head => (head.Position, head.At)));
        while (await silo.Store.Trust.Read("heads sent", Waiting.Cancellation) is not { } mark || mark.At != last.At) await Task.Delay(20, Waiting.Cancellation);
    }

    [Fact]
    public async Task One_that_is_never_answered_is_sent_again()
    {
        using var outside = new Outside(hangs: true);
        await using var silo = await RunningSilo.Start(
            configure: options => options.HeadsTo = outside.Address,
            add: services => services.AddSingleton<ResiliencePipelineProvider<string>>(provider => new Impatient(provider.GetRequiredService<ResiliencePipelineRegistry<string>>())));
        await silo.Admit();
        await silo.Services.GetRequiredService<Heads>().Sign(Waiting.Cancellation);

        await outside.Received(2).Until("the head is sent again");

        Assert.Equal(outside.Lines[0], outside.Lines[1]);
    }

    /// <summary>The pipelines of the platform; but heads are given half a second each.</summary>
    private sealed class Impatient(ResiliencePipelineRegistry<string> all) : ResiliencePipelineProvider<string>
    {
        private readonly ResiliencePipeline _heads = new ResiliencePipelineBuilder()
            .AddRetry(new() { MaxRetryAttempts = int.MaxValue, Delay = TimeSpan.FromMilliseconds(10) })
            .AddTimeout(TimeSpan.FromMilliseconds(500)).Build();

        public override bool TryGetPipeline(string key, [NotNullWhen(true)] out ResiliencePipeline? pipeline)
        {
            if (key != Pipelines.Heads) return all.TryGetPipeline(key, out pipeline);
            pipeline = _heads;
            return true;
        }

        public override bool TryGetPipeline<TResult>(string key, [NotNullWhen(true)] out ResiliencePipeline<TResult>? pipeline) => all.TryGetPipeline(key, out pipeline);
    }

    private static async Task<(string Said, int Code)> Verified(DataFolder folder, string heads, string key)
    {
        var export = Path.Combine(folder.Path, "export.jsonl");
        await using (var stream = File.Create(export)) await EntryLine.WriteAll(new SqliteArchive(folder.Path).Read(Waiting.Cancellation), stream, null, Waiting.Cancellation);
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3", [Path.Combine(Repository.Root, "tests", "verify_journal.py"), "--heads", heads, "--key", key, export]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(Waiting.Cancellation);
        await process.WaitForExitAsync(Waiting.Cancellation);
        return (said, process.ExitCode);
    }

    /// <summary>Somebody on this machine who takes heads, and has no time at first.</summary>
    private sealed class Outside : IDisposable
    {
        private readonly bool _hangs;
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<string> _lines = [];
        private readonly List<TcpClient> _clients = [];
        private readonly SemaphoreSlim _received = new(0);

        /// <param name="hangs">It does not even say that it has no time.</param>
        public Outside(bool hangs = false)
        {
            _hangs = hangs;
            _listener.Start();
            Address = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/heads");
            _ = Take();
        }

        public Uri Address { get; }

        public IReadOnlyList<string> Lines
        {
            get { lock (_lines) return [.. _lines]; }
        }

        public async Task Received(int count)
        {
            for (var number = 0; number < count; number++) await _received.WaitAsync(Waiting.Cancellation);
        }

        public void Dispose()
        {
            _listener.Dispose();
            foreach (var client in _clients) client.Dispose();
            _received.Dispose();
        }

        private async Task Take()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    _clients.Add(client);
                    var reader = new StreamReader(client.GetStream());
                    var length = 0;
                    while (await reader.ReadLineAsync() is { Length: > 0 } header)
                        if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(header[15..], System.Globalization.CultureInfo.InvariantCulture);
                    var body = new char[length];
                    await reader.ReadBlockAsync(body);
                    int count;
                    lock (_lines)
                    {
                        _lines.Add(new(body));
                        count = _lines.Count;
                    }

                    if (!_hangs || count > 1)
                    {
                        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(count == 1 ? "503 Busy" : "204 Taken")}\r\nConnection: close\r\n\r\n"));
                        client.Close();
                    }

                    _received.Release();
                }
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException or IOException)
            {
                // Gone.
            }
        }
    }
}
