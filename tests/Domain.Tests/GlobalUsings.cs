global using System.Collections.Immutable;
global using Coordination.Contracts;
global using Coordination.Domain.Accounts;
global using Coordination.Domain.Bodies;
global using Coordination.Domain.Groups;
global using Coordination.Domain.Plans;
global using Coordination.Domain.Requests;
global using Coordination.Domain.Subscriptions;
