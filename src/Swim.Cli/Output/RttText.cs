using System.Globalization;
using Swim.V1;

namespace Swim.Cli.Output;

/// <summary>Round trips for people.</summary>
public static class RttText
{
    /// <summary>A line for each pair.</summary>
    public static void Write(TextWriter writer, GetRttResponse answer)
    {
        var table = new TextTable("FROM", "TO", "NODE", "STATE", "ZONE", "FORETOLD", "OFF BY", "MEASURED");
        foreach (var rtt in answer.Rtts)
        {
            table.Add(
                rtt.FromName, rtt.Name, rtt.NodeId, StateWord.Of(rtt.State), rtt.Zone.Length == 0 ? "-" : rtt.Zone, Of(rtt.EstimateUs),
                rtt.EstimateUs <= 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{rtt.ErrorPercent} %"),
                rtt.MeasuredUs < 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Of(rtt.MeasuredUs)}, {rtt.MeasuredAgoMs / 1_000} s ago"));
        }

        table.WriteTo(writer);
    }

    /// <summary>In milliseconds; a dash for a negative one, which is unknown.</summary>
    public static string Of(long microseconds) => microseconds < 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000.0:0.00} ms");
}
