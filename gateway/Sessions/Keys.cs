using System.Xml.Linq;
using Coordination.Contracts.Accounts;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Sessions;

/// <summary>The keys that protect cookies: in a folder of this machine, or with the silos, where every gateway finds the same.</summary>
internal static class Keys
{
    /// <param name="folder">Null for those of the silos.</param>
    public static void AddKeys(this IServiceCollection services, string? folder)
    {
        // Encrypts and authenticates in one go, in the processor's own instructions: half the work of the default for three cookies and tokens a write.
        var protection = services.AddDataProtection().SetApplicationName("coordination")
            .UseCryptographicAlgorithms(new() { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        if (folder is not null)
        {
            protection.PersistKeysToFileSystem(new(folder));
            return;
        }

        // It would ask for them at the very start, before there are silos to ask. The first cookie does instead.
        foreach (var early in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToList())
            services.Remove(early);
        services.AddSingleton<SharedKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<SharedKeys>()));
    }
}

/// <summary>
/// Keys that the silos keep. Of gateways that make one at the same moment, as at the first start of all, only the first is heard:
/// the others drop theirs and read again, so that all protect with the same.
/// </summary>
internal sealed class SharedKeys(Grains grains, IOptions<GatewayOptions> options) : IXmlRepository
{
    private long _version;
    private KeyRing? _first;
    private int _taken;
    private bool _known;

    /// <summary>
    /// Waits for the keys before the first cookie is looked at, for as long as the request has time. Without them every cookie
    /// would be nobody's, and whoever is signed in would be told to sign in again because a silo was slow.
    /// </summary>
    public static async Task AtHand(HttpContext http, RequestDelegate next)
    {
        if (http.RequestServices.GetService<SharedKeys>() is { } keys && !Volatile.Read(ref keys._known))
        {
            var grains = http.RequestServices.GetRequiredService<Grains>();
            var ring = await http.RequestServices.GetRequiredService<Silos>().Ask(() => grains.Of<IKeysGrain>(0).All());
            // Of requests that ask at the same time one is heard: what another has read may be old by the time the ring is made.
            if (Interlocked.Exchange(ref keys._taken, 1) == 0) Volatile.Write(ref keys._first, ring);
            Volatile.Write(ref keys._known, true);
        }

        await next(http);
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var ring = Interlocked.Exchange(ref _first, null) ?? Ask(keys => keys.All());
        Volatile.Write(ref _version, ring.Version);
        return [.. ring.Keys.Select(key => XElement.Parse(key.Xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var key = new ProtectionKey(friendlyName, element.ToString(SaveOptions.DisableFormatting));
        while (!Ask(keys => keys.Add(key, Volatile.Read(ref _version))))
        {
            if (element.Name.LocalName == "key") return;
            // Anything else, such as a revocation, has to be heard.
            Volatile.Write(ref _version, Ask(keys => keys.All()).Version);
        }
    }

    /// <summary>The repository's form knows no waiting; it is asked a few times in the life of a key.</summary>
    private T Ask<T>(Func<IKeysGrain, Task<T>> ask) =>
        Task.Run(() => ask(grains.Of<IKeysGrain>(0))).WaitAsync(options.Value.ReadWithin, TimeProvider.System).GetAwaiter().GetResult();
}
