using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class DeadProbeTests
{
    private readonly SwimOptions _options = new();
    private readonly MembershipCore _core;

    public DeadProbeTests()
    {
        var setup = new MembershipSetup { Id = Samples.Id(1), Epoch = 1, ClusterId = 7, Meta = Samples.Meta(1), Known = [Samples.Alive(2), Samples.Alive(3)] };
        _core = new MembershipCore(setup, _options, new Prng(1));
        _core.Start(new Now(0, 0), new Outbox());
    }

    [Fact]
    public void Probes_of_the_dead_grow_rare_up_to_the_bound_and_a_new_death_shortens_the_wait()
    {
        var armed = Bury(2, 0)!;
        Assert.Equal(_options.ProtocolPeriod.Ticks, armed.DueTicks);
        var wait = TimeSpan.Zero;
        while (armed.DueTicks < TimeSpan.FromHours(1).Ticks)
        {
            var now = armed.DueTicks;
            var outbox = new Outbox();
            _core.OnTimer(new Now(now, 0), armed.Timer, outbox);
            armed = DeadProbeIn(outbox)!;
            Assert.True(new TimeSpan(armed.DueTicks - now) >= wait);
            wait = new TimeSpan(armed.DueTicks - now);
        }

        Assert.Equal(_options.DeadProbePeriodMax, wait);
        var death = armed.DueTicks - wait.Ticks + 1;
        Assert.Equal(death + _options.ProtocolPeriod.Ticks, Bury(3, death)?.DueTicks);
    }

    private SetTimer? Bury(int number, long ticks)
    {
        var dead = RecordCodec.Encode(Samples.Alive(number) with { State = MemberState.Dead });
        var outbox = new Outbox();
        _core.OnDatagram(new Now(ticks, 0), new SwimCodec(7).Encode(new SwimMessage(SwimMessageKind.Gossip, Samples.Id(9), 0, NodeId.None, 0), [dead]), outbox);
        return DeadProbeIn(outbox);
    }

    private static SetTimer? DeadProbeIn(Outbox outbox) =>
        outbox.Items.OfType<SetTimer>().SingleOrDefault(static set => set.Timer.Kind == (int)MembershipTimer.DeadProbe);
}
