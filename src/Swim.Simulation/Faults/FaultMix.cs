using Swim.Core.Primitives;
using Swim.Simulation.Network;

namespace Swim.Simulation.Faults;

/// <summary>
/// Draws a plan in which each kind of fault is either there or not: each seed its own mix, since faults of one kind hide what
/// another would show (swarm testing: Groce et al. 2012).
/// </summary>
internal sealed class FaultMix(Prng prng, int nodes, TimeSpan from, TimeSpan until)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FaultPlan _plan = new();

    /// <summary>The plan; all that has an end ends before the time given.</summary>
    public FaultPlan Draw()
    {
        _plan.Add(from, new WeatherFault(DrawConditions(), (StreamManner)prng.Next(3)));
        if (nodes > 1)
        {
            Maybe(500, 3, Split);
            Maybe(400, 3, OneWay);
            Maybe(250, 1, Flap);
        }

        Maybe(700, Math.Max(1, nodes / 3), Crash);
        Maybe(400, Math.Max(1, nodes / 4), Pause);
        Maybe(120, 1, CrashAll);
        return _plan;
    }

    private void Maybe(int perMille, int timesMax, Action plan)
    {
        if (!prng.Chance(perMille)) return;
        for (var times = 1 + prng.Next(timesMax); times > 0; times--) plan();
    }

    private LinkConditions DrawConditions() => new(
        prng.Chance(500) ? 10 + prng.Next(200) : 0,
        prng.Chance(400) ? 10 + prng.Next(200) : 0,
        prng.Chance(400) ? 10 + prng.Next(100) : 0,
        TimeSpan.FromMilliseconds(0.2),
        TimeSpan.FromMilliseconds(prng.Chance(300) ? 1 + prng.Next(150) : 1),
        prng.Between(TimeSpan.FromMilliseconds(50), 2 * Second));

    private void Split()
    {
        var order = Shuffled();
        var size = 1 + prng.Next(nodes - 1);
        var (at, duration) = Window(Second, 12 * Second);
        _plan.Split(at, duration, order[..size], order[size..]);
    }

    private void OneWay()
    {
        var order = Shuffled();
        var size = 1 + prng.Next(nodes - 1);
        var (at, duration) = Window(Second, 10 * Second);
        _plan.OneWay(at, duration, order[..size], order[size..]);
    }

    private void Flap()
    {
        var order = Shuffled();
        var period = prng.Between(Second / 4, 4 * Second);
        for (var at = from; at + period < until; at += 2 * period) _plan.Split(at, period, order[..1], order[1..]);
    }

    private void Crash()
    {
        var node = prng.Next(nodes);
        var (at, duration) = Window(Second / 10, 15 * Second);
        _plan.Add(at, new CrashFault(node, prng.Chance(500))).Add(at + duration, new RestartFault(node));
    }

    private void Pause()
    {
        var (at, duration) = Window(Second / 10, 10 * Second);
        _plan.Add(at, new PauseFault(prng.Next(nodes), duration));
    }

    private void CrashAll()
    {
        var (at, duration) = Window(Second, 5 * Second);
        var losesPower = prng.Chance(500);
        for (var node = 0; node < nodes; node++)
        {
            _plan.Add(at + prng.Between(TimeSpan.Zero, duration / 2), new CrashFault(node, losesPower));
            _plan.Add(at + (duration / 2) + prng.Between(TimeSpan.Zero, duration / 2), new RestartFault(node));
        }
    }

    private (TimeSpan At, TimeSpan Duration) Window(TimeSpan shortest, TimeSpan longest)
    {
        var at = prng.Between(from, until - shortest);
        var left = until - at;
        return (at, prng.Between(shortest < left ? shortest : left, longest < left ? longest : left));
    }

    private int[] Shuffled()
    {
        var order = Enumerable.Range(0, nodes).ToArray();
        prng.Shuffle(order);
        return order;
    }
}
