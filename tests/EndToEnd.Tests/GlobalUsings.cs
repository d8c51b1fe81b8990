global using System.Net;
global using System.Net.Http.Json;
global using System.Text.Json;
global using Coordination.EndToEnd.Tests;
global using Coordination.EndToEnd.Tests.Nodes;
