using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Coordination.Contracts.Accounts;
using Coordination.Contracts.Security;
using Coordination.Gateway.Http;
using Coordination.Gateway.Security;

namespace Coordination.Gateway.Sessions;

/// <summary>The secret of an invitation's link. It is kept nowhere: the account keeps what is made of it.</summary>
public sealed class InvitationSecret
{
    private readonly string _text;

    private InvitationSecret(string text) => _text = text;

    /// <summary>As <see cref="Invitation.Hash"/> keeps it. What is guessed has 128 bits: no salt and no rounds are needed.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_text)));

    public static InvitationSecret New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));

    /// <summary>The account and the secret that a link names; false when it names none.</summary>
    public static bool TryRead(string token, out string account, out InvitationSecret secret)
    {
        ArgumentNullException.ThrowIfNull(token);
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        account = dot < 0 ? "" : token[..dot];
        secret = new(token[(dot + 1)..]);
        return AccountId.IsOne(account);
    }

    /// <summary>Behind the number sign, which browsers keep to themselves: it stands in no log of a server or proxy.</summary>
    public string LinkTo(string account) => $"/invitation#{account}.{_text}";
}

/// <param name="Token">What stands behind the number sign of the link.</param>
public sealed record SeeInvitation([property: Required, StringLength(200, MinimumLength = 1)] string Token);

/// <param name="Token">What stands behind the number sign of the link.</param>
/// <param name="Password">At least 12 characters, and none of the common ones.</param>
/// <param name="DisplayName">How one wants to be shown; as the invitation says when null.</param>
public sealed record TakeInvitation(
    [property: Required, StringLength(200, MinimumLength = 1)] string Token,
    [property: Required, StringLength(PasswordRules.Longest, MinimumLength = PasswordRules.Shortest), JsonConverter(typeof(AnyText))] string Password,
    [property: StringLength(200, MinimumLength = 1)] string? DisplayName = null);

/// <summary>What whoever has an invitation's link does with it, without a session.</summary>
public static class InvitationApi
{
    public static RouteGroupBuilder MapInvitations(this RouteGroupBuilder api)
    {
        var invitations = api.MapGroup("/invitations").In(Chapter.Session).AllowAnonymous().RequireRateLimiting(GatewayHosting.SignInLimit).AddEndpointFilter<KeptPrivate>().TakesAtMost(SessionApi.Largest);
        invitations.MapPost("/see", See).WithName("seeInvitation").WithSummary("What an invitation says").Refuses(404, 429);
        invitations.MapPost("/accept", Accept).WithName("acceptInvitation").WithSummary("Choose a password by an invitation, once, and be signed in").Refuses(404, 429).Notes(SecurityEventKind.InvitationAccepted);
        return api;
    }

    private static Task<Results<Ok<InvitationView>, Problem>> See(SeeInvitation given, [FromServices] SignIns signIns) => signIns.See(given);

    private static Task<Results<Ok<SessionView>, Problem>> Accept(TakeInvitation given, HttpContext http, [FromServices] SignIns signIns) => signIns.Accept(http, given);
}
