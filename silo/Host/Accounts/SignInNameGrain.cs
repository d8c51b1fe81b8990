using Coordination.Contracts.Accounts;
using Coordination.Domain.Accounts;

namespace Coordination.Host.Accounts;

/// <summary>
/// One sign-in name. What is done by it is done one after the other. Wrong passwords are counted in memory: trying writes nothing, and what a
/// restart forgets was few.
/// </summary>
public sealed class SignInNameGrain(AccountRecords records, TimeProvider time) : Grain, ISignInNameGrain
{
    /// <summary>Wrong passwords from one network or known device, after which it waits. Strangers elsewhere lock nobody out.</summary>
    private const int MostFromOne = 5;

    /// <summary>From all networks of one site.</summary>
    private const int MostFromSite = 25;

    /// <summary>From all strangers within <see cref="Window"/>, after which only known devices may try; and from all of these. So many guesses find nothing.</summary>
    private const int MostFromAll = 200;

    /// <summary>Places that are remembered; the oldest make room.</summary>
    private const int MostPlaces = 4 * MostFromAll;

    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Tries> _from = new(StringComparer.Ordinal);
    private (int Strangers, int Known, DateTimeOffset Since) _all;

    /// <summary>The account, and how often its password has changed, as it was last read; null before.</summary>
    private (string? Account, int? Generation) _last;

    private string Name => this.GetPrimaryKeyString();

    public async Task<AccountRecord?> Find()
    {
        var found = await records.AccountOf(Name) is { } account ? await records.Find(account) : null;
        _last = (found?.Account, found?.Generation);
        return found;
    }

    public async Task<Tried> Try(TriedFrom from)
    {
        // The password may have been changed since it was read.
        if (from.Device is not null && from.Generation != _last.Generation) await Find();
        var isKnown = IsKnown(from);
        if (Count(from, isKnown) is { } closed) return new(closed, null, isKnown, _last.Account);
        // Not before: what is closed costs nothing, and tells by its time nothing of whether there is an account.
        var found = await Find();
        return new(null, found, isKnown, found?.Account);
    }

    public Task TakeBack(TriedFrom from, bool isRight)
    {
        var isKnown = IsKnown(from);
        foreach (var place in PlacesOf(from, isKnown))
        {
            if (!_from.TryGetValue(place.Key, out var tries)) continue;
            if (isRight || tries.Count <= 1) _from.Remove(place.Key);
            else _from[place.Key] = tries with { Count = tries.Count - 1, Until = null };
        }

        _all = isKnown ? _all with { Known = Math.Max(0, _all.Known - 1) } : _all with { Strangers = Math.Max(0, _all.Strangers - 1) };
        return Task.CompletedTask;
    }

    public async Task<Granted> Grant(CommandHeader header, GrantRole command, Invitation? invitation)
    {
        if (await records.AccountOf(Name) is not { } account)
        {
            if (AccountId.IsOne(Name))
                return new(new Refused(AccountRules.Unnamed), null, false);
            account = AccountId.New();
        }

        return await GrainFactory.GetGrain<IAccountGrain>(account).Grant(header, command, Name, invitation);
    }

    public async Task<Outcome> Revoke(CommandHeader header, RevokeRole command) =>
        // An account that there is not has no role: its rules say the same as those of one without it.
        await GrainFactory.GetGrain<IAccountGrain>(await records.AccountOf(Name) ?? AccountId.New()).Execute(header, command);

    /// <summary>Counts a try, or says until when there is none.</summary>
    private DateTimeOffset? Count(TriedFrom from, bool isKnown)
    {
        var now = time.GetUtcNow();
        if (_all.Since + Window <= now) _all = (0, 0, now);
        if ((isKnown ? _all.Known : _all.Strangers) >= MostFromAll) return _all.Since + Window;
        var places = PlacesOf(from, isKnown);
        foreach (var (place, _) in places)
            if (_from.GetValueOrDefault(place).Until is { } until && until > now) return until;

        foreach (var (place, most) in places)
        {
            var tries = _from.GetValueOrDefault(place);
            var count = tries.Until is null && tries.Last + Window > now ? tries.Count + 1 : 1;
            if (_from.Count >= MostPlaces) _from.Remove(_from.MinBy(pair => pair.Value.Last).Key);
            _from[place] = new(count, now, count >= most ? now + Wait : null);
        }

        _all = isKnown ? _all with { Known = _all.Known + 1 } : _all with { Strangers = _all.Strangers + 1 };
        // A name that is attacked is remembered for as long as it counts; one that was mistyped is not.
        if (_all.Strangers + _all.Known >= MostFromOne) DelayDeactivation(Window);
        return null;
    }

    private bool IsKnown(TriedFrom from) => from.Device is not null && from.Generation == _last.Generation;

    /// <summary>A known device counts for itself, wherever it is: who sits behind the same network does not lock it out.</summary>
    private static (string Key, int Most)[] PlacesOf(TriedFrom from, bool isKnown) =>
        isKnown ? [("device " + from.Device, MostFromOne)]
        : from.Site == from.Network ? [(from.Network, MostFromOne)]
        : [(from.Network, MostFromOne), ("site " + from.Site, MostFromSite)];

    /// <param name="Count">Wrong passwords, and those that are being looked at.</param>
    /// <param name="Until">When the next may be tried; null: now.</param>
    private readonly record struct Tries(int Count, DateTimeOffset Last, DateTimeOffset? Until);
}
