global using System.ComponentModel.DataAnnotations;
global using Orleans;
