using Microsoft.EntityFrameworkCore;

namespace Coordination.Yardstick;

/// <summary>A row of its own for each thing, changed in place.</summary>
public sealed class Plan
{
    public int Id { get; set; }
    public required string Body { get; set; }
    public required string Title { get; set; }
}

public sealed class Milestone
{
    public int Id { get; set; }
    public int PlanId { get; set; }
    public Plan? Plan { get; set; }
    public required string Title { get; set; }
    public required string Status { get; set; }
    public int Progress { get; set; }
    public string? Note { get; set; }

    /// <summary>How many reports there were. Without a concurrency token, the later of two that overlap takes the earlier one's count back.</summary>
    public int Reports { get; set; }
}

/// <summary>What is to be told to others: written in the transaction of the change, so that it is not lost.</summary>
public sealed class OutboxRow
{
    public long Id { get; set; }
    public required string Type { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Data { get; set; }
}

public sealed class PlansContext(DbContextOptions<PlansContext> options) : DbContext(options)
{
    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<Milestone> Milestones => Set<Milestone>();
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<OutboxRow>().Property(row => row.Data).HasColumnType("jsonb");
}
