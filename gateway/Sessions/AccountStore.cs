using Coordination.Contracts.Accounts;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Coordination.Gateway.Sessions;

/// <summary>An account as ASP.NET Core Identity handles it: a record that may be changed until it is saved.</summary>
public sealed class SignInAccount(AccountRecord record)
{
    public AccountRecord Record { get; set; } = record;
}

/// <summary>Identity's store over the accounts that the silo keeps. The gateway keeps none.</summary>
public sealed class AccountStore(IGrainFactory grains, Silos silos)
    : IUserPasswordStore<SignInAccount>, IUserSecurityStampStore<SignInAccount>
{
    public Task<string> GetUserIdAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.Record.Account);

    /// <summary>The id again: a cookie holds no name of a person.</summary>
    public Task<string?> GetUserNameAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Record.Account);
    public Task<string?> GetNormalizedUserNameAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Record.SignInName);
    public Task SetUserNameAsync(SignInAccount user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException("An account keeps its sign-in name.");
    public Task SetNormalizedUserNameAsync(SignInAccount user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetPasswordHashAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.Record.PasswordHash);
    public Task<bool> HasPasswordAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.Record.PasswordHash is not null);
    public Task SetPasswordHashAsync(SignInAccount user, string? passwordHash, CancellationToken cancellationToken) => Set(user, user.Record with { PasswordHash = passwordHash, FirstGivenBy = null });

    public Task<string?> GetSecurityStampAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Record.SecurityStamp);
    public Task SetSecurityStampAsync(SignInAccount user, string stamp, CancellationToken cancellationToken) => Set(user, user.Record with { SecurityStamp = stamp });

    public async Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        await silos.Ask(() => grains.GetGrain<IAccountGrain>(userId).Find()) is { } record ? new(record) : null;

    public async Task<SignInAccount?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        await silos.Ask(() => grains.GetGrain<ISignInNameGrain>(normalizedUserName).Find()) is { } record ? new(record) : null;

    public Task<IdentityResult> CreateAsync(SignInAccount user, CancellationToken cancellationToken) => throw new NotSupportedException("A role makes an account.");

    public Task<IdentityResult> UpdateAsync(SignInAccount user, CancellationToken cancellationToken) => Save(user);

    public Task<IdentityResult> DeleteAsync(SignInAccount user, CancellationToken cancellationToken) => throw new NotSupportedException("An administrator erases an account.");

    public void Dispose()
    {
        // Holds nothing.
    }

    private async Task<IdentityResult> Save(SignInAccount user)
    {
        if (!await grains.GetGrain<IAccountGrain>(user.Record.Account).Save(user.Record))
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        user.Record = user.Record with { Version = user.Record.Version + 1 };
        return IdentityResult.Success;
    }

    private static Task Set(SignInAccount user, AccountRecord record)
    {
        user.Record = record;
        return Task.CompletedTask;
    }
}

/// <summary>Sign-in names are lower case as they are; nothing is folded.</summary>
public sealed class LowerCase : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name?.Trim().ToLowerInvariant();

    public string? NormalizeEmail(string? email) => email;
}

/// <summary>Asks whether a session's stamp is still the account's. One that is not is nobody's session any more.</summary>
public sealed class StampValidator(IOptions<SecurityStampValidatorOptions> options, SignInManager<SignInAccount> signIns, ILoggerFactory logger)
    : SecurityStampValidator<SignInAccount>(options, signIns, logger)
{
    public override async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (await VerifySecurityStamp(context.Principal) is { } account)
        {
            await SecurityStampVerified(account, context);
            return;
        }

        // Not as the framework does it, which also signs out of schemes that there are not here, and fails.
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }
}
