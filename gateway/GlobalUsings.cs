global using Coordination.Contracts;
global using Microsoft.AspNetCore.Http.HttpResults;
global using Microsoft.AspNetCore.Mvc;
global using Orleans;
// What a command is answered with: 201, or 200 when it was said before, where it makes something; 200 where it changes something; else why not.
global using MadeOrNot = Microsoft.AspNetCore.Http.HttpResults.Results<Microsoft.AspNetCore.Http.HttpResults.Created<Coordination.Gateway.Http.Receipt>, Microsoft.AspNetCore.Http.HttpResults.Ok<Coordination.Gateway.Http.Receipt>, Coordination.Gateway.Http.Problem>;
global using DoneOrNot = Microsoft.AspNetCore.Http.HttpResults.Results<Microsoft.AspNetCore.Http.HttpResults.Ok<Coordination.Gateway.Http.Receipt>, Coordination.Gateway.Http.Problem>;
