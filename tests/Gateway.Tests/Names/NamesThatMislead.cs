namespace Coordination.Gateway.Tests.Names;

public sealed class NamesThatMislead(RunningNode running)
{
    private Node Node => running.Node;

    [Theory]
    [InlineData("Finland")]
    [InlineData("FINLAND ")]
    [InlineData("Finl\u0430nd")]
    [InlineData("\uFF26inland")]
    [InlineData("FinIand")]
    [InlineData("International  Organization for Migrati\u043En")]
    public async Task No_body_is_called_like_another(string name)
    {
        var administrator = await Node.As("administrator");
        var answer = (await administrator.Post("/bodies", new { kind = "partner", name }, match: null)).Refused(409, "body.name-taken");
        Assert.Equal(["#/name"], answer.Pointers);
        var person = await Node.As("valdoria");
        Assert.Equal(["#/name"], (await person.Post("/bodies/valdoria/profile", new { name })).Refused(409, "body.name-taken").Pointers);
    }

    [Fact]
    public async Task A_name_that_only_resembles_another_is_a_name()
    {
        var administrator = await Node.As("administrator");
        foreach (var name in (string[])["Finlandia", "National Task Force (Finland)", "National Task Force (Sweden)", "Министерство внутренних дел (Руритания)", "وزارة الداخلية (روريتانيا)"])
            (await administrator.Post("/bodies", new { kind = "partner", name }, match: null)).Done();
    }

    [Fact]
    public async Task No_group_takes_the_place_of_a_body_that_there_is_or_will_be()
    {
        var person = await Node.As("valdoria");
        var administrator = await Node.As("administrator");
        (await person.Post("/groups", new { id = "ruritania", name = "Not theirs" }, match: null)).Refused(409, "group.already-exists");
        (await person.Post("/groups", new { id = "valdoria", name = "Not a group" }, match: null)).Refused(409, "group.already-exists");
        Assert.Equal(["#/id"], (await person.Post("/groups", new { id = "the-next-agency", name = "Here first" }, match: null)).Refused(400, "group.id-for-bodies").Pointers);
        (await administrator.Post("/bodies", new { id = "the-next-agency", kind = "partner", name = "The next agency" }, match: null)).Done();

        (await person.Post("/groups", new { id = "g-border-questions", name = "Border questions" }, match: null)).Done();
        (await administrator.Post("/bodies", new { id = "g-border-questions", kind = "partner", name = "Border agency" }, match: null)).Refused(409, "body.id-reserved");
        (await administrator.Post("/groups", new { id = "a-working-group", name = "Chosen by an administrator", members = (string[])["valdoria"] }, match: null)).Done();
        await Node.Settled();
        (await administrator.Post("/bodies", new { id = "a-working-group", kind = "partner", name = "A working group" }, match: null)).Refused(409, "body.id-of-a-group");
        (await administrator.Post("/bodies", new { id = "ruritan1a", kind = "partner", name = "An imitation" }, match: null)).Refused(409, "body.id-misleads");
        (await administrator.Post("/groups", new { id = "rurltania", name = "An imitation", members = (string[])["valdoria"] }, match: null)).Refused(409, "group.id-misleads");
    }

    [Theory]
    [InlineData("fin1and")]
    [InlineData("f1nland")]
    [InlineData("va1doria")]
    [InlineData("administrat0r")]
    [InlineData("the-yard")]
    public async Task Nobody_is_invited_under_a_name_that_is_taken_for_another(string name)
    {
        var administrator = await Node.As("administrator");
        await administrator.Post("/bodies", new { id = "the-yard", kind = "partner", name = "The yard" }, match: null);
        await Node.Settled();
        var person = await Node.As("ruritania");
        var answer = await person.Post("/bodies/ruritania/invitations", new { account = name, role = "observer", displayName = "Someone" }, match: null);
        Assert.Equal(["#/account"], answer.Refused(409, "account.name-misleads").Pointers);
    }

    [Fact]
    public async Task Titles_keep_what_writing_needs()
    {
        var person = await Node.As("ruritania");
        foreach (var title in (string[])["نمی\u200Cدانم", "ශ්\u200Dරී ලංකා", "co\u00ADoperation"])
        {
            var plan = (await person.Post("/plans", new { title }, match: null)).Id;
            Assert.Equal(title, (await person.Get($"/plans/{plan}")).Json.GetProperty("title").GetString());
            (await person.Post("/groups", new { name = title }, match: null)).Refused(400, "text.hidden-characters");
        }
    }

    [Fact]
    public async Task Texts_keep_isolates_that_end()
    {
        var person = await Node.As("ruritania");
        (await person.Post("/requests", new { to = (string[])["valdoria"], kind = "information", subject = "Subject", text = "\u2067وثيقة\u2069 A/67/170" }, match: null)).Done();
    }
}
