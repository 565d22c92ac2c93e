using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

public sealed class DrainCommandTests : IAsyncLifetime
{
    private readonly List<DrainRequest> _asked = [];
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync()
    {
        _node = await FakeNode.StartAsync();
        _node.Answers.GrpcPort = _node.Address.Port;
        _node.Answers.Drain = request =>
        {
            _asked.Add(request);
            return new DrainResponse { Draining = !request.Cancel, TasksRunning = Math.Max(0, 3 - _asked.Count) };
        };
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Drain_answers_at_once_with_what_still_runs()
    {
        var run = await CliRun.OfAsync(["drain", "-s", Server]);
        Assert.Equal((0, $"draining: 2 tasks run{Environment.NewLine}", ""), (run.ExitCode, run.Out, run.Error));
        Assert.Equal(new DrainRequest(), Assert.Single(_asked));
    }

    [Fact]
    public async Task Drain_waits_until_nothing_runs_when_told()
    {
        var run = await CliRun.OfAsync(["drain", "--wait", "-s", Server]);
        Assert.Equal((0, $"drained: no task runs{Environment.NewLine}"), (run.ExitCode, run.Out));
        Assert.Equal(3, _asked.Count);
        Assert.All(_asked.Skip(1), request => Assert.InRange(request.WaitMs, 1, 30_000));
    }

    [Fact]
    public async Task Drain_can_be_taken_back()
    {
        Assert.Equal($"takes tasks{Environment.NewLine}", (await CliRun.OfAsync(["drain", "--cancel", "-s", Server])).Out);
        Assert.True(Assert.Single(_asked).Cancel);
        Assert.Equal(2, (await CliRun.OfAsync(["drain", "--cancel", "--wait", "-s", Server])).ExitCode);
    }

    [Theory]
    [InlineData("alpha")]
    [InlineData("00000000000000AA")]
    public async Task A_node_is_named_by_its_name_or_its_id(string name)
    {
        var nobody = FakeNode.NobodyAt();
        Assert.Equal(0, (await CliRun.OfAsync(["drain", name, "-s", $"{nobody},{Server}"])).ExitCode);
        Assert.Single(_asked);
    }

    [Theory]
    [InlineData("Did you mean 'alpha'?", "alpah")]
    [InlineData("is DEAD", "00000000000000bb")]
    [InlineData("give the digits of one", "0000")]
    public async Task A_node_that_cannot_be_meant_is_bad_input(string says, string name)
    {
        var run = await CliRun.OfAsync(["drain", name, "-s", Server]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Of_several_servers_none_is_chosen_by_chance()
    {
        var run = await CliRun.OfAsync(["drain", "-s", $"{Server},127.0.0.1:1"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Give a NODE", run.Error, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }
}
