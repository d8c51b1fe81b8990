namespace Coordination.Domain.Tests;

public sealed class LinksTests
{
    [Theory]
    [InlineData("https://example.org/a?b=c#d")]
    [InlineData("HTTP://EXAMPLE.ORG")]
    [InlineData("https://example.org/a@b")]
    [InlineData("https://مثال.إختبار/تقرير")]
    [InlineData("urn:isbn:9789210546393")]
    [InlineData("A/67/170, paragraph 54")]
    [InlineData("Decision 12/2011 (annex: tables)")]
    [InlineData("Décision n° 5 : annexe")]
    [InlineData("القرار رقم ٥: الملحق")]
    [InlineData("see page 5\nand the annex")]
    public void A_reference_or_an_address_is_taken(string text) => Assert.Null(Links.Check("#/evidence/0", text));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("  JavaScript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("java\nscript:alert(1)")]
    [InlineData("javascript\u200b:alert(1)")]
    [InlineData("\u200bjavascript:alert(1)")]
    [InlineData("\u0001javascript:alert(1)")]
    [InlineData("javascript://example.org/%0aalert(1)")]
    [InlineData("data:text/html,hello")]
    [InlineData("vbscript:msgbox(1)")]
    [InlineData("blob:https://example.org/1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/a")]
    [InlineData("//example.org/a")]
    [InlineData("/\t/example.org/a")]
    [InlineData("https:example.org")]
    [InlineData("https:/example.org")]
    [InlineData("https:///example.org")]
    [InlineData("https:\\\\example.org")]
    [InlineData("https://example.org\\@example.com")]
    [InlineData("https://exam\u00adple.org")]
    [InlineData("https://user@example.org")]
    [InlineData("https://user:word@example.org/a")]
    [InlineData("https://example.org@example.com")]
    [InlineData("https://")]
    public void An_address_that_misleads_or_runs_is_refused(string text)
    {
        var refusal = Links.Check("#/evidence/0", text)!;
        Assert.Equal(("report.evidence-link", "#/evidence/0"), (refusal.Code, Assert.Single(refusal.Fields).Pointer));
    }
}
