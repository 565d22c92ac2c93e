using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Core.Tests.Crdt;

/// <summary>
/// Every decoder of replicated state under bytes of strangers: it reads a value or refuses in one of the agreed ways, and never costs
/// more than a multiple of what it was given.
/// </summary>
public sealed class DecodingTests
{
    private const int Rounds = 3_000;

    private delegate Encoding.Writing Decoder(ref MessagePackReader reader);

    private static readonly SortedDictionary<string, (Decoder Read, byte[] Sample)> Decoders = new(StringComparer.Ordinal)
    {
        ["context"] = ((ref MessagePackReader reader) => DotContext.Read(ref reader).Write, Encoding.Of(Context().Write)),
        ["counter"] = ((ref MessagePackReader reader) => PnCounter.Read(ref reader).Write, Encoding.Of(Counter().Write)),
        ["vector"] = ((ref MessagePackReader reader) => VersionVector.Read(ref reader).Write, Encoding.Of(Vector().Write)),
        ["grow-only set"] = ((ref MessagePackReader reader) => GSet.Read(ref reader, ElementFormat.Number).Write, Encoding.Of(Numbers().Write)),
        ["set"] = ((ref MessagePackReader reader) => OrSet.Read(ref reader, ElementFormat.Text).Write, Encoding.Of(Words().Write)),
        ["register"] = ((ref MessagePackReader reader) => LwwRegister.Read(ref reader, ElementFormat.Number).WriteTo, Encoding.Of(Register().WriteTo)),
    };

