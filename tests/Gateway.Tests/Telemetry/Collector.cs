using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Coordination.Gateway.Tests.Telemetry;

internal sealed record Span(string Trace, string Id, string Parent, string Name)
{
    public override string ToString() => $"{Name} {Id}<{Parent}";
}

/// <summary>Takes spans and logs as a collector does: OTLP over gRPC.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentBag<Span> _spans = [];
    private readonly ConcurrentBag<string> _logs = [];

    private Collector(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Collector> Start()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var collector = new Collector(builder.Build());
        collector._app.Run(collector.Take);
        await collector._app.StartAsync();
        return collector;
    }

    public IEnumerable<Span> Of(string trace) => _spans.Where(span => span.Trace == trace);

    /// <summary>What was logged, in words.</summary>
    public IEnumerable<string> Logs => _logs;

    public async Task<Span> Until(string trace, string name)
    {
        for (var wait = 0; wait < 300; wait++)
        {
            if (Of(trace).FirstOrDefault(span => span.Name == name) is { } found) return found;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"No {name} in the trace, but {string.Join(" | ", Of(trace))}");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        // A gRPC message has a head of 5 bytes. Resource spans, scope spans, spans: each is a list within the one before.
        if (http.Request.Path.Value!.EndsWith("TraceService/Export", StringComparison.Ordinal))
            foreach (var resource in Fields(body.ToArray()[5..], 1))
                foreach (var scope in Fields(resource, 2))
                    foreach (var span in Fields(scope, 2))
                        _spans.Add(new(Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).Single())));
        if (http.Request.Path.Value!.EndsWith("LogsService/Export", StringComparison.Ordinal))
            foreach (var resource in Fields(body.ToArray()[5..], 1))
                foreach (var scope in Fields(resource, 2))
                    foreach (var record in Fields(scope, 2))
                        _logs.Add(Encoding.UTF8.GetString(Fields(Fields(record, 5).Single(), 1).Single()));
        http.Response.ContentType = "application/grpc";
        http.Response.AppendTrailer("grpc-status", "0");
        await http.Response.Body.WriteAsync(new byte[5]);
    }

    private static string Hex(byte[] span, int field) => Convert.ToHexStringLower(Fields(span, field).FirstOrDefault() ?? []);

    /// <summary>The values of one field of a protocol buffer that have a length.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int wanted)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Number();
            switch (key & 7)
            {
                case 0: Number(); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    var length = (int)Number();
                    if ((int)(key >> 3) == wanted) yield return message[at..(at + length)];
                    at += length;
                    break;
            }

            ulong Number()
            {
                var (number, shift) = (0UL, 0);
                byte part;
                do
                {
                    part = message[at++];
                    number |= (ulong)(part & 127) << shift;
                    shift += 7;
                }
                while (part > 127);
                return number;
            }
        }
    }
}
