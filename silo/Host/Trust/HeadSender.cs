using System.Net.Http.Headers;
using Coordination.Host.Relay;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;

namespace Coordination.Host.Trust;

/// <summary>
/// Sends signed heads to the address outside that the setting gives, each once and in their order, on the silo that leads: whoever keeps them there can show that
/// a tail was cut off, or that the chain was written anew. One that is not taken is sent again for as long as it takes; how far it is, is kept. Of several heads of one position, the latest
/// is sent.
/// </summary>
public sealed partial class HeadSender(
    IStore store, Heads heads, Leadership leadership, IOptions<SiloOptions> options, ResiliencePipelineProvider<string> pipelines, ILogger<HeadSender> logger) : BackgroundService
{
    private const string Sent = "heads sent";
    private const int Page = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(Pipelines.Heads);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.HeadsTo is not { } address) return;
        // Nobody is followed elsewhere: the operator has said where.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            while (true)
            {
                await leadership.Held(stoppingToken);
                await _pipeline.Through(ending => SendAll(http, address, ending), stoppingToken);
                await Task.Delay(Every, TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task SendAll(HttpClient http, Uri address, CancellationToken cancellation)
    {
        var sent = await store.Trust.Read(Sent, cancellation);
        var position = sent?.Position ?? 0;
        // A head is made each hour: those that are not sent are few, unless nobody has taken any for months.
        var unsent = new Stack<SignedHead>();
        IReadOnlyList<SignedHead> some;
        long? before = null;
        do
        {
            some = await heads.Before(before, Page, cancellation);
            foreach (var head in some.TakeWhile(head => head.Position > position || (head.Position == position && head.At != sent?.At))) unsent.Push(head);
            before = some.Count > 0 ? some[^1].Position : before;
        } while (some.Count == Page && before > position);

        while (unsent.TryPop(out var head) && leadership.IsHeld)
        {
            using var content = new ByteArrayContent(HeadLine.Of(head).ToJson());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
            // Of the answer nothing but its first line is of interest, however long it is.
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                LogNotTaken(logger, head.Position, address.Host, (int)answer.StatusCode);
                throw new HttpRequestException($"It answered {(int)answer.StatusCode}.", null, answer.StatusCode);
            }

            await store.Trust.Keep(new TrustMark(Sent, head.Position, head.Hash, head.At, []), cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signed head of position {Position} was not taken at {Host} ({Status}); it is sent again")]
    private static partial void LogNotTaken(ILogger logger, long position, string host, int status);
}
