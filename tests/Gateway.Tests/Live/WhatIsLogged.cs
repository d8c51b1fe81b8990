using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coordination.Gateway.Tests.Live;

/// <summary>A visitor who is refused on a live line writes nothing into the operator's log; what breaks there stands in it once.</summary>
public sealed class WhatIsLogged
{
    private const string Breaks = "plan/breaks";

    [Fact]
    public async Task Is_what_breaks_and_not_what_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var logged = new Lines();
        await using var node = await Node.Start(folder.Path, adjust: builder =>
        {
            builder.Logging.AddProvider(logged);
            builder.Services.AddSignalR(hub => hub.AddFilter(new Breaking()));
        });
        await using var watch = await (await node.As("finland")).Watch();
        logged.Clear();
        for (var time = 0; time < 10; time++)
            Assert.Contains("at most 200 topics", (await Refused(Enumerable.Range(0, 201).Select(i => $"plan/{i}"))).Message, StringComparison.Ordinal);
        Assert.Empty(logged.OfWarnings);

        await Refused([Breaks]);
        Assert.Contains(nameof(NotSupportedException), Assert.Single(logged.OfWarnings), StringComparison.Ordinal);

        Task<HubException> Refused(IEnumerable<string> topics) =>
            Assert.ThrowsAsync<HubException>(() => watch.Connection.InvokeAsync("Follow", topics.ToArray(), TestContext.Current.CancellationToken));
    }

    /// <summary>A mistake of the platform's own.</summary>
    private sealed class Breaking : IHubFilter
    {
        public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next) =>
            invocationContext.HubMethodArguments is [string[] { Length: 1 } topics] && topics[0] == Breaks ? throw new NotSupportedException() : next(invocationContext);
    }

    private sealed class Lines : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string[] OfWarnings => [.. _lines];

        public void Clear() => _lines.Clear();

        public ILogger CreateLogger(string categoryName) => new OfCategory(categoryName, _lines);

        public void Dispose()
        {
        }

        private sealed class OfCategory(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && Regex.IsMatch(category, "Gateway|SignalR");

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                    lines.Enqueue($"{category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
