using System.Reflection;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Feed;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;
using Coordination.Gateway.Security;
using Microsoft.AspNetCore.Identity;

namespace Coordination.Gateway.Sessions;

/// <summary>What stands before a session: passwords and invitations, checked; and who is signed in then.</summary>
public sealed class SignIns(Grains grains, Silos silos, Hashing hashing, KnownDevices devices, SessionCookie cookie, ReadYourWrites writes, TimeProvider time)
{
    private static readonly string Version = typeof(SignIns).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public async Task<Results<Ok<SessionView>, Problem>> Open(HttpContext http, SignIn given)
    {
        var name = given.Account.Trim().ToLowerInvariant();
        if (!SignInName.IsOne(name)) return Wrong();
        var (account, refused) = await Try(http, devices.From(http, name), name, given.Password, Wrong);
        if (account is null) return refused!;
        // A program may say at once for which body; else it is the first one.
        var body = http.Request.Headers.TryGetValue(Asking.ActingForHeader, out var wanted) ? wanted.ToString() : null;
        return await Begin(http, new(account.Account, writes.Rights, body), account.Generation);
    }

    public async Task<Results<Ok<SessionView>, Problem>> Get(HttpContext http)
    {
        var asker = http.AskerOfRights();
        if (await WhoIs(asker) is { } view) return TypedResults.Ok(await View(view, http.Session()));
        return http.Request.Headers.ContainsKey(Asking.ActingForHeader) && await StandingOf(asker) is Standing.Elsewhere
            ? Problems.NotARoleThere()
            : Problems.SessionRequired();
    }

    public async Task<Results<Ok<SessionView>, Problem>> ActFor(HttpContext http, string body)
    {
        var asker = http.AskerOfRights() with { Body = body };
        if (await WhoIs(asker) is not { } view)
            return await StandingOf(asker) is Standing.Elsewhere ? Problems.NotARoleThere() : Problems.SessionRequired();
        // What other windows of the browser show was for the body before: they begin again with the new one.
        return await cookie.ActFor(http, view) is { } session ? TypedResults.Ok(await View(view, session)) : Problems.SessionRequired();
    }

    public async Task<Results<NoContent, Problem>> ChangePassword(HttpContext http, ChangePassword given)
    {
        var own = grains.Of<IAccountGrain>(http.Account());
        if (await silos.Ask(own.Find) is not { SignInName: { } name, Generation: var generation, IsKept: var isKept }) return Problems.SessionRequired();
        if (isKept) return Problems.Of(AccountRecord.Kept);
        var (account, refused) = await Try(http, FromSession(http, generation), name, given.Current, static () => WrongPassword("#/current"));
        if (account is null) return refused!;
        if (PasswordRules.Check("#/new", given.New, account.SignInName, account.DisplayName) is { } weak) return Problems.Of(Refusal.Invalid(weak));
        if (await hashing.Hash(FromSession(http, generation), given.New, http.RequestAborted) is not { } hash) return Hashing.Busy();
        // Whoever knows it needs no other.
        if (await silos.Tell(() => own.Execute(ByItself(account.Account, "password"), new DropReset())) is Refused kept) return Problems.Of(kept.Refusal);
        var current = http.Session().Id;
        if (!await silos.Ask(() => own.SetPassword(account.Generation, hash, current))) return WrongPassword("#/current");
        devices.Remember(http, account.SignInName, account.Generation + 1);
        // A copy of this session's cookie may be what one changes the password for.
        return await cookie.Renew(http) is null ? Problems.SessionRequired() : TypedResults.NoContent();
    }

    public async Task<Results<NoContent, Problem>> Confirm(HttpContext http, string password)
    {
        if (await silos.Ask(grains.Of<IAccountGrain>(http.Account()).Find) is not { SignInName: { } name, Generation: var generation }) return Problems.SessionRequired();
        var (account, refused) = await Try(http, FromSession(http, generation), name, password, static () => WrongPassword("#/password"));
        if (account is null) return refused!;
        return await cookie.Confirm(http) is null ? Problems.SessionRequired() : TypedResults.NoContent();
    }

    public async Task<Results<Ok<InvitationView>, Problem>> See(SeeInvitation given) =>
        await Find(given.Token) is ({ } invitation, _, _) ? TypedResults.Ok(invitation) : Problems.Of(Invitation.Gone);

    public async Task<Results<Ok<SessionView>, Problem>> Accept(HttpContext http, TakeInvitation given)
    {
        if (await Find(given.Token) is not ({ } invitation, var account, var secret)) return Problems.Of(Invitation.Gone);
        if (invitation.Resets) http.Notes(SecurityEventKind.PasswordReset);
        if (PasswordRules.Check("#/password", given.Password, invitation.SignInName, given.DisplayName ?? invitation.DisplayName) is { } weak) return Problems.Of(Refusal.Invalid(weak));
        if (await hashing.Hash(SessionCookie.From(http), given.Password, http.RequestAborted) is not { } hash) return Hashing.Busy();
        var header = ByItself(account, "invitation");
        switch (await silos.Tell(() => grains.Of<IAccountGrain>(account).Accept(header, secret.Hash, hash, given.DisplayName)))
        {
            case Refused refused:
                return Problems.Of(refused.Refusal);
            case Done done:
                writes.Reach(done.Position);
                break;
        }

        return await Begin(http, new(account, writes.Rights, invitation.Body.Id), generation: null);
    }

