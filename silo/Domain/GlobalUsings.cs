global using System.Collections.Immutable;
global using Coordination.Contracts;
