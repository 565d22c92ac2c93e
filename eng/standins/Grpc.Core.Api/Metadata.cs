using System.Collections;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call: an ordered list in which a key may occur more than once.</summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>The end of the key of every binary entry.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>No entries, and none can be added.</summary>
    public static readonly Metadata Empty = new(isReadOnly: true);

    private readonly List<Entry> _entries = [];

    /// <summary>An empty list to add to.</summary>
    public Metadata()
    {
    }

    private Metadata(bool isReadOnly) => IsReadOnly = isReadOnly;

    /// <inheritdoc />
    public int Count => _entries.Count;

    /// <summary>True only for <see cref="Empty"/>; then every change throws <see cref="InvalidOperationException"/>.</summary>
    public bool IsReadOnly { get; }

    /// <inheritdoc />
    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Changeable()[index] = value;
        }
    }

    /// <summary>The last entry with this key, in upper or lower case; null if there is none.</summary>
    public Entry? Get(string key) => _entries.FindLast(entry => MetadataKey.AreEqual(entry.Key, key));

    /// <summary>The text of the last entry with this key; null if there is none.</summary>
    /// <exception cref="InvalidOperationException">The entry is binary.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry with this key; null if there is none.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries with this key, in order.</summary>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => MetadataKey.AreEqual(entry.Key, key));

    /// <inheritdoc />
    public void Add(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Changeable().Add(item);
    }

    /// <summary>Adds a text entry; see <see cref="Entry(string, string)"/>.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a binary entry; see <see cref="Entry(string, byte[])"/>.</summary>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc />
    public void Insert(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Changeable().Insert(index, item);
    }

    /// <inheritdoc />
    public void RemoveAt(int index) => Changeable().RemoveAt(index);

    /// <inheritdoc />
    public bool Remove(Entry item) => Changeable().Remove(item);

    /// <inheritdoc />
    public void Clear() => Changeable().Clear();

    /// <inheritdoc />
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc />
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc />
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc />
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    private List<Entry> Changeable() => IsReadOnly ? throw new InvalidOperationException("Object is read only") : _entries;

    /// <summary>One key with a text, or with bytes if the key ends in <see cref="BinaryHeaderSuffix"/>. Immutable.</summary>
    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>A binary entry; the bytes are copied.</summary>
        /// <exception cref="ArgumentException">The key has other characters than letters, digits, '_', '-', '.', or does not end in -bin.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = MetadataKey.Normalise(key);
            if (!IsBinary)
                throw new ArgumentException("The key of a binary entry must end in -bin.", nameof(key));
            ArgumentNullException.ThrowIfNull(valueBytes);
            _bytes = [.. valueBytes];
        }

        /// <summary>A text entry; only ASCII travels.</summary>
        /// <exception cref="ArgumentException">The key has other characters than letters, digits, '_', '-', '.', or ends in -bin.</exception>
        public Entry(string key, string value)
        {
            Key = MetadataKey.Normalise(key);
            if (IsBinary)
                throw new ArgumentException("The key of a text entry must not end in -bin.", nameof(key));
            ArgumentNullException.ThrowIfNull(value);
            _text = value;
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>True if the value is bytes, which the key says.</summary>
        public bool IsBinary => MetadataKey.IsBinary(Key);

        /// <summary>The value as bytes: a copy, or the text in ASCII.</summary>
        public byte[] ValueBytes => _bytes is null ? System.Text.Encoding.ASCII.GetBytes(_text!) : [.. _bytes];

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _text ?? throw new InvalidOperationException("A binary entry has no text.");

        /// <inheritdoc />
        public override string ToString() => _bytes is null ? $"[Entry: key={Key}, value={_text}]" : $"[Entry: key={Key}, valueBytes={_bytes}]";
    }
}
