using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swim.Chaos;

/// <summary>What one run showed; the last line of chaos/run.sh.</summary>
internal sealed record Scorecard(string Scenario, bool Ok, [property: JsonPropertyName("scorecard")] Scores Scores)
{
    public static Scorecard Read(string path) => JsonSerializer.Deserialize(File.ReadAllText(path), ScorecardJson.Default.Scorecard)!;

    /// <summary>With what the comparison of the owners showed.</summary>
    public Scorecard With(OwnersVerdict owners) => this with { Ok = Ok && owners.IsOk, Scores = Scores with { Owners = owners } };

    public string ToJson() => JsonSerializer.Serialize(this, ScorecardJson.Default.Scorecard);
}

/// <summary>The counts of one run.</summary>
/// <param name="Submitted">Workflows that the load tried to submit.</param>
/// <param name="Acked">Those that some node acked. All that is promised is promised for these.</param>
/// <param name="Refused">Those that no node acked.</param>
/// <param name="Lost">Acked, and not found or not SUCCEEDED on some node in the end. Must be 0.</param>
/// <param name="WrongOutput">Acked, and answering something else than they must. Must be 0.</param>
/// <param name="Disagreeing">Acked, and shown differently by two nodes in the end. Must be 0.</param>
/// <param name="ManyIds">Keys that were answered with two workflow ids. Must be 0.</param>
/// <param name="DoubleEffects">Workflows whose effect the sink took more than once, under several keys. Must be 0.</param>
/// <param name="MissingEffects">Acked, and the sink never saw them. Must be 0.</param>
/// <param name="RepeatedRuns">Runs of a program beyond the first of its task: execution is at least once.</param>
/// <param name="StaleRejected">Runs of an attempt after a later one had reached the sink: the sink knew their key and took no effect again.</param>
/// <param name="ToldRuns">Of these runs, those that <c>swim merges</c> tells of: both were taken for the task's success somewhere.</param>
/// <param name="FalselyTold">Workflows of which it tells more runs of the effect than reached the sink. Must be 0.</param>
/// <param name="MergesDisagreeing">Workflows of which two nodes tell different merges, or one of them none. Must be 0.</param>
/// <param name="OverlappingRuns">Runs of the effect that began while another run of the same task was still alive. Must be 0 where a majority decides.</param>
/// <param name="DetectMs">From the fault until every healthy node saw it; -1 where the scenario has no such moment.</param>
/// <param name="ConvergeMs">From the end of the faults until all of the above held on every node; -1 if it never did.</param>
/// <param name="SubmitP99Ms">Of the acked submissions, faults included.</param>
internal sealed record Scores(
    int Submitted, int Acked, int Refused, int Lost, int WrongOutput, int Disagreeing, int ManyIds, int DoubleEffects, int MissingEffects,
    int RepeatedRuns, int StaleRejected, int ToldRuns, int FalselyTold, int MergesDisagreeing, int OverlappingRuns,
    long DetectMs, long ConvergeMs, long SubmitP99Ms)
{
    /// <summary>What lies on the disks of the owners in the end; null until it was compared.</summary>
    public OwnersVerdict? Owners { get; init; }
}

[JsonSerializable(typeof(Scorecard))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ScorecardJson : JsonSerializerContext;
