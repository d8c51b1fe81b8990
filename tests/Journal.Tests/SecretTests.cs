namespace Coordination.Journal.Tests;

public sealed class SecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secret-").FullName;

    private string File => Path.Combine(_folder, Secret.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_purpose_has_a_key_of_its_own_that_stays_the_same()
    {
        var secret = Secret.Read("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

        // HKDF-SHA256 without salt, as another program computes it.
        Assert.Equal("ea5b01b999805128051a59f44515d397", Convert.ToHexStringLower(secret.KeyFor("heads"))[..32]);
        Assert.Equal(secret.KeyFor("heads"), Secret.Read("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").KeyFor("heads"));
        Assert.NotEqual(secret.KeyFor("heads"), secret.KeyFor("records"));
        Assert.NotEqual(secret.KeyFor("heads"), Secret.Random().KeyFor("heads"));
        Assert.Equal("(secret)", $"{secret}");
    }

    [Fact]
    public async Task A_folder_gets_one_that_only_its_owner_reads_and_keeps_it()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Secret.Of(_folder), Waiting.Cancellation)));

        Assert.Single(made.Select(secret => Convert.ToHexString(secret.KeyFor("any"))).Distinct());
        Assert.Equal(made[0].KeyFor("any"), Secret.Of(_folder).KeyFor("any"));
        Assert.Equal([File], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void One_that_others_may_read_or_change_is_refused(UnixFileMode others)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes.");
        Secret.Of(_folder);
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        Assert.Contains($"chmod 600 {File}", Assert.Throws<JournalUnavailableException>(() => Secret.Of(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no Base64!")]
    [InlineData("dG9vIHNob3J0")]
    public void What_is_none_is_refused_and_not_repeated(string text)
    {
        Secret.Of(_folder);
        System.IO.File.WriteAllText(File, text);

        Assert.False(Secret.IsOne(text));
        Assert.Contains("Put back the one that was there", Assert.Throws<JournalUnavailableException>(() => Secret.Of(_folder)).Message, StringComparison.Ordinal);
        var refused = Assert.Throws<FormatException>(() => Secret.Read(text)).Message;
        Assert.True(text.Length == 0 || !refused.Contains(text, StringComparison.Ordinal));
    }
}
