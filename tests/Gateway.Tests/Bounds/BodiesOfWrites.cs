using System.Runtime.InteropServices;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Tests.Bounds;

/// <summary>A body is read once, kept once and bounded while it is read.</summary>
public sealed class BodiesOfWrites
{
    private const int Most = 64 * 1_024;

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

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(at => (byte)(at % 251))];

    private async Task<int> Send(byte[] sent, long? announced)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.Method, http.Request.ContentLength, http.Request.Body) = (HttpMethods.Post, announced, new InPieces(sent));
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
}
