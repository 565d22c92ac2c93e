using System.Buffers;
using FsCheck.Xunit;
using MessagePack;

namespace Swim.StandIns.Tests.MessagePack;

[Properties(MaxTest = 500, EndSize = 400, QuietOnSuccess = true)]
public sealed class RoundTripProperties
{
    [Property]
    public bool A_signed_number_of_any_width(long value, int shift)
    {
        // Shifted so that every width is met, not only the small ones.
        var number = value << (shift & 63);
        return Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(number)), (ref MessagePackReader r) => r.ReadInt64()) == number;
    }

    [Property]
    public bool An_unsigned_number_of_any_width(ulong value, int shift)
    {
        var number = value << (shift & 63);
        return Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(number)), (ref MessagePackReader r) => r.ReadUInt64()) == number;
    }

    [Property]
    public bool Every_narrower_number(short a, ushort b, sbyte c, byte d, int e, uint f, char g) =>
        Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(a)), (ref MessagePackReader r) => r.ReadInt16()) == a
        && Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(b)), (ref MessagePackReader r) => r.ReadUInt16()) == b
        && Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(c)), (ref MessagePackReader r) => r.ReadSByte()) == c
        && Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(d)), (ref MessagePackReader r) => r.ReadByte()) == d
        && Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(e)), (ref MessagePackReader r) => r.ReadInt32()) == e
        && Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(f)), (ref MessagePackReader r) => r.ReadUInt32()) == f
        && Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(g)), (ref MessagePackReader r) => r.ReadChar()) == g;

    [Property]
    public bool Floating_point(double a, float b) =>
        Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(a)), (ref MessagePackReader r) => r.ReadDouble()).Equals(a)
        && Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(b)), (ref MessagePackReader r) => r.ReadSingle()).Equals(b);

    [Property]
    public bool A_boolean(bool value) =>
        Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(value)), (ref MessagePackReader r) => r.ReadBoolean()) == value;

    [Property]
    public bool A_time(DateTime value)
    {
        var utc = DateTime.SpecifyKind(value, DateTimeKind.Utc);
        return Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(utc)), (ref MessagePackReader r) => r.ReadDateTime()) == utc;
    }

    // Up to U+07FF two bytes a character: lengths cross 31 and 255 bytes below 31 and 255 characters.
    [Property]
    public bool A_text_three_ways(char[] characters, bool isWide)
    {
        var text = new string(Array.ConvertAll(characters, c => isWide ? (char)(0x400 + c % 0x100) : (char)(c % 0x80)));
        var bytes = Bytes.Of((ref MessagePackWriter w) => w.Write(text));
        return Bytes.Read(bytes, (ref MessagePackReader r) => r.ReadString()) == text
            && Bytes.Read(bytes, (ref MessagePackReader r) => r.TryReadStringSpan(out var span) ? System.Text.Encoding.UTF8.GetString(span) : null) == text
            && Bytes.Read(bytes, (ref MessagePackReader r) => System.Text.Encoding.UTF8.GetString(r.ReadStringSequence()!.Value.ToArray())) == text;
    }

    [Property]
    public bool A_run_of_bytes(byte[] value) =>
        Bytes.Read(Bytes.Of((ref MessagePackWriter w) => w.Write(value)), (ref MessagePackReader r) => r.ReadBytes()!.Value.ToArray()).AsSpan().SequenceEqual(value);

    [Property]
    public bool An_extension(sbyte type, byte[] value)
    {
        var bytes = Bytes.Of((ref MessagePackWriter w) => w.WriteExtensionFormat(new ExtensionResult(type, value)));
        var read = Bytes.Read(bytes, (ref MessagePackReader r) => r.ReadExtensionFormat());
        return read.TypeCode == type && read.Data.ToArray().AsSpan().SequenceEqual(value);
    }

    [Property]
    public bool A_small_output_buffer_changes_nothing(string[] texts, byte[] blob, long number)
    {
        var whole = new ArrayBufferWriter<byte>(1 << 16);
        Write(whole, texts, blob, number);
        var piecemeal = new TightOutput();
        Write(piecemeal, texts, blob, number);
        return whole.WrittenSpan.SequenceEqual(piecemeal.Written.ToArray());
    }

    private static void Write(IBufferWriter<byte> output, string[] texts, byte[] blob, long number)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(texts.Length + 2);
        foreach (var text in texts)
        {
            writer.Write(text);
        }

        writer.Write(blob);
        writer.Write(number);
        writer.Flush();
    }

    // Hands out exactly what is asked for, so that every token meets a full buffer.
    private sealed class TightOutput : IBufferWriter<byte>
    {
        private byte[] _handedOut = [];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_handedOut.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _handedOut = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
