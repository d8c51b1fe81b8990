global using System.Collections.Immutable;
global using Coordination.Contracts;
global using Coordination.Domain;
global using Coordination.Journal;
global using Microsoft.Extensions.Logging;
global using Orleans;
