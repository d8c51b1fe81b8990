using System.Reflection;
using Coordination.Contracts;
using Coordination.Contracts.Plans;

namespace Coordination.Gateway.Tests.Interfaces;

/// <summary>An enumeration's member has one name, in JSON and outside of it.</summary>
public sealed class NamesOfMembers
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new Http.OneName() } };

    public static TheoryData<Type> Enumerations => [.. typeof(Mark).Assembly.GetExportedTypes().Where(type => type.IsEnum)];

    [Theory, MemberData(nameof(Enumerations))]
    public void Are_those_in_JSON(Type type)
    {
        var values = Enum.GetValues(type).Cast<object>().ToArray();
        string[] names = [.. values.Select(value => JsonSerializer.SerializeToElement(value, type, Json).GetString()!)];

        Assert.Equal(names, EnumNames.All(type));
        Assert.Equal(names, values.Select(value => Call(nameof(EnumNames.NameOf), type, value)));
        Assert.Equal(values, names.Select(name => Call(nameof(EnumNames.Parse), type, name.ToUpperInvariant())!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("UnderImplementation")]
    [InlineData("drafting,adopted")]
    public void Are_the_only_ones(string name) => Assert.Null(EnumNames.Parse<PlanStatus>(name));

    private static object? Call(string method, Type type, object argument) =>
        typeof(EnumNames).GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [argument]);
}
