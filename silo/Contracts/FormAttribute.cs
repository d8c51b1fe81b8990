namespace Coordination.Contracts;

/// <summary>A text of one form, such as an id. Unlike the attribute that it extends, it does not take an empty text for one that was not given.</summary>
/// <param name="pattern">Regular expression for the whole text.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class FormAttribute(string pattern) : RegularExpressionAttribute(pattern)
{
    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);
}
