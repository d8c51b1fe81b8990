using CsCheck;

namespace Coordination.Domain.Tests;

public class NewIdTests
{
    [Fact]
    public void An_id_is_a_letter_and_eight_letters_and_digits_whatever_the_command() =>
        Gen.String.Sample(command => System.Text.RegularExpressions.Regex.IsMatch(NewId.Of('p', command), "^p-[a-km-np-z2-9]{8}$"));

    [Fact]
    public void The_same_command_makes_the_same_id_and_another_command_another()
    {
        Assert.Equal(NewId.Of('p', "key@account"), NewId.Of('p', "key@account"));
        var ids = Enumerable.Range(0, 10_000).SelectMany(number => new[] { NewId.Of('p', $"{number}@account"), NewId.Of('p', $"{number}@account", 1), NewId.Of('q', $"{number}@account") });
        Assert.Equal(30_000, ids.Distinct().Count());
    }

    [Fact]
    public void One_that_is_taken_is_passed_over()
    {
        var first = NewId.Of('m', "key@account");
        Assert.Equal(first, NewId.Free('m', "key@account", _ => false));
        Assert.Equal(NewId.Of('m', "key@account", 1), NewId.Free('m', "key@account", id => id == first));
    }
}
