using Coordination.Contracts.Plans;
using Coordination.Contracts.Requests;
using Coordination.Contracts.Subscriptions;

namespace Coordination.Host.Import;

// deploy/data/exercise.json. Days count from the day of loading, so that there is always something late and something due.

internal sealed record ExerciseData(
    BodyData[] Bodies, ExerciseGroup[] Groups, ExercisePlan[] Plans, ExerciseRequest[] Requests, ExerciseSubscription[] Subscriptions);

internal sealed record ExerciseGroup(string Id, string Name, string[] Members, ExerciseTerm[] Chairs, ExerciseUpdate[] Updates);

internal sealed record ExerciseTerm(string Body, int FromInDays, int ToInDays);

internal sealed record ExerciseUpdate(string Key, string Body, string Text, Mark Mark, string? ReplyTo);

internal sealed record ExercisePlan(
    string Id, string Body, string Title, int Iteration, int FromInDays, int ToInDays, Mark Mark, PlanStatus Status, ExerciseMeasure[] Measures);

internal sealed record ExerciseMeasure(string Id, Pillar Pillar, string Title, string Lead, string[]? Supporting, ExerciseMilestone[] Milestones);

internal sealed record ExerciseMilestone(string Id, string Title, int DueInDays, int? BaselineInDays, ExerciseReport? Report);

internal sealed record ExerciseReport(string By, MilestoneStatus Status, int? Progress, string? Note, string? Evidence, ReportState State);

internal sealed record ExerciseRequest(
    string Key, string From, string[]? To, string? Region, RequestKind Kind, string Subject, string? Text, Pillar? Pillar, Mark Mark, Urgency Urgency,
    int? NeededByInDays, ExerciseStep[] Steps);

internal sealed record ExerciseStep(string Verb, string By, string? Text, DeclineGround? Ground, int? DateInDays);

internal sealed record ExerciseSubscription(
    string Body, SubscriptionSubject About, string[]? Regions, string[]? States, RequestKind[]? Kinds, Pillar[]? Pillars);
