using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Tests.Bounds;

/// <summary>A body is read once, kept once and bounded while it is read.</summary>
public sealed class BodiesOfWrites
{
    private const int Most = 64 * 1_024;

    /// <summary>More than what the chunks of a file in these tests add to it.</summary>
    private const int Framing = 64 * 1_024;

    private ReadBody? _read;
    private Stream? _handedOn;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(Most)]
    public async Task What_is_announced_is_kept_in_the_one_room_that_was_made_for_it(int length)
    {
        var sent = Bytes(length);
        var status = await Send(sent, announced: length);
        Assert.Equal(StatusCodes.Status200OK, status);
        Assert.Equal(sent, _read!.Bytes.ToArray());
        Assert.True(MemoryMarshal.TryGetArray(_read.Bytes, out var room));
        Assert.Equal(length + 1, room.Array!.Length);
    }

    [Theory]
    [InlineData(5_000, true)]
    [InlineData(5_000, false)]
    public async Task What_is_parsed_are_the_bytes_that_were_read_and_no_copy(int length, bool isAnnounced)
    {
        var sent = Bytes(length);
        await Send(sent, isAnnounced ? length : null);
        Assert.True(MemoryMarshal.TryGetArray(_read!.Bytes, out var room));
        room.Array![room.Offset + length - 1] ^= 0xFF;
        var parsed = new byte[length];
        await _handedOn!.ReadExactlyAsync(parsed, TestContext.Current.CancellationToken);
        Assert.Equal(sent[^1] ^ 0xFF, parsed[^1]);
        Assert.Equal(0, await _handedOn.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_byte_too_many_is_refused_whether_it_was_announced_or_not(bool isAnnounced)
    {
        Assert.Equal(StatusCodes.Status413PayloadTooLarge, await Send(Bytes(Most + 1), isAnnounced ? Most + 1 : null));
        Assert.Null(_read);
    }

    [Fact]
    public async Task An_endpoint_may_take_less()
    {
        var few = new Endpoint(null, new(new TakesBody(Most / 2)), null);
        Assert.Equal(StatusCodes.Status200OK, await Send(Bytes(Most / 2), Most / 2, few));
        Assert.Equal(StatusCodes.Status413PayloadTooLarge, await Send(Bytes((Most / 2) + 1), (Most / 2) + 1, few));
        Assert.Equal(StatusCodes.Status413PayloadTooLarge, await Send(Bytes((Most / 2) + 1), null, few));
    }

    [Fact]
    public async Task A_file_comes_to_its_endpoint_while_it_is_sent()
    {
        await using var server = await FileServer.Start();
        var (rest, sent) = (new TaskCompletionSource(), Bytes(FileServer.Most - Framing));
        var answer = server.Send("text/csv", async body =>
        {
            await body.WriteAsync(sent.AsMemory(0, 1_000));
            await body.FlushAsync();
            await rest.Task;
            await body.WriteAsync(sent.AsMemory(1_000));
        });
        Assert.Equal(sent[0], await server.First.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.False(answer.IsCompleted);
        rest.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        Assert.Equal(sent.Length, server.Came);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_is_bounded_whether_its_length_was_announced_or_not(bool isAnnounced)
    {
        await using var server = await FileServer.Start();
        using var answer = await server.Send("text/csv", body => body.WriteAsync(Bytes(FileServer.Most + 1)).AsTask(), isAnnounced ? FileServer.Most + 1 : null);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request.too-large"), (answer.StatusCode, await CodeOf(answer)));
        Assert.True(server.Came <= FileServer.Most);
    }

    [Fact]
    public async Task A_file_of_another_kind_is_not_read()
    {
        await using var server = await FileServer.Start();
        using var answer = await server.Send("application/json", body => body.WriteAsync(Bytes(10)).AsTask());
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "request.other-file"), (answer.StatusCode, await CodeOf(answer)));
        Assert.Equal(0, server.Came);
    }

    private static async Task<string?> CodeOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("code").GetString();

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(at => (byte)(at % 251))];

    private async Task<int> Send(byte[] sent, long? announced, Endpoint? endpoint = null)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.Method, http.Request.ContentLength, http.Request.Body) = (HttpMethods.Post, announced, new InPieces(sent));
        http.SetEndpoint(endpoint);
        await new BodyReader(
            next =>
            {
                (_read, _handedOn) = (next.Features.Get<ReadBody>(), next.Request.Body);
                return Task.CompletedTask;
            },
            Options.Create(new GatewayOptions { LargestBody = Most })).InvokeAsync(http);
        return http.Response.StatusCode;
    }

    /// <summary>Comes as a network brings it: a little at a time.</summary>
    private sealed class InPieces(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1_400)], cancellationToken);
    }

    /// <summary>A server with one endpoint that takes a file, behind the reader and what tells of refusals.</summary>
    private sealed class FileServer : IAsyncDisposable
    {
        /// <summary>More than a connection holds on its way.</summary>
        public const int Most = 4 * 1_024 * 1_024;

        private readonly HttpClient _client = new();
        private readonly TaskCompletionSource<byte> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private WebApplication _server = null!;

        /// <summary>The first byte, as soon as the endpoint has it.</summary>
        public Task<byte> First => _first.Task;

        /// <summary>How many bytes the endpoint has had.</summary>
        public long Came { get; private set; }

        public static async Task<FileServer> Start()
        {
            var server = new FileServer();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddProblems();
            builder.Services.AddOptions<GatewayOptions>();
            var app = builder.Build();
            app.UseExceptionHandler();
            app.UseRouting();
            app.UseMiddleware<BodyReader>();
            app.MapPost("/file", server.Take).WithMetadata(new TakesBody(Most, "text/csv"));
            await app.StartAsync();
            server._server = app;
            return server;
        }

        public Task<HttpResponseMessage> Send(string type, Func<Stream, Task> write, long? announced = null)
        {
            var content = new Written(write, announced);
            content.Headers.ContentType = new(type);
            return _client.PostAsync(new Uri(new(_server.Urls.First()), "/file"), content, TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _server.DisposeAsync();
        }

        private async Task Take(HttpContext http)
        {
            var room = new byte[16 * 1_024];
            for (int read; (read = await http.Request.Body.ReadAsync(room, http.RequestAborted)) > 0;)
            {
                Came += read;
                _first.TrySetResult(room[0]);
            }
        }
    }

    private sealed class Written(Func<Stream, Task> write, long? length) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long computed)
        {
            computed = length ?? 0;
            return length is not null;
        }
    }
}
