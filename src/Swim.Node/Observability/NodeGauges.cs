using System.Diagnostics.Metrics;
using Swim.Node.Hosting;

namespace Swim.Node.Observability;

/// <summary>What a scrape reads off the node: its members and its state, each as it is at that moment.</summary>
internal sealed class NodeGauges
{
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(2);
    private readonly Func<NodeParts?> _parts;
    private readonly MembershipGauges _membership;
    private volatile StateLook? _look;

    /// <summary>Of the node of which <paramref name="parts"/> gives the parts once it has begun.</summary>
    public NodeGauges(Meter meter, Func<NodeParts?> parts, int slots)
    {
        _parts = parts;
        _membership = new MembershipGauges(meter, parts);
        meter.CreateObservableGauge("swim_ready", () => _parts() is { IsReady: true } ? 1 : 0, description: "1 once the node has joined, while its clock is not off and its disk not full.");
        meter.CreateObservableGauge("swim_slots", () => slots, description: "Tasks that may run here at once.");
        meter.CreateObservableGauge("swim_loop_inputs", Inputs, description: "Inputs that wait, by loop.");
        meter.CreateObservableGauge("swim_watches", () => OfParts(static parts => parts.Watches.Taken), description: "Workflows followed for clients.");
        meter.CreateObservableCounter("swim_cells_rejected_total", RejectedCells, description: "Cells and frames of other nodes refused, by reason.");
        meter.CreateObservableCounter("swim_repair_unexplained_total", UnexplainedRepairs, description: "Buckets found to differ where both nodes had seen the same writes.");
        OfState(meter, "swim_frames_held", static look => look.FramesHeld, "Frames that wait until their stamps are no longer ahead of this node's clock.");
        meter.CreateObservableGauge("swim_clock_off_seconds", () => _look is { } look ? [new Measurement<double>(look.ClockOffMs / 1_000.0)] : Enumerable.Empty<Measurement<double>>(), description: "How far this node's clock is ahead of the others', behind where negative, while it is off; 0 while it is not.");
        OfState(meter, "swim_clock_refused_by", static look => look.ClockRefusedBy, "Members that refused this node's stamps in the last minute.");
        OfState(meter, "swim_slots_busy", static look => look.SlotsBusy, "Tasks that run here.");
        OfState(meter, "swim_draining", static look => look.IsDraining ? 1 : 0, "1 while the node takes no new tasks.");
        OfState(meter, "swim_tasks_waiting", static look => look.TasksWaiting, "Tasks planned here that could run and wait for a slot.");
        OfState(meter, "swim_workflows", static look => look.Workflows, "Workflows held here.");
        OfState(meter, "swim_workflows_running", static look => look.WorkflowsRunning, "Workflows held here that have not ended.");
        OfState(meter, "swim_cells", static look => look.Cells, "Cells of state held here.");
        OfState(meter, "swim_lost_cells", static look => look.LostCells, "Cells that this node held before it was removed and that no owner in reach has seen.");
        OfState(meter, "swim_tombstones", static look => look.Tombstones, "What is left here of workflows that were forgotten.");
        OfState(meter, "swim_floor_lag_seconds", static look => (long)look.FloorLag.TotalSeconds, "How far that up to which this node has heard of everybody lies behind now; the grace at best.");
        OfState(meter, "swim_writers_most", static look => look.WritersMost, "The most writer ids that one bucket's context has an entry of; with 64 nobody begins another.");
        meter.CreateObservableCounter("swim_writers_retired_total", () => OfLook(static look => look.WritersRetired), description: "Entries of writer ids that were given up, forgotten here.");
        meter.CreateObservableCounter("swim_workflows_collected_total", () => OfLook(static look => look.WorkflowsCollected), description: "Workflows forgotten at the end of their retention, planned here.");
        meter.CreateObservableCounter("swim_workflows_below_floor_total", () => OfLook(static look => look.WorkflowsBelowFloor), description: "Workflows of other nodes refused as older than all that is known here; offered again, counted again.");
        meter.CreateObservableCounter("swim_workflows_set_aside_total", () => OfLook(static look => look.WorkflowsSetAside), description: "Workflows kept aside on this node's disk since every other owner refuses them.");
        OfState(meter, "swim_handoff_buckets", static look => look.HandoffBuckets, "Buckets held here that others own: to be handed over.");
        OfState(meter, "swim_handoff_waiting", static look => look.HandoffWaiting, "Of those, how often one waits for an owner that is down.");
        // 48 bits: a double holds them all.
        OfState(meter, "swim_ring_fingerprint", static look => (long)(look.RingFingerprint >> 16), "The upper 48 bits of the ring's name: equal on nodes that agree on every owner.");
        OfState(meter, "swim_ring_others", static look => look.OnOtherRings, "Members that are up and said last that they have another ring.");
        OfState(meter, "swim_members_flapping", static look => look.Flapping, "Members taken for dead again and again, which get no new tasks.");
        OfState(meter, "swim_bootstrapping_buckets", static look => look.Bootstrapping, "Buckets owned anew that are not complete here yet.");
        meter.CreateObservableCounter("swim_buckets_handed_over_total", () => OfLook(static look => look.BucketsHandedOver), description: "Buckets handed over and dropped.");
        OfState(meter, "swim_log_bytes", static look => look.LogBytes, "Bytes of the log in use.");
        OfState(meter, "swim_checkpoint_bytes", static look => look.CheckpointBytes, "Bytes of the newest checkpoint.");
    }

    /// <summary>Looks into both loops for the scrape to come. One that does not answer in 2 s leaves its gauges out: an old value would lie.</summary>
    public async Task LookAsync()
    {
        await _membership.LookAsync(LookPatience).ConfigureAwait(false);
        _look = null;
        if (_parts() is not { } parts) return;
        try
        {
            _look = await parts.State.LookAsync().WaitAsync(LookPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The missing gauges say it.
        }
    }

    private IEnumerable<Measurement<long>> Inputs() => _parts() is not { } parts ? [] :
    [
        NodeMetrics.Labelled(parts.State.InputsWaiting, "loop", "state"),
        NodeMetrics.Labelled(parts.Membership.InputsWaiting, "loop", "membership"),
    ];

    private IEnumerable<Measurement<long>> RejectedCells() => _look is not { } look ? [] :
    [
        NodeMetrics.Labelled(look.CellsMalformed, "reason", "malformed"),
        NodeMetrics.Labelled(look.FramesTooFarAhead, "reason", "too_far_ahead"),
        NodeMetrics.Labelled(look.FramesWithoutRoom, "reason", "no_room"),
    ];

    private IEnumerable<Measurement<long>> UnexplainedRepairs() => OfLook(static look => look.RepairsUnexplained);

    private IEnumerable<Measurement<long>> OfLook(Func<StateLook, long> read) => _look is { } look ? [new(read(look))] : [];

    private IEnumerable<Measurement<long>> OfParts(Func<NodeParts, long> read) => _parts() is { } parts ? [new(read(parts))] : [];

    private void OfState(Meter meter, string name, Func<StateLook, long> read, string description) =>
        meter.CreateObservableGauge(name, () => _look is { } look ? [new Measurement<long>(read(look))] : Enumerable.Empty<Measurement<long>>(), description: description);
}
