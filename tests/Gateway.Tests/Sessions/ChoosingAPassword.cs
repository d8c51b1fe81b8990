using Coordination.Gateway.Sessions;

namespace Coordination.Gateway.Tests.Sessions;

/// <summary>Passwords that are tried first are refused, and others are not.</summary>
public sealed class ChoosingAPassword
{
    [Theory]
    // On the list, or with something around it, or spelled with digits, or said twice.
    [InlineData("123qweasdzxc")]
    [InlineData("MOTHERFUCKER")]
    [InlineData("password1234")]
    [InlineData("2026Password!")]
    [InlineData("P4$$w0rd-2026")]
    [InlineData("passwordpassword")]
    [InlineData("dragon dragon dragon 1")]
    [InlineData("!!!!monkey!!!!")]
    // Runs and repetitions.
    [InlineData("123456789012")]
    [InlineData("abcdefghijklm")]
    [InlineData("zyxwvutsrqpo")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abababababab")]
    [InlineData("2026-11-30 12:00")]
    // Names of one's own.
    [InlineData("anna.kowalska")]
    [InlineData("Anna.Kowalska1")]
    [InlineData("xx Anna Kowalska")]
    [InlineData("annakowalska")]
    [InlineData("Anna_Kowalska_7")]
    // Full width is the same.
    [InlineData("ｐａｓｓｗｏｒｄ２０２６")]
    public void Guessable(string password) => Assert.True(PasswordRules.IsGuessable(password, "anna.kowalska", "Anna Kowalska"));

    [Theory]
    [InlineData("seven grey herons wade")]
    [InlineData("correct horse battery staple")]
    [InlineData("kX9#vq2!Lm4z")]
    [InlineData("anna.kowalska likes herons")]
    [InlineData("семь серых цапель")]
    [InlineData("سبعة طيور رمادية")]
    [InlineData("七只灰色的苍鹭在水里走着")]
    public void Not_guessable(string password) => Assert.False(PasswordRules.IsGuessable(password, "anna.kowalska", "Anna Kowalska", ""));

    [Fact]
    public void What_is_no_text_breaks_nothing() => Assert.False(PasswordRules.IsGuessable("\uFFFE\uD800 not a text at all"));

    [Fact]
    public void The_list_is_long() => Assert.True(PasswordRules.CommonCount > 40_000);

    [Fact]
    public void Characters_are_counted_as_people_count_them()
    {
        Assert.Equal("password.short", PasswordRules.Check("#/new", "🦢🦢🦩🦩🦢🦩🦢🦩🦩🦢🦩")?.Code);
        Assert.Null(PasswordRules.Check("#/new", "🦢🦩🐟🪶🌊🌾🦆🐸🪷🛶🌙🦉"));
    }
}
