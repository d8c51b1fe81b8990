using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
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

    /// <summary>Of those of strangers: a tenth of the weight of a thread that serves people, when both want a processor.</summary>
    private const int Niceness = 10;

    /// <summary>Strangers who wait. Known devices have a turn of their own, in front of which as many may wait.</summary>
    private const int MostWaiting = 24;

    /// <summary>Of one site, so that nobody fills a queue alone.</summary>
    private const int MostWaitingFromOne = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly AccountRecord Nobody = new("", "", "", null, 0);

    /// <summary>The hash of a password that nobody knows: checking it takes as long as checking one that somebody has.</summary>
    private readonly Lazy<string> _unknown = new(() => hasher.HashPassword(Nobody, Guid.NewGuid().ToString()));

    private readonly Lane _strangers = new(Math.Max(1, Environment.ProcessorCount / 2), GivingWay);
    private readonly Lane _known = new(1, static work => work());

    public void Dispose()
    {
        _strangers.Dispose();
        _known.Dispose();
    }

    /// <summary>The hash of a password; null when too many wait.</summary>
    public Task<string?> Hash(TriedFrom from, string password, CancellationToken cancellation) => InTurn<string?>(from, () => hasher.HashPassword(Nobody, password), cancellation);

    /// <summary>
    /// Whether a password is an account's; null when too many wait. As much work for a name without an account, so that time does not tell
    /// which names have one. Names of the demonstration, which the sign-in page lists, may be answered sooner.
    /// </summary>
    public async Task<PasswordVerificationResult?> Verify(TriedFrom from, AccountRecord? account, string password, CancellationToken cancellation)
    {
        var hash = account?.PasswordHash;
        var result = await InTurn<PasswordVerificationResult?>(from, () => hasher.VerifyHashedPassword(account ?? Nobody, hash ?? _unknown.Value, password), cancellation);
        return hash is null && result is not null ? PasswordVerificationResult.Failed : result;
    }

    /// <summary>Whoever would wait now is sent away in any case.</summary>
    public bool IsFull(TriedFrom from) => LaneOf(from).IsFull(from.Site);

    public static Problem Busy() =>
        Problems.Of(StatusCodes.Status429TooManyRequests, "session.busy", "Many people sign in at this moment. Try again in a few seconds.", TimeSpan.FromSeconds(3));

    private Task<T?> InTurn<T>(TriedFrom from, Func<T> work, CancellationToken cancellation) => LaneOf(from).Do(from.Site, work, cancellation);

    private Lane LaneOf(TriedFrom from) => from.Device is null ? _strangers : _known;

    /// <summary>
    /// On Linux, where priority is a thread's own, whoever has lowered it cannot raise it again, and threads that it makes inherit it. So the work has
    /// a thread to itself, and what follows is not done there. Elsewhere nothing happens.
    /// </summary>
    private static void GivingWay(Action work)
    {
        if (!OperatingSystem.IsLinux())
        {
            work();
            return;
        }

        ExceptionDispatchInfo? broken = null;
        var own = new Thread(() =>
        {
            _ = SetPriority(which: 0, who: 0, Niceness);
            try
            {
                work();
            }
            catch (Exception exception)
            {
                broken = ExceptionDispatchInfo.Capture(exception);
            }
        });
        own.Start();
        own.Join();
        broken?.Throw();
    }

    [DllImport("libc", EntryPoint = "setpriority"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int niceness);

    /// <summary>So many at a time, and a short queue in front.</summary>
    /// <param name="run">Runs the work to its end.</param>
    private sealed class Lane(int atOnce, Action<Action> run) : IDisposable
    {
        private readonly SemaphoreSlim _turns = new(atOnce);
        private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal);
        private int _allWaiting;

        public void Dispose() => _turns.Dispose();

        public async Task<T?> Do<T>(string site, Func<T> work, CancellationToken cancellation)
        {
            if (!Enter(site)) return default;
            bool isIn;
            try
            {
                isIn = await _turns.WaitAsync(Patience, cancellation);
            }
            finally
            {
                Leave(site);
            }

            if (!isIn) return default;
            try
            {
                // On a thread of its own: those of the pool, which are as few as there are processors, serve everybody else meanwhile.
                T? result = default;
                await Task.Factory.StartNew(() => run(() => result = work()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                return result;
            }
            finally
            {
                _turns.Release();
            }
        }

        public bool IsFull(string site)
        {
            lock (_waiting) return _allWaiting >= MostWaiting || _waiting.GetValueOrDefault(site) >= MostWaitingFromOne;
        }

        private bool Enter(string site)
        {
            lock (_waiting)
            {
                if (IsFull(site)) return false;
                _waiting[site] = _waiting.GetValueOrDefault(site) + 1;
                _allWaiting++;
                return true;
            }
        }

        private void Leave(string site)
        {
            lock (_waiting)
            {
                _allWaiting--;
                if (--_waiting[site] == 0) _waiting.Remove(site);
            }
        }
    }
}
