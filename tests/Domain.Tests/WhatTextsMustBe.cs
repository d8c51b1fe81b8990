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

    [Theory]
    [InlineData("a\u200Bb")]
    [InlineData("a\u2060b")]
    [InlineData("\uFEFFa")]
    [InlineData("a\u034Fb")]
    [InlineData("a\u200D")]
    [InlineData("\u200Ca")]
    [InlineData("a \u200Db")]
    [InlineData("a\u200D\u200Cb")]
    [InlineData("a\uFE0F\uFE0F")]
    [InlineData("a\U000E0041")]
    [InlineData("a\u3164b")]
    public void Nothing_hides_in_a_title(string text)
    {
        Assert.Equal("text.hidden-characters", Texts.Title("#/title", text)?.Code);
        Assert.Equal("text.hidden-characters", Texts.Name("#/name", text)?.Code);
        Assert.Null(Texts.Needed("#/text", text));
    }

    [Theory]
    [InlineData("نمی\u200Cدانم")]
    [InlineData("ශ්\u200Dරී ලංකා")]
    [InlineData("co\u00ADoperation")]
    [InlineData("مجلس (A/67/170)\u200E")]
    [InlineData("👩\u200D⚖\uFE0F")]
    public void What_a_title_keeps_hides_in_a_name(string text)
    {
        Assert.Null(Texts.Title("#/title", text));
        Assert.Equal("text.hidden-characters", Texts.Name("#/name", text)?.Code);
        Assert.Equal("text.hidden-characters", Texts.Sign("#/acronym", text)?.Code);
    }

    [Theory]
    [InlineData("Coordination nationale (Côte d’Ivoire)")]
    [InlineData("المجلس القومي لمكافحة الاتجار بالأشخاص")]
    [InlineData("المُنسِّق الوطنيّ")]
    [InlineData("Межведомственная рабочая группа")]
    [InlineData("国家反拐行动办公室")]
    [InlineData("ราชอาณาจักรไทย")]
    [InlineData("대한민국")]
    public void What_bodies_are_called_is_a_name(string text) => Assert.Null(Texts.Name("#/name", text));
}
