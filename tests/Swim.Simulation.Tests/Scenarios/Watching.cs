using Swim.Simulation.Checkers;

namespace Swim.Simulation.Tests.Scenarios;

/// <summary>Lets a test look on while a run goes.</summary>
internal sealed class Watching(Action<Simulator> look) : IWatcher
{
    public void Look(Simulator cluster) => look(cluster);
}
