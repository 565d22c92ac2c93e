using System.Text.Json.Nodes;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

/// <summary><c>swim monitor</c> and <c>swim rtt</c>, for people and for programs.</summary>
public sealed class MonitorCommandTests : IAsyncLifetime
{
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync()
    {
        _node = await FakeNode.StartAsync();
        var view = new MembersView { ViewFingerprint = "f00d", Members = { new Member { State = MemberState.Alive }, new Member { State = MemberState.Dead }, new Member { State = MemberState.Alive } } };
        _node.Answers.MemberNews.AddRange(
        [
            new WatchMembersResponse { Snapshot = view },
            new WatchMembersResponse { Event = new MemberEvent { Kind = MemberEventKind.VoteWithheld, Member = new Member { Name = "beta", NodeId = "bb" }, Detail = "several failed in a row", UnixMs = 1_500 } },
            new WatchMembersResponse { Event = new MemberEvent { Kind = MemberEventKind.LoopLate, Detail = "by 700 ms", UnixMs = 2_000 } },
            new WatchMembersResponse { Snapshot = new MembersView { ViewFingerprint = "beef", Dropped = 7 } },
        ]);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task People_get_a_line_for_each_event_and_hear_that_the_node_stops()
    {
        var run = await CliRun.OfAsync(["monitor", "-s", Server]);
        Assert.Equal((0, $"swim: the node stops{Environment.NewLine}"), (run.ExitCode, run.Error));
        Assert.Equal(
        [
            "3 members: 2 ALIVE, 1 DEAD; view f00d", "1970-01-01T00:00:01.500Z  VOTE_WITHHELD  beta (bb)  several failed in a row", "1970-01-01T00:00:02.000Z  LOOP_LATE  by 700 ms",
            "7 events left out, too slow to follow; 0 members: ; view beef",
        ], run.Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Programs_get_a_message_a_line()
    {
        var run = await CliRun.OfAsync(["monitor", "-s", Server, "-o", "json"]);
        var lines = run.Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(4, lines.Count);
        Assert.Equal(3, lines[0]["snapshot"]!["members"]!.AsArray().Count);
        Assert.Equal("MEMBER_EVENT_KIND_VOTE_WITHHELD", (string?)lines[1]["event"]!["kind"]);
        Assert.Equal("7", (string?)lines[3]["snapshot"]!["dropped"]);
    }

    [Fact]
    public async Task An_interrupt_ends_it_without_a_complaint()
    {
        using var interrupted = new CancellationTokenSource();
        _node.Answers.MemberNewsEnd = new TaskCompletionSource().Task;
        var running = CliRun.OfAsync(["monitor", "-s", Server], interrupted: interrupted.Token);
        await _node.Answers.Called.Task;
        await interrupted.CancelAsync();
        var run = await running;
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "beta", "beta")]
    [InlineData("alpha", "beta", "alpha", "beta")]
    public async Task Rtt_asks_for_what_is_named_and_shows_what_is_known(string from, string to, params string[] names)
    {
        var asked = new GetRttRequest();
        _node.Answers.Rtt = request =>
        {
            asked = request;
            return new GetRttResponse
            {
                Rtts =
                {
                    new MemberRtt { FromName = "alpha", Name = "beta", NodeId = "bb", State = MemberState.Alive, Zone = "z2", EstimateUs = 80_250, ErrorPercent = 12, MeasuredUs = 81_004, MeasuredAgoMs = 2_900 },
                    new MemberRtt { FromName = "alpha", Name = "gamma", NodeId = "cc", State = MemberState.Dead, EstimateUs = -1, MeasuredUs = -1, MeasuredAgoMs = -1 },
                },
            };
        };
        var run = await CliRun.OfAsync(["rtt", .. names, "-s", Server]);
        Assert.Equal((0, from, to), (run.ExitCode, asked.From, asked.To));
        Assert.Matches(@"alpha +beta +bb +ALIVE +z2 +80\.25 ms +12 % +81\.00 ms, 2 s ago", run.Out);
        Assert.Matches(@"alpha +gamma +cc +DEAD +- +- +- +-\s", run.Out);
        Assert.Contains("\"estimate_us\": \"80250\"", (await CliRun.OfAsync(["rtt", "-s", Server, "-o", "json"])).Out, StringComparison.Ordinal);
    }
}
