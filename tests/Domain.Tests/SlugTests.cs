using CsCheck;

namespace Coordination.Domain.Tests;

public class SlugTests
{
    [Theory]
    [InlineData("National action plan 2026–2030", "national-action-plan-2026-2030")]
    [InlineData("Été à l'Île : première étape", "ete-a-l-ile-premiere-etape")]
    [InlineData("Lutte contre la traite, main-d'œuvre", "lutte-contre-la-traite-main-d-oeuvre")]
    [InlineData("Straße und Łódź, Ærø", "strasse-und-lodz-aero")]
    [InlineData("  --Hello--  ", "hello")]
    [InlineData("خطة العمل الوطنية", "plan")]
    [InlineData("خطة 2026", "2026")]
    [InlineData("", "plan")]
    [InlineData("\ud800", "plan")]
    public void A_title_becomes_a_short_readable_id_or_the_fallback(string title, string slug) => Assert.Equal(slug, Slug.Of(title, "plan"));

    [Fact]
    public void A_long_title_is_cut_at_sixty_characters()
    {
        Assert.Equal(new string('a', 60), Slug.Of(new string('a', 300), "plan"));
        Assert.Equal(new string('a', 59), Slug.Of(new string('a', 59) + " " + new string('b', 240), "plan"));
    }

    [Fact]
    public void Whatever_the_title_the_id_is_one() =>
        Gen.String.Sample(title => System.Text.RegularExpressions.Regex.IsMatch(Slug.Of(title, "plan"), "^[a-z0-9]+(-[a-z0-9]+)*$") && Slug.Of(title, "plan").Length <= 60);

    [Fact]
    public void One_that_is_taken_gets_the_first_number_that_is_free()
    {
        Assert.Equal("plan", Slug.Unique("plan", _ => false));
        Assert.Equal("plan-2", Slug.Unique("plan", taken => taken == "plan"));
        Assert.Equal("plan-4", Slug.Unique("plan", taken => taken is "plan" or "plan-2" or "plan-3"));
    }
}
