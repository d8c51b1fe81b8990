using Coordination.Contracts.Plans;
using CsCheck;

namespace Coordination.Domain.Tests.Plans;

using static World;

public class LateAndAtRisk
{
    private static Milestone Due(int inDays, int progress = 0, MilestoneStatus status = MilestoneStatus.InProgress) =>
        new("m", "x", Today.AddDays(inDays), Today, status, progress, Version: 1);

    private static readonly DateOnly Today = new(2026, 3, 2);

    [Theory]
    [InlineData(Arden, "2026-03-02T22:59:59Z", false)]
    [InlineData(Arden, "2026-03-02T23:00:00Z", true)]
    [InlineData(Belmar, "2026-03-03T04:59:59Z", false)]
    [InlineData(Belmar, "2026-03-03T05:00:00Z", true)]
    [InlineData(Corvan, "2026-03-02T18:14:59Z", false)]
    [InlineData(Corvan, "2026-03-02T18:15:00Z", true)]
    [InlineData(Lagoon, "2026-03-02T10:59:59Z", false)]
    [InlineData(Lagoon, "2026-03-02T11:00:00Z", true)]
    public void A_milestone_is_late_from_midnight_after_its_day_where_the_body_is(string body, string now, bool late) =>
        Assert.Equal(late, Due(0).IsLate(new World().Bodies[body].Today(DateTimeOffset.Parse(now, null))));

    [Theory]
    [InlineData(MilestoneStatus.Planned, true)]
    [InlineData(MilestoneStatus.InProgress, true)]
    [InlineData(MilestoneStatus.Done, false)]
    [InlineData(MilestoneStatus.Cancelled, false)]
    public void What_is_done_or_cancelled_is_neither_late_nor_at_risk(MilestoneStatus status, bool open)
    {
        Assert.Equal(open, Due(-1, status: status).IsLate(Today));
        Assert.Equal(open, Due(1, status: status).IsAtRisk(Today));
    }

    [Theory]
    [InlineData(31, 0, false)]
    [InlineData(30, 0, false)]
    [InlineData(29, 0, true)]
    [InlineData(29, 3, true)]
    [InlineData(29, 4, false)]
    [InlineData(10, 66, true)]
    [InlineData(10, 67, false)]
    [InlineData(0, 99, true)]
    [InlineData(0, 100, false)]
    [InlineData(-1, 0, false)]
    public void Within_thirty_days_it_is_at_risk_when_less_is_done_than_time_is_used_up(int inDays, int progress, bool atRisk) =>
        Assert.Equal(atRisk, Due(inDays, progress).IsAtRisk(Today));

    [Fact]
    public void Nothing_is_both_late_and_at_risk() =>
        Gen.Select(Gen.Int[-60, 60], Gen.Int[0, 100], Gen.Enum<MilestoneStatus>()).Sample((days, progress, status) =>
            !(Due(days, progress, status).IsLate(Today) && Due(days, progress, status).IsAtRisk(Today)));
}
