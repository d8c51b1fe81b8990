using System.Globalization;
using System.Reflection;
using System.Text;
using Orleans;

namespace Coordination.Silo.Tests.Upgrades;

/// <summary>
/// How contracts are laid out on the wire between silos and gateways, as the manifest of their interfaces pins how they are called: during a rolling
/// upgrade both versions must read each other. A member is added with the next number and none is moved, retyped or reused.
/// </summary>
public sealed class OrleansLayouts
{
    private static readonly string File = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Import.LoadedSilo.Input))!, "silo", "Contracts", "OrleansLayouts.txt");

    [Fact]
    public void Are_those_that_are_written_down()
    {
        var layouts = string.Concat(Types().Select(Layout));
        // Run with UPDATE_LAYOUTS=1 after a change that was meant, and look at what it changes.
        if (Environment.GetEnvironmentVariable("UPDATE_LAYOUTS") == "1") System.IO.File.WriteAllText(File, layouts);
        Assert.Equal(System.IO.File.ReadAllText(File), layouts);
    }

    [Fact]
    public void Are_named_by_hand_so_that_a_class_can_be_renamed()
    {
        var aliases = Types().Select(type => (type, Alias: AliasOf(type))).ToList();
        Assert.All(aliases, one => Assert.False(string.IsNullOrEmpty(one.Alias), $"{one.type} has no alias."));
        Assert.Equal(aliases.Count, aliases.Select(one => one.Alias).Distinct().Count());
    }

    private static IEnumerable<Type> Types() => typeof(Outcome).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)
        .OrderBy(type => AliasOf(type) ?? type.FullName, StringComparer.Ordinal);

    private static string Layout(Type type)
    {
        var text = new StringBuilder(AliasOf(type) ?? type.FullName);
        if (type.BaseType is { } parent && AliasOf(parent) is { } alias) text.Append(" : ").Append(alias);
        text.Append('\n');
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValues(type)) text.Append(CultureInfo.InvariantCulture, $"  {Convert.ToInt64(value, null)} {value}\n");
            return text.ToString();
        }

        // Of a record, what it is constructed with is numbered from 0 in its order.
        var constructed = type.GetConstructors().Where(constructor => constructor.GetParameters() is { Length: > 0 } && constructor.GetParameters().All(parameter => type.GetProperty(parameter.Name!) is not null))
            .MaxBy(constructor => constructor.GetParameters().Length)?.GetParameters() ?? [];
        for (var number = 0; number < constructed.Length; number++) text.Append(CultureInfo.InvariantCulture, $"  ({number}) {constructed[number].Name}: {Name(constructed[number].ParameterType)}\n");
        var numbered = type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(property => (property, Id: property.GetCustomAttribute<IdAttribute>()?.Id)).Where(one => one.Id is not null).OrderBy(one => one.Id);
        foreach (var (property, id) in numbered) text.Append(CultureInfo.InvariantCulture, $"  [{id}] {property.Name}: {Name(property.PropertyType)}\n");
        return text.ToString();
    }

    private static string? AliasOf(Type type) => type.GetCustomAttributes<AliasAttribute>(inherit: false).FirstOrDefault()?.Alias;

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } underlying ? Name(underlying) + "?"
        : type.IsArray ? Name(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : AliasOf(type) ?? type.Name;
}
