using CsCheck;

namespace Coordination.Domain.Tests.Plans;

public class DueDates
{
    [Theory]
    [InlineData("2026-09-30", "2026-09-30", "2026-09-30")]
    [InlineData("2026-09", "2026-09-01", "2026-09-30")]
    [InlineData("2024-02", "2024-02-01", "2024-02-29")]
    [InlineData("2026-Q1", "2026-01-01", "2026-03-31")]
    [InlineData("2026-Q3", "2026-07-01", "2026-09-30")]
    [InlineData("2026-Q4", "2026-10-01", "2026-12-31")]
    [InlineData("2026-H1", "2026-01-01", "2026-06-30")]
    [InlineData("2026-H2", "2026-07-01", "2026-12-31")]
    [InlineData("2026", "2026-01-01", "2026-12-31")]
    [InlineData("9999", "9999-01-01", "9999-12-31")]
    public void A_part_of_the_calendar_is_late_when_all_of_it_has_passed(string text, string first, string last)
    {
        Assert.True(Due.TryParse(text, out var due));
        var within = Assert.IsType<Due.Within>(due);
        Assert.Equal((DateOnly.Parse(first, null), DateOnly.Parse(last, null)), (within.FirstDay, within.LastDay));
        Assert.Equal(text, due.ToString());
        if (within.LastDay == DateOnly.MaxValue) return;
        Assert.False(Milestone(due).IsLate(within.LastDay!.Value));
        Assert.True(Milestone(due).IsLate(within.LastDay.Value.AddDays(1)));
    }

    [Theory]
    [InlineData("ongoing")]
    [InlineData("ongoing/2028-12-31")]
    [InlineData("R/P3M")]
    [InlineData("R/P12M/2028-12-31")]
    [InlineData("adoption+P3M")]
    public void What_goes_on_comes_again_or_waits_for_the_adoption_is_never_late(string text)
    {
        Assert.True(Due.TryParse(text, out var due));
        Assert.Equal(text, due.ToString());
        Assert.Null(due.LastDay);
        Assert.False(Milestone(due).IsLate(DateOnly.MaxValue));
        Assert.False(Milestone(due).IsAtRisk(new(2028, 12, 30)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("26")]
    [InlineData("2026-13")]
    [InlineData("2026-00")]
    [InlineData("2026-Q0")]
    [InlineData("2026-Q5")]
    [InlineData("2026-H3")]
    [InlineData("2026-02-30")]
    [InlineData("2026-9-30")]
    [InlineData("2026\n")]
    [InlineData("٢٠٢٦")]
    [InlineData("ongoing/2028")]
    [InlineData("R/P0M")]
    [InlineData("R/P121M")]
    [InlineData("R/P3M/soon")]
    [InlineData("adoption")]
    [InlineData("adoption+P3D")]
    public void Everything_else_is_no_date(string? text) => Assert.False(Due.TryParse(text, out _));

    [Fact]
    public void The_same_quarter_is_the_same_date_whichever_of_its_days_was_given()
    {
        Assert.Equal(new Due.Within(new(2026, 7, 1), Precision.Quarter), new Due.Within(new(2026, 9, 30), Precision.Quarter));
        Assert.NotEqual(new Due.Within(new(2026, 7, 1), Precision.Quarter), new Due.Within(new(2026, 7, 1), Precision.Half));
        Assert.NotEqual<Due>(new Due.Within(new(2026, 7, 1), Precision.Quarter), new Due.Ongoing());
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Gen.Select(Gen.DateOnly, Gen.Enum<Precision>(), Gen.Int[1, 120], Gen.Int[0, 3]).Sample((day, precision, months, kind) =>
    {
        Due due = kind switch { 0 => new Due.Within(day, precision), 1 => new Due.Ongoing(day), 2 => new Due.Recurring(months, day), _ => new Due.AfterAdoption(months) };
        return Due.TryParse(due.Text, out var again) && again == due;
    });

    private static Milestone Milestone(Due due) => new("m", "x", due, due, Contracts.Plans.MilestoneStatus.InProgress, 0, Version: 1);
}
