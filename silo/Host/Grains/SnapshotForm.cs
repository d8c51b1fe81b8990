using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Coordination.Host.Grains;

/// <summary>
/// The number of a state's stored form, computed from its shape: a snapshot of any other shape is passed over, and nobody has to remember to count.
/// What has the same shape and another meaning needs another name of a member.
/// </summary>
public static class SnapshotForm
{
    /// <summary>Positive, and another one whenever <see cref="Describe"/> says something else.</summary>
    public static int Of(Type type) => BinaryPrimitives.ReadInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Describe(type)))) & int.MaxValue;

    /// <summary>
    /// Every member that is stored, by its stored name and the form of what it holds, as deep as it goes; enumerations with their members. What
    /// classes are called is not stored. One that was met before is told by when.
    /// </summary>
    public static string Describe(Type type)
    {
        var (text, known) = (new StringBuilder(), new Dictionary<Type, int>());
        Describe(type);
        return text.ToString();

        void Describe(Type one)
        {
            if (Nullable.GetUnderlyingType(one) is { } underlying)
            {
                text.Append('?');
                one = underlying;
            }

            var info = FactJson.Options.GetTypeInfo(one);
            if (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
            {
                text.Append(info.Kind is JsonTypeInfoKind.Dictionary ? "by key[" : "[");
                // Elements are the last argument; keys are text.
                Describe(one.GetElementType() ?? one.GetGenericArguments()[^1]);
                text.Append(']');
                return;
            }

            if (info.Kind is not JsonTypeInfoKind.Object)
            {
                text.Append(one.IsEnum ? string.Join('|', Enum.GetNames(one)) : one.Name);
                return;
            }

            if (known.TryGetValue(one, out var met))
            {
                text.Append('#').Append(met);
                return;
            }

            known.Add(one, known.Count);
            text.Append('{');
            foreach (var member in info.Properties)
            {
                text.Append(member.Name).Append(':');
                Describe(member.PropertyType);
                text.Append(';');
            }

            foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
            {
                text.Append(derived.TypeDiscriminator).Append('=');
                if (derived.DerivedType != one) Describe(derived.DerivedType);
                text.Append(';');
            }

            text.Append('}');
        }
    }
}
