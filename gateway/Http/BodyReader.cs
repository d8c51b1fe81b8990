using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Coordination.Gateway.Http;

/// <summary>The body of a write, read whole.</summary>
public sealed record ReadBody(ReadOnlyMemory<byte> Bytes);

/// <summary>
/// What body an endpoint takes, where that is not JSON within the platform's bound (<see cref="GatewayOptions.LargestBody"/>).
/// </summary>
/// <param name="Largest">Bytes at most, of a file that comes in chunks with what frames these; null for the platform's bound.</param>
/// <param name="File">
/// Media type of a file, which is handed on as it comes and is kept nowhere; null for JSON, which is read whole before it is parsed.
/// </param>
public sealed record TakesBody(long? Largest, string? File = null);

/// <summary>
/// Sees to the body of each write before anything is parsed: one in JSON is read once, whole and within bounds; a file is bounded and read by its endpoint
/// alone. Stands behind routing, since the endpoint says what it takes.
/// </summary>
public sealed class BodyReader(RequestDelegate next, IOptions<GatewayOptions> options)
{
    /// <summary>Bytes that are let pass, and thrown away, before a body that is too large is answered.</summary>
    public const long Largest = 32 * 1_024 * 1_024;

    /// <summary>Bytes for which room is made when it is not said how many come.</summary>
    private const int Unannounced = 4_095;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            await next(http);
            return;
        }

        var takes = http.GetEndpoint()?.Metadata.GetMetadata<TakesBody>();
        var largest = takes?.Largest ?? options.Value.LargestBody;
        if (http.Request.ContentLength > largest)
        {
            await Refuse(http);
            return;
        }

        if (takes?.File is { } file)
        {
            if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var given) || !given.MediaType.Equals(file, StringComparison.OrdinalIgnoreCase))
            {
                await Problems.OtherFile(file).ExecuteAsync(http);
                return;
            }

            // The server counts, and breaks off one that was not announced.
            http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = largest;
            await next(http);
            return;
        }

        // One byte more than is announced, where its end is read: so the buffer never grows, and nothing is copied.
        var buffer = new ArrayBufferWriter<byte>((int)(http.Request.ContentLength ?? Unannounced) + 1);
        while (true)
        {
            var came = await Read(http, buffer.GetMemory());
            if (came == 0) break;
            buffer.Advance(came);
            if (buffer.WrittenCount <= largest) continue;
            await Refuse(http);
            return;
        }

        http.Features.Set(new ReadBody(buffer.WrittenMemory));
        // The same bytes, not a copy of them.
        MemoryMarshal.TryGetArray(buffer.WrittenMemory, out var read);
        http.Request.Body = new MemoryStream(read.Array!, read.Offset, read.Count, writable: false);
        await next(http);
    }

    /// <summary>JSON is UTF-8 without its being said, and the framework fails at the name in quotes. Routing already looks at the media type.</summary>
    public static Task WithoutCharset(HttpContext http, RequestDelegate next)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.Charset.HasValue) return next(http);
        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return Problems.NotJson().ExecuteAsync(http);
        type.Charset = default;
        http.Request.ContentType = type.ToString();
        return next(http);
    }

    /// <summary>What is wrong with the body as it comes is the sender's fault, whatever the server calls it.</summary>
    private static async ValueTask<int> Read(HttpContext http, Memory<byte> into)
    {
        try
        {
            return await http.Request.Body.ReadAsync(into, http.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body cannot be read.", exception);
        }
    }

    /// <summary>
    /// Reads on for a while and keeps nothing: who is busy sending does not see the answer if the connection breaks before.
    /// It ends with the answer.
    /// </summary>
    private static async Task Refuse(HttpContext http)
    {
        http.Response.Headers.Connection = "close";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(Patience);
        try
        {
            var passed = new byte[16 * 1_024];
            for (var left = Largest; left > 0;)
            {
                var read = await http.Request.Body.ReadAsync(passed, limit.Token);
                if (read == 0) break;
                left -= read;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Too much or too slow: it is answered as it is.
        }

        if (!http.RequestAborted.IsCancellationRequested) await Problems.TooLarge().ExecuteAsync(http);
    }
}
