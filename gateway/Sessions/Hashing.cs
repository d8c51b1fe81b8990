using Coordination.Contracts.Accounts;
using Coordination.Gateway.Http;
using Microsoft.AspNetCore.Identity;

namespace Coordination.Gateway.Sessions;

/// <summary>
/// Makes and checks hashes of passwords, few at once: each takes a processor for a tenth of a second, and whoever tries passwords must not
/// take it from all who work. The others wait in a short queue; who finds it full is sent away.
/// </summary>
public sealed class Hashing(IPasswordHasher<AccountRecord> hasher) : IDisposable
{
    /// <summary>Of PBKDF2 with HMAC-SHA-512, as OWASP's Password Storage Cheat Sheet asks for (2023).</summary>
    public const int Rounds = 210_000;

    private const int MostWaiting = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly AccountRecord Nobody = new("", "", "", null, 0, null, 0);

    /// <summary>The hash of a password that nobody knows: checking it takes as long as checking one that somebody has.</summary>
    private readonly Lazy<string> _unknown = new(() => hasher.HashPassword(Nobody, Guid.NewGuid().ToString()));

    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    public void Dispose() => _turns.Dispose();

    /// <summary>The hash of a password; null when too many wait.</summary>
    public Task<string?> Hash(string password, CancellationToken cancellation) => InTurn<string?>(() => hasher.HashPassword(Nobody, password), cancellation);

    /// <summary>
    /// Whether a password is an account's; null when too many wait. As much work for a name without an account, so that time does not tell
    /// which names have one. Names of the demonstration, which the sign-in page lists, may be answered sooner.
    /// </summary>
    public async Task<PasswordVerificationResult?> Verify(AccountRecord? account, string password, CancellationToken cancellation)
    {
        var hash = account?.PasswordHash;
        var result = await InTurn<PasswordVerificationResult?>(() => hasher.VerifyHashedPassword(account ?? Nobody, hash ?? _unknown.Value, password), cancellation);
        return hash is null && result is not null ? PasswordVerificationResult.Failed : result;
    }

    public static IResult Busy() =>
        Problems.Of(StatusCodes.Status429TooManyRequests, "session.busy", "Many people sign in at this moment. Try again in a few seconds.", TimeSpan.FromSeconds(3));

    private async Task<T?> InTurn<T>(Func<T> work, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return default;
        }

        bool isIn;
        try
        {
            isIn = await _turns.WaitAsync(Patience, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        if (!isIn) return default;
        try
        {
            return work();
        }
        finally
        {
            _turns.Release();
        }
    }
}
