namespace Coordination.Domain.Tests;

public class WhatTextsMustBe
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n\u00A0\u2003")]
    [InlineData("\u200B")]
    [InlineData("\u200B\u2067")]
    [InlineData("\u200C\u200D\u2060\uFEFF\u00AD")]
    [InlineData("\u0301\uFE0F\u034F")]
    [InlineData("\u3164\u115F\u1160\uFFA0\u2800")]
    [InlineData("\U000E0041")]
    public void What_shows_nothing_is_empty(string? text)
    {
        Assert.True(Texts.IsEmpty(text));
        Assert.Null(Texts.Trimmed(text));
        Assert.Equal("text.empty", Texts.Needed("#/text", text)?.Code);
        Assert.Equal("text.empty", Texts.Title("#/title", text)?.Code);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("?")]
    [InlineData("2026")]
    [InlineData("نمی\u200Cدانم")]
    [InlineData("क्\u200Dष")]
    [InlineData("ශ්\u200Dරී ලංකා")]
    [InlineData("مجلس (A/67/170)\u200E")]
    [InlineData("行动计划")]
    [InlineData("👩\u200D⚖\uFE0F")]
    [InlineData("\U00020000")]
    [InlineData(" Title ")]
    public void What_languages_need_is_a_title(string text)
    {
        Assert.Null(Texts.Title("#/title", text));
        Assert.Equal(text.Trim(), Texts.Trimmed(text));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\n")]
    [InlineData("a\u000Bb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2066b")]
    [InlineData("a\u2067b\u2069")]
    public void A_title_is_one_line_that_turns_no_direction(string text)
    {
        Assert.Equal("text.not-one-line", Texts.Title("#/title", text)?.Code);
        Assert.Null(Texts.Needed("#/text", text));
    }
}
