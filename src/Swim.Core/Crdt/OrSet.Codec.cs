using MessagePack;

namespace Swim.Core.Crdt;

/// <content>Canonical bytes: equal states have equal bytes.</content>
public sealed partial class OrSet<T>
{
    private const int FieldsOfDot = 2;
    private const int FieldsOfLive = 3;

    /// <summary>Writes the canonical form: [context, [actor, seq…] pending, [actor, seq, element…] live], ascending by dot.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        Context.Write(ref writer);
        writer.WriteArrayHeader(_pending.Count * FieldsOfDot);
        foreach (var dot in _pending)
        {
            writer.Write(dot.Actor);
            writer.Write(dot.Seq);
        }

        writer.WriteArrayHeader(_live.Count * FieldsOfLive);
        foreach (var dot in _live.Keys.Order())
        {
            writer.Write(dot.Actor);
            writer.Write(dot.Seq);
            format.Write(ref writer, _live[dot]);
        }
    }

    internal static OrSet<T> Read(ref MessagePackReader reader, ElementFormat<T> format)
    {
        if (reader.ReadArrayHeader() != 3) throw new MessagePackSerializationException("A set has three parts.");
        var set = new OrSet<T>(format);
        set.Context.Merge(DotContext.Read(ref reader));
        var last = default(Dot);
        for (var left = Count(ref reader, FieldsOfDot); left > 0; left--) set._pending.Add(last = set.ReadDot(ref reader, last, isSeen: false));
        last = default;
        for (var left = Count(ref reader, FieldsOfLive); left > 0; left--)
        {
            last = set.ReadDot(ref reader, last, isSeen: true);
            set.Insert(last, format.Read(ref reader));
        }

        return set;
    }

    private static int Count(ref MessagePackReader reader, int fieldsOfEach)
    {
        var fields = reader.ReadArrayHeader();
        return fields % fieldsOfEach == 0
            ? fields / fieldsOfEach
            : throw new MessagePackSerializationException("A dot or an element with its dot is not whole.");
    }

    private Dot ReadDot(ref MessagePackReader reader, Dot last, bool isSeen)
    {
        var dot = new Dot(reader.ReadUInt64(), reader.ReadUInt64());
        return dot > last && dot.Seq > 0 && Context.Contains(dot) == isSeen
            ? dot
            : throw new MessagePackSerializationException("The dots of a set ascend; live ones are in its context, pending ones are not.");
    }
}

/// <summary>Decoding of <see cref="OrSet{T}"/>.</summary>
public static class OrSet
{
    /// <summary>
    /// Reads what <see cref="OrSet{T}.Write"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else, also on a live dot
    /// outside the context or a pending one in it.
    /// </summary>
    public static OrSet<T> Read<T>(ref MessagePackReader reader, ElementFormat<T> format) where T : notnull => OrSet<T>.Read(ref reader, format);
}
