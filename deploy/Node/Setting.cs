using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Coordination.Node;

/// <summary>One of the settings, as <see cref="Settings"/> declares it.</summary>
public sealed partial class Setting
{
    public static IReadOnlyList<Setting> All { get; } =
        [.. typeof(Settings).GetProperties().Where(property => property.SetMethod is not null).Select(property => new Setting(property))];

    private readonly PropertyInfo _property;
    private readonly ValidationAttribute? _form;

    private Setting(PropertyInfo property) => (_property, _form) = (property, property.GetCustomAttribute<ValidationAttribute>());

    public string Name => _property.Name;

    public bool IsSecret => _property.IsDefined(typeof(SecretAttribute));

    /// <summary>In words that follow "should be".</summary>
    public string Allowed => _form?.FormatErrorMessage(Name) ?? "a text";

    public bool IsNeededBy(string role) => _property.GetCustomAttribute<NeededByAttribute>()?.Roles.Contains(role) is true;

    /// <summary>What is wrong with the text that is given for it, or null.</summary>
    public string? Fault(string text) => Wrong(text) is not { } wrong ? null
        : IsSecret ? $"{Name} should be {Allowed}."
        : $"{Name} is '{Shown(wrong)}' and should be {Allowed}.";

    /// <summary>The text as others may read it: nothing of a secret, and no name and password within an address.</summary>
    public string Shown(string text) => IsSecret ? "(secret)" : WithinAddress().Replace(text, "//(secret)@");

    /// <summary>The text as the binder reads it.</summary>
    public string ToBind(string text) => _form is WrittenAsAttribute { Form: Form.OnOff } ? WrittenAsAttribute.OnOff(text).ToString()! : text;

    [GeneratedRegex("//[^/@]*@")]
    private static partial Regex WithinAddress();

    private string? Wrong(string text) => _form switch
    {
        null => null,
        WrittenAsAttribute form => form.Wrong(text),
        RangeAttribute range => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && range.IsValid(number) ? null : text,
        var form => form.IsValid(text) ? null : text,
    };
}
