using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

public sealed class LeaveCommandTests : IAsyncLifetime
{
    private readonly List<LeaveRequest> _asked = [];
    private int _leavesAfter = 3;
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync()
    {
        _node = await FakeNode.StartAsync();
        _node.Answers.GrpcPort = _node.Address.Port;
        _node.Answers.Leave = request =>
        {
            lock (_asked) _asked.Add(request);
            if (request.Cancel || _asked.Count >= _leavesAfter) return new LeaveResponse { Leaving = !request.Cancel, Left = !request.Cancel };
            return new LeaveResponse
            {
                Leaving = true,
                TasksRunning = 1,
                Buckets = 12,
                Waits = { new LeaveWait { NodeId = "00000000000000bb", Name = "beta\u001b[31m", State = MemberState.Dead, Buckets = 7 } },
            };
        };
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Leave_waits_until_the_node_has_left()
    {
        var run = await CliRun.OfAsync(["leave", "alpha", "-s", Server]);
        Assert.Equal((0, $"left: it holds nothing any more, and ends{Environment.NewLine}", ""), (run.ExitCode, run.Out, run.Error));
        Assert.Equal(3, _asked.Count);
        Assert.All(_asked, static request => Assert.False(request.Cancel));
    }

    [Fact]
    public async Task When_the_time_is_up_it_says_what_is_left_and_for_whom()
    {
        _leavesAfter = int.MaxValue;
        var run = await CliRun.OfAsync(["leave", "-s", Server, "--timeout", "1s"]);
        Assert.Equal((4, ""), (run.ExitCode, run.Out));
        Assert.Contains("1 tasks run, 12 buckets are left: 7 for beta", run.Error, StringComparison.Ordinal);
        Assert.Contains("DEAD", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    [Fact]
    public async Task Leave_can_be_taken_back()
    {
        Assert.Equal($"stays, and takes tasks{Environment.NewLine}", (await CliRun.OfAsync(["leave", "--cancel", "-s", Server])).Out);
        Assert.True(Assert.Single(_asked).Cancel);
    }
}
