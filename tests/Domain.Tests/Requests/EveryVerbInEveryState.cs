namespace Coordination.Domain.Tests.Requests;

using static World;

/// <summary><c>+</c> is done, <c>.</c> is so already, anything else is the code of the refusal after <c>request.</c></summary>
public class EveryVerbInEveryState
{
    private const string AsBelmarWhichActed = """
        verb         open           proposed       clarifying         accepted         answered         confirmed         declined         withdrawn         expired
        accept       +              +              +                  .                already-answered already-confirmed already-declined already-withdrawn already-expired
        propose-date +              +              +                  already-accepted already-answered already-confirmed already-declined already-withdrawn already-expired
        decline      +              +              +                  +                already-answered already-confirmed .                already-withdrawn already-expired
        ask          +              +              already-clarifying +                already-answered already-confirmed already-declined already-withdrawn already-expired
        clarify      requester-only requester-only requester-only     requester-only   requester-only   requester-only    requester-only   requester-only    requester-only
        answer       +              +              +                  +                already-answered already-confirmed already-declined already-withdrawn already-expired
        confirm      requester-only requester-only requester-only     requester-only   requester-only   requester-only    requester-only   requester-only    requester-only
        withdraw     requester-only requester-only requester-only     requester-only   requester-only   requester-only    requester-only   requester-only    requester-only
        """;

    private const string AsCorvanWhichDidNot = """
        verb         open           proposed       clarifying         accepted         answered         confirmed         declined         withdrawn         expired
        accept       +              +              +                  already-accepted already-answered already-confirmed already-declined already-withdrawn already-expired
        propose-date +              +              +                  already-accepted already-answered already-confirmed already-declined already-withdrawn already-expired
        decline      +              +              +                  already-accepted already-answered already-confirmed .                already-withdrawn already-expired
        ask          +              +              already-clarifying already-accepted already-answered already-confirmed already-declined already-withdrawn already-expired
        clarify      requester-only requester-only requester-only     requester-only   requester-only   requester-only    requester-only   requester-only    requester-only
        answer       +              +              +                  already-accepted already-answered already-confirmed already-declined already-withdrawn already-expired
        confirm      requester-only requester-only requester-only     requester-only   requester-only   requester-only    requester-only   requester-only    requester-only
        withdraw     requester-only requester-only requester-only     requester-only   requester-only   requester-only    requester-only   requester-only    requester-only
        """;

    private const string AsArdenWhichAsks = """
        verb         open               proposed           clarifying       accepted           answered           confirmed         declined          withdrawn         expired
        accept       nothing-proposed   +                  nothing-proposed .                  nothing-proposed   nothing-proposed  nothing-proposed  nothing-proposed  nothing-proposed
        propose-date not-addressed      not-addressed      not-addressed    not-addressed      not-addressed      not-addressed     not-addressed     not-addressed     not-addressed
        decline      not-addressed      not-addressed      not-addressed    not-addressed      not-addressed      not-addressed     not-addressed     not-addressed     not-addressed
        ask          not-addressed      not-addressed      not-addressed    not-addressed      not-addressed      not-addressed     not-addressed     not-addressed     not-addressed
        clarify      nothing-to-clarify nothing-to-clarify +                nothing-to-clarify nothing-to-clarify already-confirmed already-declined  already-withdrawn already-expired
        answer       not-addressed      not-addressed      not-addressed    not-addressed      not-addressed      not-addressed     not-addressed     not-addressed     not-addressed
        confirm      not-answered       not-answered       not-answered     not-answered       +                  .                 already-declined  already-withdrawn already-expired
        withdraw     +                  +                  +                +                  +                  already-confirmed already-declined  .                 already-expired
        """;

    private const string AsTheClock = """
        verb         open proposed clarifying accepted answered confirmed declined withdrawn expired
        expire       +    +        +          .        .        .         .        .         .
        """;

    public static TheoryData<string, string, string, string> Table()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var (who, table) in new[] { (Belmar, AsBelmarWhichActed), (Corvan, AsCorvanWhichDidNot), (Arden, AsArdenWhichAsks), ("clock", AsTheClock) })
        {
            var lines = table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
            foreach (var line in lines.Skip(1))
                for (var column = 1; column < line.Length; column++) data.Add(who, lines[0][column].Trim(), line[0], line[column].Trim());
        }

        return data;
    }

    [Theory, MemberData(nameof(Table))]
    public void A_verb_is_done_or_is_so_already_or_is_refused(string who, string state, string verb, string expected)
    {
        var actor = who == "clock" ? By.Platform : By.Coordinator(who);
        var at = new DateTimeOffset(2026, 4, 1, 22, 0, 0, TimeSpan.Zero);

        var decision = RequestScenario.Given(RequestScenario.States[state]).When(RequestScenario.Command(verb), actor, at).Decision;

        Assert.Equal(expected, decision.Refusal is { } refusal ? refusal.Code["request.".Length..] : decision.Facts.IsEmpty ? "." : "+");
    }

    [Fact]
    public void The_tables_name_every_state_and_every_verb()
    {
        var rows = Table().Select(row => row.Data).ToArray();
        Assert.Equal(RequestScenario.States.Keys.Order(), rows.Select(row => row.Item2).Distinct().Order());
        Assert.Equal(RequestScenario.Verbs.Order(), rows.Select(row => row.Item3).Distinct().Where(verb => verb != RequestScenario.Expire).Order());
        Assert.Equal(3 * 72 + 9, rows.Length);
    }

    public static TheoryData<string, string> StatesAndVerbs() =>
        new(from state in RequestScenario.States.Keys from verb in RequestScenario.Verbs select (state, verb));

    [Theory, MemberData(nameof(StatesAndVerbs))]
    public void To_an_outsider_a_hidden_request_is_not_there_whatever_its_state(string state, string verb)
    {
        var hidden = RequestScenario.Given(RequestScenario.States[state]);
        var absent = RequestScenario.Given();
        foreach (var outsider in new[] { By.Coordinator(Lagoon), By.Coordinator(Agency), By.Coordinator(ArdenPolice), By.Administrator, By.Nobody })
        {
            var command = RequestScenario.Command(verb);
            hidden.When(command, outsider).ThenNotFound("request.not-found");
            Assert.Equivalent(absent.When(command, outsider).Decision.Refusal, hidden.When(command, outsider).Decision.Refusal, strict: true);
        }
    }

    [Theory, MemberData(nameof(StatesAndVerbs))]
    public void Who_only_reads_changes_nothing(string state, string verb)
    {
        var request = RequestScenario.Given(RequestScenario.States[state]);
        Actor[] readers =
        [
            By.Observer(Belmar), By.Contributor(Belmar), By.Observer(Arden), By.Contributor(Arden), By.Coordinator(ArdenRapporteur), By.Coordinator(BelmarRapporteur),
        ];
        foreach (var reader in readers)
        {
            var decision = request.When(RequestScenario.Command(verb), reader).Decision;
            Assert.Equal(RefusalReason.Forbidden, decision.Refusal?.Reason);
        }
    }

    [Fact]
    public void The_role_is_asked_for_after_the_body()
    {
        var request = RequestScenario.Given(RequestScenario.States["open"]);
        request.When(RequestScenario.Command("accept"), By.Contributor(Belmar)).ThenForbidden("request.coordinator-only");
        request.When(RequestScenario.Command("accept"), By.Contributor(Arden)).ThenForbidden("request.not-addressed");
        request.When(RequestScenario.Command("withdraw"), By.Contributor(Arden)).ThenForbidden("request.requester-only");
    }
}
