using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Swim.Node.Observability;

/// <summary>The process, which several nodes may share, and its runtime.</summary>
internal static class ProcessGauges
{
    private const string OpenFiles = "/proc/self/fd";
    private const int Generations = 3;

    public static void AddTo(Meter meter)
    {
        var started = StartedUnixSeconds();
        meter.CreateObservableGauge("process_start_time_seconds", () => started, description: "When the process started, in seconds since 1970.");
        meter.CreateObservableCounter("process_cpu_seconds_total", static () => Environment.CpuUsage.TotalTime.TotalSeconds, description: "Processor time of the process.");
        meter.CreateObservableGauge("process_resident_memory_bytes", static () => Environment.WorkingSet, description: "Memory of the process.");
        meter.CreateObservableGauge("process_open_fds", static () => Directory.Exists(OpenFiles) ? [new Measurement<long>(Directory.EnumerateFileSystemEntries(OpenFiles).LongCount())] : Enumerable.Empty<Measurement<long>>(), description: "Files and sockets that the process has open.");
        meter.CreateObservableGauge("dotnet_gc_heap_bytes", static () => GC.GetTotalMemory(false), description: "Managed memory in use.");
        meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", static () => GC.GetTotalPauseDuration().TotalSeconds, description: "Time the collector stopped the process.");
        meter.CreateObservableCounter("dotnet_gc_collections_total", static () => Enumerable.Range(0, Generations).Select(static generation => NodeMetrics.Labelled(GC.CollectionCount(generation), "generation", $"{generation}")), description: "Collections, by generation.");
        meter.CreateObservableGauge("dotnet_thread_pool_threads", static () => ThreadPool.ThreadCount, description: "Threads of the pool.");
        meter.CreateObservableGauge("dotnet_thread_pool_queue_length", static () => ThreadPool.PendingWorkItemCount, description: "Work that waits for a thread.");
    }

    private static double StartedUnixSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1_000.0;
    }
}
