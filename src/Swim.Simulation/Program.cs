using System.Diagnostics;
using Swim.Simulation.Membership;
using Swim.Simulation.Mutants;
using Swim.Simulation.Reports;
using Swim.Simulation.Scenarios;
using Swim.Simulation.Shrinking;

namespace Swim.Simulation;

/// <summary>The command <c>swim-sim</c>. Exit codes: 0 every promise held in every run, 1 not so, 2 the command line is wrong.</summary>
public static class Program
{
    /// <summary>Runs it.</summary>
    public static int Main(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.Out.WriteLine(CommandLine.Usage);
            Console.Out.WriteLine(FleetCommand.Usage);
            return 0;
        }

        if (args.Contains(FleetCommand.Flag)) return FleetCommand.Run(args, Console.Out, Console.Error);
        if (CommandLine.TryRead(args, out var fault) is not { } line)
        {
            Console.Error.WriteLine(fault);
            Console.Error.WriteLine(CommandLine.Usage);
            return 2;
        }

        if (line.Mutants.Count > 0) return RunMutants(line);
        if (line.Shrinks) return Shrink(line);
        var watch = Stopwatch.StartNew();
        var runs = RunAll(line);
        if (runs.Count > 1) TextReport.WriteSum(Console.Out, runs, watch.Elapsed);
        if (line.Json) Console.Out.WriteLine(JsonReport.Line(runs));
        return runs.All(run => run.IsOk) ? 0 : 1;
    }

    private static int RunMutants(CommandLine line)
    {
        var verdicts = new List<MutantVerdict>();
        Console.Out.WriteLine(MutantReport.Head);
        foreach (var verdict in line.Mutants.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(mutant => MutantHunt.Hunt(mutant, line.First, line.Last)))
        {
            Console.Out.WriteLine(MutantReport.Row(verdict));
            verdicts.Add(verdict);
        }

        if (verdicts.Count == 1) foreach (var detail in MutantReport.Details(verdicts[0])) Console.Out.WriteLine(detail);
        if (line.Json) Console.Out.WriteLine(MutantReport.Line(verdicts));
        return verdicts.All(static verdict => verdict.IsCaught) ? 0 : 1;
    }

    private static int Shrink(CommandLine line)
    {
        var shrinker = new Shrinker(line.Spec(line.First), static smaller => Console.Out.WriteLine($"still fails: {ShrinkReport.SizeOf(smaller)}"));
        var smallest = shrinker.Shrink(out var whole);
        if (!whole.IsOk) Console.Out.WriteLine($"from {ShrinkReport.SizeOf(whole)}, by {shrinker.Runs} runs:");
        TextReport.Write(Console.Out, smallest);
        if (line.Json) Console.Out.WriteLine(ShrinkReport.Line(whole, smallest, shrinker.Runs));
        return whole.IsOk ? 0 : 1;
    }

    // Runs share nothing, so that many of them use every core; results come in the order of the seeds.
    private static List<RunResult> RunAll(CommandLine line)
    {
        var seeds = new List<ulong>();
        for (var seed = line.First; seed <= line.Last && seed >= line.First; seed++) seeds.Add(seed);
        var runs = new List<RunResult>();
        foreach (var run in seeds.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(seed => RunOne(line, seed)))
        {
            TextReport.Write(Console.Out, run);
            runs.Add(run);
        }

        return runs;
    }

    private static RunResult RunOne(CommandLine line, ulong seed)
    {
        var watch = Stopwatch.StartNew();
        var run = ScenarioRunner.Run(line.Spec(seed), line.Trace ? cluster => new TraceWriter(cluster, Console.Error).Attach() : null);
        return run with { Real = watch.Elapsed };
    }
}
