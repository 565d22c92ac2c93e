using MessagePack;

namespace Swim.Core.Crdt;

/// <summary>
/// A set that only grows; merge is union. Mutable, owned by one replica; a delta is a set too, merged by the same rule.
/// G-Set (Shapiro et al. 2011 section 3.3.1).
/// </summary>
public sealed class GSet<T>(ElementFormat<T> format)
{
    private readonly SortedSet<T> _elements = new(format.Order);

    /// <summary>The elements, ascending.</summary>
    public IReadOnlyCollection<T> Elements => _elements;

    /// <summary>True when <paramref name="element"/> was added.</summary>
    public bool Contains(T element) => _elements.Contains(element);

    /// <summary>Adds <paramref name="element"/> and returns the delta: the element alone, or nothing when it was there.</summary>
    public GSet<T> Add(T element)
    {
        var delta = new GSet<T>(format);
        if (_elements.Add(element)) delta._elements.Add(element);
        return delta;
    }

    /// <summary>Adds all of <paramref name="other"/>, a state or a delta. True when that changed anything.</summary>
    public bool Merge(GSet<T> other)
    {
        var before = _elements.Count;
        foreach (var element in other._elements) _elements.Add(element);
        return _elements.Count > before;
    }

    /// <summary>An independent copy.</summary>
    public GSet<T> Clone()
    {
        var copy = new GSet<T>(format);
        copy.Merge(this);
        return copy;
    }

    /// <summary>True when both hold the same elements.</summary>
    public bool SameAs(GSet<T> other) => _elements.SetEquals(other._elements);

    /// <summary>Writes the canonical form: the elements as an ascending list.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_elements.Count);
        foreach (var element in _elements) format.Write(ref writer, element);
    }

    internal static GSet<T> Read(ref MessagePackReader reader, ElementFormat<T> format)
    {
        var set = new GSet<T>(format);
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var element = format.Read(ref reader);
            if (set._elements.Count > 0 && format.Order.Compare(set._elements.Max, element) >= 0)
                throw new MessagePackSerializationException("The elements of a set ascend.");
            set._elements.Add(element);
        }

        return set;
    }
}

/// <summary>Decoding of <see cref="GSet{T}"/>.</summary>
public static class GSet
{
    /// <summary>Reads what <see cref="GSet{T}.Write"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static GSet<T> Read<T>(ref MessagePackReader reader, ElementFormat<T> format) => GSet<T>.Read(ref reader, format);
}
