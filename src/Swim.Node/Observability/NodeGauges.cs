using System.Diagnostics.Metrics;
using Swim.Core.Membership;
using Swim.Node.Hosting;

namespace Swim.Node.Observability;

/// <summary>What a scrape reads off the node: its members, its state and its process, each as it is at that moment.</summary>
internal sealed class NodeGauges
{
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(2);
    private readonly Func<MembershipLoop?> _membership;
    private readonly Func<StateLoop?> _state;
    private volatile StateLook? _look;

    public NodeGauges(Meter meter, Func<MembershipLoop?> membership, Func<StateLoop?> state, int slots)
    {
        (_membership, _state) = (membership, state);
        meter.CreateObservableGauge("swim_members", Members, description: "Members as this node sees them, by state.");
        meter.CreateObservableCounter("swim_membership_rejects_total", Rejects, description: "Membership input refused, by reason.");
        meter.CreateObservableGauge("swim_ready", () => _membership() is { IsReady: true } ? 1 : 0, description: "1 once the node has joined.");
        meter.CreateObservableGauge("swim_slots", () => slots, description: "Tasks that may run here at once.");
        OfState(meter, "swim_slots_busy", static look => look.SlotsBusy, "Tasks that run here.");
        OfState(meter, "swim_workflows", static look => look.Workflows, "Workflows held here.");
        OfState(meter, "swim_workflows_running", static look => look.WorkflowsRunning, "Workflows held here that have not ended.");
        OfState(meter, "swim_cells", static look => look.Cells, "Cells of state held here.");
        OfState(meter, "swim_log_bytes", static look => look.LogBytes, "Bytes of the log in use.");
        Process(meter);
    }

    /// <summary>Looks into the state loop for the scrape to come. One that does not answer in 2 s leaves its gauges out: an old value would lie.</summary>
    public async Task LookAsync()
    {
        _look = null;
        if (_state() is not { } state) return;
        try
        {
            _look = await state.LookAsync().WaitAsync(LookPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The missing gauges say it.
        }
    }

    private IEnumerable<Measurement<long>> Members()
    {
        if (_membership() is not { } membership) return [];
        var members = membership.Members.Members.Values.ToList();
        return Enum.GetValues<MemberState>().Select(state => NodeMetrics.Labelled(members.Count(member => member.State == state), "state", state.ToString()));
    }

    private IEnumerable<Measurement<long>> Rejects() =>
        _membership() is { } membership ? membership.Rejects.Select(static count => NodeMetrics.Labelled(count.Value, "reason", count.Key.ToString())) : [];

    private void OfState(Meter meter, string name, Func<StateLook, long> read, string description) =>
        meter.CreateObservableGauge(name, () => _look is { } look ? [new Measurement<long>(read(look))] : Enumerable.Empty<Measurement<long>>(), description: description);

    private static void Process(Meter meter)
    {
        meter.CreateObservableCounter("process_cpu_seconds_total", static () => Environment.CpuUsage.TotalTime.TotalSeconds, description: "Processor time of the process.");
        meter.CreateObservableGauge("process_resident_memory_bytes", static () => Environment.WorkingSet, description: "Memory of the process.");
        meter.CreateObservableGauge("dotnet_gc_heap_bytes", static () => GC.GetTotalMemory(false), description: "Managed memory in use.");
        meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", static () => GC.GetTotalPauseDuration().TotalSeconds, description: "Time the collector stopped the process.");
        meter.CreateObservableCounter("dotnet_gc_collections_total", static () => Enumerable.Range(0, 3).Select(static generation => NodeMetrics.Labelled(GC.CollectionCount(generation), "generation", $"{generation}")), description: "Collections, by generation.");
        meter.CreateObservableGauge("dotnet_thread_pool_queue_length", static () => ThreadPool.PendingWorkItemCount, description: "Work that waits for a thread.");
    }
}
