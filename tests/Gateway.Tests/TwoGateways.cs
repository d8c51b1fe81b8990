using System.Net.Sockets;
using Coordination.Contracts.Messages;
using Coordination.Gateway.Live;
using Coordination.Node.Roles;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Tests.Silos;
using Coordination.Host;
using Coordination.Host.Reminders;
using Coordination.Journal.Sqlite;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;

namespace Coordination.Gateway.Tests;

/// <summary>One silo and two gateways that share nothing but it. Messages go to both gateways as a test says.</summary>
public sealed class TwoGateways : IAsyncDisposable
{
    public const string Password = "the-password-of-all-of-them";
    private readonly TemporaryFolder _folder = new();
    private readonly List<WebApplication> _gateways = [];
    private readonly List<WebApplication> _others = [];
    private SqliteStore? _store;
    private IHost? _silo;
    private int _clientPort;
    private TimeSpan _heartbeat;

    /// <summary>What becomes of a message on its way to a gateway (0 or 1): handed on, or lost when false.</summary>
    public Func<int, Changes, bool> Arrives { get; set; } = (_, _) => true;

    public Uri A => new(_gateways[0].Urls.First());

    public Uri B => new(_gateways[1].Urls.First());

    public SqliteStore Store => _store!;

    /// <param name="heartbeat">How often each gateway speaks up by itself.</param>
    public static async Task<TwoGateways> Start(TimeSpan? heartbeat = null)
    {
        var two = new TwoGateways { _heartbeat = heartbeat ?? TimeSpan.FromMilliseconds(300) };
        try
        {
            await two.StartSilo();
            two._gateways.AddRange(await Task.WhenAll(two.StartGateway(), two.StartGateway()));
            return two;
        }
        catch
        {
            await two.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _others.Concat(_gateways))
        {
            await gateway.StopAsync();
            await gateway.DisposeAsync();
        }

        if (_silo is not null)
        {
            await _silo.StopAsync();
            await ((IAsyncDisposable)_silo).DisposeAsync();
        }

        if (_store is not null) await _store.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartSilo()
    {
        await Node.CopyLoaded(_folder.Path);
        _store = await SqliteStore.Open(new() { Folder = _folder.Path });
        _clientPort = FreePort.Choose();
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.AddCoordinationSilo(_store, options =>
        {
            options.Data = _folder.Path;
            options.Demonstration = true;
            options.DemonstrationPasswordHash = new PasswordHasher<AccountRecord>(Options.Create(new PasswordHasherOptions { IterationCount = Node.QuickRounds })).HashPassword(null!, Password);
            options.Input = Path.Combine(AppContext.BaseDirectory, "input");
        });
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton<IReminderTable, ReminderTable>();
            silo.UseLocalhostClustering(FreePort.Choose(), _clientPort).AddReminders().AddActivityPropagation();
        });
        builder.Services.AddSingleton(this).AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddSiloConsumers();
            bus.AddConsumer<ToGateways>();
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        builder.AddCoordinationRelay();
        _silo = builder.Build();
        LogContext.ConfigureCurrentLogContext(_silo.Services.GetRequiredService<ILoggerFactory>());
        await _silo.StartAsync();
    }

    /// <summary>One more, between which and the silo somebody stands. Messages do not reach it.</summary>
    public async Task<Uri> StartAnother(Disturbance disturbance)
    {
        var another = await StartGateway(disturbance);
        _others.Add(another);
        return new(another.Urls.First());
    }

    private async Task<WebApplication> StartGateway(Disturbance? disturbance = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddCoordinationGateway(options => options.Heartbeat = _heartbeat);
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = Node.QuickRounds);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(_clientPort));
        if (disturbance is not null) builder.Services.AddSingleton<IOutgoingGrainCallFilter>(disturbance);
        builder.AddCoordinationHeartbeat();
        var app = builder.Build();
        app.MapCoordination();
        await app.StartAsync();
        return app;
    }

    private sealed class ToGateways(TwoGateways two) : IConsumer<Changes>
    {
        public async Task Consume(ConsumeContext<Changes> context)
        {
            for (var index = 0; index < two._gateways.Count; index++)
            {
                if (two.Arrives(index, context.Message)) await two._gateways[index].Services.GetRequiredService<LiveFeed>().Hear(context.Message);
            }
        }
    }
}