    /// <summary>What an account does to itself, without a session that it would act by.</summary>
    private CommandHeader ByItself(string account, string what) =>
        new(account, CommandHeader.CommandOf(account, Guid.CreateVersion7().ToString("N")), what, Rights: writes.Rights, Via: "web");

    private async Task<(InvitationView? View, string Account, InvitationSecret Secret)> Find(string token) =>
        InvitationSecret.TryRead(token, out var account, out var secret)
            ? (await silos.Ask(() => grains.Of<IAccountGrain>(account).Invited(secret.Hash)), account, secret)
            : (null, account, secret);

    /// <param name="generation">Of the password that was right; null for one that was chosen just now.</param>
    private async Task<Results<Ok<SessionView>, Problem>> Begin(HttpContext http, Asker asker, int? generation)
    {
        if (await WhoIs(asker) is { } view)
        {
            var session = await cookie.Begin(http, view);
            var now = (await silos.Ask(grains.Of<IAccountGrain>(asker.Account).Find))?.Generation;
            if (now is { } current && current == (generation ?? current))
            {
                devices.Remember(http, view.SignInName, current);
                return TypedResults.Ok(await View(view, session));
            }

            // It was changed meanwhile, and what the old one has opened may have come after all that was ended with it.
            await cookie.End(http);
            return Wrong();
        }

        return await StandingOf(asker) is Standing.Elsewhere ? Problems.NotARoleThere() : NoBody();
    }

    /// <summary>The account, when the password is its; else what to answer. Each try counts.</summary>
    private async Task<(AccountRecord? Account, Problem? Refused)> Try(HttpContext http, TriedFrom place, string name, string password, Func<Problem> wrong)
    {
        // What a silo would have to look up for nothing.
        if (place.Device is null && hashing.IsFull(place)) return (null, Hashing.Busy());
        var door = grains.Of<ISignInNameGrain>(name);
        // Once, whatever comes of it: said twice it would count twice.
        var tried = await door.Try(place);
        if (tried.Whose is { } whose) http.Concerns(whose);
        if (tried.Closed is { } closed) return (null, Closed(closed));
        var lane = tried.IsKnown ? place : place with { Device = null };
        if (await hashing.Verify(lane, tried.Account, password, http.RequestAborted) is not { } result)
        {
            await door.TakeBack(place, isRight: false);
            return (null, Hashing.Busy());
        }

        if (result is PasswordVerificationResult.Failed || tried.Account is not { } account) return (null, wrong());
        await door.TakeBack(place, isRight: true);
        // Made with fewer rounds than count today. The password of a setting is hashed by the silos.
        if (result is PasswordVerificationResult.SuccessRehashNeeded && account is { IsShared: false, PasswordHash: { } before }
            && await hashing.Hash(lane, password, http.RequestAborted) is { } stronger)
            await grains.Of<IAccountGrain>(account.Account).Strengthen(before, stronger);
        return (account, null);
    }

    /// <summary>Whoever finds an open session tries no more passwords with it than at the door, and is kept out by nobody else's tries.</summary>
    private static TriedFrom FromSession(HttpContext http, int generation) => SessionCookie.From(http) with { Device = "session " + http.Session().Id, Generation = generation };

    private Task<AccountView?> WhoIs(Asker asker) => silos.Ask(() => grains.Of<IStandingGrain>(asker.Account).WhoIs(asker));

    private Task<Standing> StandingOf(Asker asker) => silos.Ask(() => grains.Of<IStandingGrain>(asker.Account).Of(asker));

    private async Task<SessionView> View(AccountView view, Session session)
    {
        var demonstration = await silos.Ask(() => grains.Of<IDemonstrationGrain>(0).Accounts());
        var position = await silos.Ask(() => grains.Of<IFeedGrain>(0).Position());
        // What the caller reads from now on holds everything up to there, since only what comes later is told live.
        writes.Reach(position);
        return new(
            view.Account, view.SignInName, view.DisplayName, view.Role, view.Body, view.Bodies, session.Token, position,
            demonstration.Length > 0, Version, time.GetUtcNow(), session.Ends, session.EndsForGood, view.Reset);
    }

    private static Problem NoBody() =>
        Problems.Of(StatusCodes.Status403Forbidden, "session.no-body", "This account speaks for no body. Ask the coordinator of your body for a role.");

    /// <summary>Wrong name and wrong password look the same.</summary>
    private static Problem Wrong() =>
        Problems.Of(StatusCodes.Status401Unauthorized, "session.wrong-credentials", "Account or password is wrong.");

    private static Problem WrongPassword(string pointer)
    {
        const string Detail = "This is not the password that counts now.";
        return Problems.Of(StatusCodes.Status400BadRequest, "session.wrong-password", Detail, null, new FieldError(pointer, "session.wrong-password", Detail));
    }

    private Problem Closed(DateTimeOffset until) => Problems.Of(
        StatusCodes.Status429TooManyRequests, "session.locked-out", "Too many wrong passwords for this account from here. Try again later, or on a device on which you have signed in before.",
        until - time.GetUtcNow());
}
