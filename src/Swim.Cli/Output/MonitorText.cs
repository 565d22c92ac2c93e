using System.Globalization;
using Swim.V1;

namespace Swim.Cli.Output;

/// <summary>What happens to members, for people: a line each.</summary>
public static class MonitorText
{
    /// <summary>One news.</summary>
    public static void Write(TextWriter writer, WatchMembersResponse news) => writer.WriteLine(Printable.Line(news.Snapshot is { } view ? Of(view) : Of(news.Event ?? new MemberEvent())));

    private static readonly (long Min, long Max) Times = (DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

    private static string Of(MembersView view)
    {
        var states = view.Members.GroupBy(static member => member.State).OrderBy(static group => group.Key).Select(static group => $"{Text(group.Count())} {StateWord.Of(group.Key)}");
        var dropped = view.Dropped == 0 ? "" : $"{Text(view.Dropped)} events left out, too slow to follow; ";
        return $"{dropped}{Text(view.Members.Count)} members: {string.Join(", ", states)}; view {view.ViewFingerprint}";
    }

    private static string Of(MemberEvent news)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(news.UnixMs, Times.Min, Times.Max)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var about = news.Member is { } member ? $"  {member.Name} ({member.NodeId})" : "";
        var detail = news.Detail.Length == 0 ? "" : $"  {news.Detail}";
        return $"{time}  {StateWord.Of(news.Kind)}{about}{detail}";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
