global using Coordination.Contracts;
global using Coordination.Contracts.Bodies;
global using Coordination.Contracts.Groups;
global using Coordination.Contracts.Plans;
global using Coordination.Contracts.Requests;
global using Coordination.Contracts.Subscriptions;
global using Coordination.Domain;
global using Coordination.Host;
global using Coordination.Host.Views;
global using Coordination.Journal;
global using Coordination.Silo.Tests.Running;
global using Coordination.Tests.Servers;
global using Record = Coordination.Journal.Record;

// Silos share two cores and tests tell the journal to fail: one at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
