global using System.Collections.Immutable;
global using System.Net;
global using System.Text;
global using System.Text.Json;
global using System.Text.Json.Nodes;

// One node, one journal: a test that says "nothing was written" must be alone with it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Coordination.Gateway.Tests.RunningNode))]
