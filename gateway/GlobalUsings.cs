global using Coordination.Contracts;
global using Microsoft.AspNetCore.Mvc;
global using Orleans;
