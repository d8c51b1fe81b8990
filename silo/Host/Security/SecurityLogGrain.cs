using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coordination.Contracts.Bodies;
using Coordination.Contracts.Security;
using Coordination.Host.Accounts;
using Coordination.Host.Views;
using Orleans.Concurrency;

namespace Coordination.Host.Security;

/// <summary>Keeps the security log, and shows it to those whom it is for.</summary>
[StatelessWorker, Reentrant]
public sealed class SecurityLogGrain(IEvents log, AccountRecords accounts, World world, Views.ReadYourWrites reads) : Grain, ISecurityLogGrain
{
    /// <summary>Scope of what administrators read. The others are the bodies' ids.</summary>
    private const string Platform = "";

    private static readonly JsonSerializerOptions Stored = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    public Task Note(SecurityEvent[] events) => log.Note([.. events.SelectMany(ToldTo)]);

    public async Task<Page<SecurityEventView>?> List(Asker asker, SecurityFilter filter, Paging paging)
    {
        await reads.For(asker);
        var actor = world.Who(asker);
        var scope = actor.Administers ? Platform : actor.Body is { } body && actor.Coordinates(body) ? body : null;
        if (scope is null) return null;
        var limit = Math.Clamp(paging.Limit, 1, Paged.Most);
        var found = await log.Read(scope, filter.Kind is { } kind ? EnumNames.NameOf(kind) : null, filter.Account, Before(paging.After), limit + 1);
        var shown = found.Take(limit).Select(ToView).ToArray();
        if (!actor.Administers) await HideVisitors(shown);
        return new(shown, found.Count > limit ? Paged.Encode(found[limit - 1].Number.ToString(CultureInfo.InvariantCulture)) : null);
    }

    /// <summary>Visitors who share an account are strangers to each other.</summary>
    private async Task HideVisitors(SecurityEventView[] shown)
    {
        foreach (var account in shown.SelectMany(it => (string?[])[it.Account?.Id, it.About?.Id]).OfType<string>().ToHashSet(StringComparer.Ordinal))
        {
            if (!await accounts.IsKept(account)) continue;
            for (var index = 0; index < shown.Length; index++)
                if (shown[index].Account?.Id == account || shown[index].About?.Id == account) shown[index] = shown[index] with { Network = null, Browser = null, System = null };
        }
    }

    /// <summary>A line that tells of several is told to administrators as it is, and to each body as far as it concerns that body.</summary>
    private IEnumerable<NewEvent> ToldTo(SecurityEvent it)
    {
        var whole = Known(it);
        var scopes = ScopesOf(whole).ToHashSet(StringComparer.Ordinal);
        var parts = (it.Concerned ?? []).Select(concern => Known(it with { About = concern.Account, AboutBody = concern.Body, Count = concern.Count }));
        return scopes.Select(scope => ToStored(scope, whole))
            .Concat(parts.SelectMany(part => ScopesOf(part).Distinct().Where(scope => !scopes.Contains(scope)).Select(scope => ToStored(scope, part))));
    }

    /// <summary>Anything can stand in a path: a body that there is not is nobody's, and no place to write what one likes.</summary>
    private SecurityEvent Known(SecurityEvent it) => it.AboutBody is { } body && world.BodyItem(body) is null ? it with { AboutBody = null } : it;

    /// <summary>What was done to an account for no body, as by whoever tried a password in vain or by an administrator, is told to the bodies that it belongs to.</summary>
    private IEnumerable<string> ScopesOf(SecurityEvent it)
    {
        yield return Platform;
        if (it.Body is { } body) yield return body;
        if (it.AboutBody is { } about) yield return about;
        if (it is { Body: null, AboutBody: null, About: { } account })
            foreach (var role in world.RolesOf(account)) yield return role.Body;
    }

    private static long? Before(string? cursor) => Paged.Decode(cursor) is not { } number ? null
        : long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before
        : throw new UnreadableCursorException();

    private static NewEvent ToStored(string scope, SecurityEvent it) => new(
        it.At, scope, EnumNames.NameOf(it.Kind), it.Account, it.About,
        it is { Network: null, Browser: null, System: null } ? null : JsonSerializer.SerializeToUtf8Bytes(new Place(it.Network, it.Browser, it.System), Stored),
        JsonSerializer.SerializeToUtf8Bytes(new Data(it.Body, it.AboutBody, it.Operation, it.Code, it.Count), Stored));

    private SecurityEventView ToView(Event stored)
    {
        var data = JsonSerializer.Deserialize<Data>(stored.Data, Stored)!;
        var place = stored.Place is { } bytes ? JsonSerializer.Deserialize<Place>(bytes, Stored) : null;
        return new(
            stored.Number, EnumNames.Parse<SecurityEventKind>(stored.Name).GetValueOrDefault(), stored.At, AccountOf(stored.Account), BodyOf(data.Body), AccountOf(stored.About), BodyOf(data.AboutBody),
            place?.Network, place?.Browser, place?.System, data.Operation, data.Code, data.Count);
    }

    private AccountName? AccountOf(string? id) => id is null ? null : new(id, world.Names.Of(id)?.DisplayName);

    private BodyName? BodyOf(string? id) => id is null ? null : new(id, world.NameOf(id));

    /// <summary>What is forgotten sooner than the rest.</summary>
    private sealed record Place(string? Network, string? Browser, string? System);

    private sealed record Data(string? Body, string? AboutBody, string? Operation, string? Code, int Count);
}
