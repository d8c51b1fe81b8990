using Coordination.Gateway.Http;
using Coordination.Journal.Sqlite;
using Coordination.Node;
using Coordination.Node.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Coordination.Gateway.Tests;

/// <summary>A process that is asked to end.</summary>
public sealed class Ending
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task One_that_has_no_time_to_end_all_of_it_says_so_and_does_not_crash(int parts)
    {
        using var folder = new TemporaryFolder();
        var settings = new Settings { Data = folder.Path, Urls = "http://127.0.0.1:0", Demonstration = false };
        await using var store = await SqliteStore.Open(new() { Folder = settings.Data }, TestContext.Current.CancellationToken);
        var passwords = await Passwords.Prepare(settings, store.Records);
        await using var app = NodeRole.Build(settings, store, passwords, builder =>
        {
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
            for (var part = 0; part < parts; part++) builder.Services.AddSingleton<IHostedService, Endless>();
        });
        var started = new TaskCompletionSource();
        app.Lifetime.ApplicationStarted.Register(started.SetResult);
        var lifetime = app.Lifetime;
        var run = Running.Run(app, settings);
        await started.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        lifetime.StopApplication();

        Assert.Equal(Exit.Stopped, await run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    /// <summary>A proxy may not send a write again that was on its way over a connection which is closed: so none is closed under it.</summary>
    [Fact]
    public async Task A_gateway_that_is_asked_to_end_answers_for_a_moment_and_ends_each_connection_with_an_answer()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<Leaving>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Leaving>());
        await using var app = builder.Build();
        app.Use(app.Services.GetRequiredService<Leaving>().Tell);
        app.MapGet("/", () => "here");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };
        using var before = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.NotEqual(true, before.Headers.ConnectionClose);

        app.Lifetime.StopApplication();
        var stopped = app.StopAsync(TestContext.Current.CancellationToken);
        using var late = await client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, true), (late.StatusCode, late.Headers.ConnectionClose));
        await stopped.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", TestContext.Current.CancellationToken));
    }

    /// <summary>Stops for as long as it may.</summary>
    private sealed class Endless : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