    public static TheoryData<string> Names => [.. Decoders.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Changed_cut_and_random_bytes_are_read_or_refused_at_no_more_than_a_multiple_of_their_size(string name)
    {
        var (read, sample) = Decoders[name];
        Assert.True(TryRead(read, sample, out var same));
        Assert.Equal(sample, same);
        var prng = new Prng(StableHash.Of(name));
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            if (!TryReadWithin(read, Mangled(sample, prng))) refused++;
        }

        Assert.InRange(refused, 1, Rounds - 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_count_that_the_bytes_cannot_hold_is_refused_before_anything_is_made(string name)
    {
        foreach (var head in new[] { "DDFFFFFFFF", "DD7FFFFFFE", "92DD7FFFFFFE", "93DD7FFFFFFE", "9290DD7FFFFFFE", "93929090DD7FFFFFFD" })
            Assert.False(TryReadWithin(Decoders[name].Read, Convert.FromHexString(head)));
    }

    // What made the second range run through 2^63 writes: after the first the next number wrapped to 0.
    [Theory]
    [InlineData(new ulong[] { 5, ulong.MaxValue, 5, ulong.MaxValue - 1 }, new ulong[0])]
    [InlineData(new ulong[] { 5, ulong.MaxValue }, new ulong[] { 5, 7 })]
    [InlineData(new ulong[] { 5, 3, 5, 4 }, new ulong[0])]
    [InlineData(new ulong[] { 6, 3, 5, 4 }, new ulong[0])]
    [InlineData(new ulong[] { 5, 0 }, new ulong[0])]
    [InlineData(new ulong[] { 5, 3 }, new ulong[] { 5, 4 })]
    [InlineData(new ulong[] { 5, 3 }, new ulong[] { 5, 2 })]
    [InlineData(new ulong[] { 5, 3 }, new ulong[] { 5, 9, 5, 8 })]
    [InlineData(new ulong[] { 5, 3 }, new ulong[] { 5, ulong.MaxValue })]
    public void A_context_that_is_not_canonical_or_out_of_range_is_refused(ulong[] vector, ulong[] cloud)
    {
        var bytes = Encoding.Of((ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(2);
            foreach (var part in new[] { vector, cloud })
            {
                writer.WriteArrayHeader(part.Length);
                foreach (var number in part) writer.Write(number);
            }
        });
        Assert.False(TryReadWithin(Decoders["context"].Read, bytes));
    }

    [Fact]
    public void A_context_keeps_no_more_writes_beyond_gaps_than_its_bound_and_sees_them_once_the_gap_closes()
    {
        var context = new DotContext();
        Assert.False(context.AddRange(1, 10, ulong.MaxValue / 2));
        Assert.True(context.AddRange(1, 10, 9 + DotContext.CloudMax));
        Assert.False(context.AddRange(2, 3, 3));
        Assert.Equal(DotContext.CloudMax, context.Cloud.Count);
        Assert.True(context.AddRange(1, 1, 9));
        Assert.Empty(context.Cloud);
        Assert.Equal(9UL + DotContext.CloudMax, context.SeenUpTo(1));
        Assert.True(context.AddRange(2, 3, 3));
    }

    [Fact]
    public void The_greatest_context_reads_back()
    {
        var context = new DotContext();
        context.AddRange(ulong.MaxValue, 1, DotContext.SeqMax);
        context.AddRange(1, 3, 2 + DotContext.CloudMax);
        Assert.True(TryRead(Decoders["context"].Read, Encoding.Of(context.Write), out var same));
        Assert.Equal(Encoding.Of(context.Write), same);
    }

    [Theory]
    [InlineData(CellKind.Definition)]
    [InlineData(CellKind.Phase)]
    [InlineData(CellKind.Status)]
    [InlineData(CellKind.AttemptEnd)]
    [InlineData(CellKind.Result)]
    [InlineData(CellKind.Inputs)]
    [InlineData(CellKind.Duplicate)]
    public void Changed_payloads_of_cells_are_checked_without_an_exception(CellKind kind)
    {
        var sample = kind switch
        {
            CellKind.Definition => CellPayloads.Encode(new DefinitionValue("default", "key", AckLevel.K, Blob.Of(new byte[] { 1, 2, 3 }), Blob.Of(new byte[] { 4 }))),
            CellKind.Phase => CellPayloads.Encode(WorkflowPhase.Cancelling),
            CellKind.Status => CellPayloads.Encode(new TaskStatus(1, TaskState.Failed, 2, default, default, new TaskStatusDetail(new NodeId(7), 1, new Dot(3, 4), "CODE", "why", true, 5, 6))),
            CellKind.Result => RunPayloads.Encode(new ResultValue(1, 2, new NodeId(7), 9, Blob.Of(new byte[] { (byte)'1' }))),
            CellKind.Inputs => RunPayloads.Encode(new InputsValue(new NodeId(7), [new TaskInput(1, new Dot(3, 4), 5), new TaskInput(300, new Dot(3, 7), ulong.MaxValue)])),
            CellKind.Duplicate => RunPayloads.Encode(new DuplicateValue(9, 77)),
            _ => CellPayloads.Encode(new AttemptEndValue(true, "CODE", "why", false)),
        };
        Assert.True(CellOf(kind, sample).TryCheck());
        var prng = new Prng((ulong)kind + 1);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var cell = CellOf(kind, Mangled(sample, prng));
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (!cell.TryCheck()) refused++;
            Within(before, cell.Payload.Span);
        }

        Assert.InRange(refused, 1, Rounds - 1);
    }

    private static bool TryReadWithin(Decoder read, byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isRead = TryRead(read, bytes, out _);
        Within(before, bytes);
        return isRead;
    }

    private static bool TryRead(Decoder read, byte[] bytes, out byte[] canonical)
    {
        canonical = [];
        try
        {
            var reader = new MessagePackReader(bytes);
            var write = read(ref reader);
            if (!reader.End) return false;
            canonical = Encoding.Of(write);
            return true;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            return false;
        }
    }

    // An exception and its trace cost some KiB, whatever the bytes.
    private static void Within(long before, ReadOnlySpan<byte> bytes)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= 32_768 + (128 * bytes.Length), $"{allocated} bytes for {Convert.ToHexString(bytes)}");
    }

    private static byte[] Mangled(byte[] sample, Prng prng)
    {
        if (prng.Chance(200)) return [.. Enumerable.Range(0, prng.Next(60)).Select(_ => (byte)prng.Next(256))];
        if (prng.Chance(200)) return sample[..prng.Next(sample.Length)];
        var changed = sample.ToArray();
        for (var changes = 1 + prng.Next(3); changes > 0; changes--) changed[prng.Next(changed.Length)] ^= (byte)(1 << prng.Next(8));
        return changed;
    }

    private static Cell CellOf(CellKind kind, byte[] payload) =>
        new(new CellKey(new WorkflowId(1, 2), kind, kind == CellKind.Result ? CellPayloads.ResultKey(0, new Dot(5, 6)) : default), new HlcTimestamp(3), new NodeId(4), new Dot(5, 6), payload);

    private static DotContext Context()
    {
        var context = new DotContext();
        context.AddRange(1, 1, 300);
        context.AddRange(1, 302, 305);
        context.AddRange(9, 1, 70_000);
        return context;
    }

    private static PnCounter Counter()
    {
        var counter = new PnCounter();
        counter.Add(1, 300);
        counter.Add(2, -70_000);
        counter.Add(1, -5);
        return counter;
    }

    private static VersionVector Vector()
    {
        var vector = new VersionVector();
        foreach (var actor in new ulong[] { 1, 2, 300, 300 }) vector.Increment(actor);
        return vector;
    }

    private static GSet<ulong> Numbers()
    {
        var set = new GSet<ulong>(ElementFormat.Number);
        foreach (var element in new ulong[] { 1, 300, 70_000 }) set.Add(element);
        return set;
    }

    private static OrSet<string> Words()
    {
        var set = new OrSet<string>(ElementFormat.Text);
        foreach (var element in new[] { "a", "b", "ä" }) set.Add(element, 7);
        set.Remove("b", 7);
        return set;
    }

    private static LwwRegister<ulong> Register() =>
        new LwwRegister<ulong>(ElementFormat.Number).Write(300, HlcTimestamp.From(1_700_000_000_000, 3), new NodeId(7), new Dot(8, 9));
}
