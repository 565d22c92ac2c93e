using Swim.Core.Primitives;
using Swim.Core.Storage;
using Xunit;

namespace Swim.Core.Tests.Storage;

/// <summary>
/// What an opening that accepts damage makes of a log that decayed: every record that comes back is as it was written, and whoever lost one
/// is named as in doubt.
/// </summary>
public sealed class LogDamageTests
{
    private const int Last = 24;

    private static readonly CellLogOptions _many = LogHarness.Small with { AcceptsDamage = true };
    private static readonly CellLogOptions _one = _many with { SegmentBytes = 4096 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_flipped_bit_gives_the_records_as_written_or_names_whose_are_in_doubt(bool isOneFile)
    {
        var options = isOneFile ? _one : _many;
        var written = Written(options);
        var (lossless, named, all) = (0, 0, 0);
        foreach (var name in written.List())
        {
            for (var bit = 0; bit < written[name].Length * 8; bit += name == written.List()[^1] && bit > 8_000 ? 97 : 1)
            {
                var disk = Flipped(written, name, bit);
                var found = Reading.Of(disk, options);
                found.AssertHonest(Last, Last - 2);
                if (found.Lost(Last).Count == 0) lossless++;
                else if (found.IsAllInDoubt) all++;
                else named++;
                Assert.Equal(found.Report.Damage.Count > 0, disk.List().Contains("damaged-" + name));
                if (bit % 16 == 5) found.AssertGoesOn(disk, options);
            }
        }

        Assert.True(lossless > 100 && named > 100 && all > 100, $"{lossless} lossless, {named} named, {all} all in doubt");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Damage_of_several_kinds_at_once_invents_nothing_and_is_stable(ulong seed)
    {
        var prng = new Prng(seed);
        var written = Written(_many);
        var damaged = 0;
        for (var round = 0; round < 600; round++)
        {
            var disk = written.Copy();
            // Damage to the end of the last file looks like a torn tail: nothing after it proves that it was durable.
            var firstUnproven = Segment.ListFirstPositions(disk)[^1];
            for (var times = 1 + prng.Next(4); times > 0; times--) Damage(disk, prng);
            var found = Reading.Of(disk, _many);
            found.AssertHonest(Last, firstUnproven);
            var again = Reading.Of(disk, _many);
            Assert.Equal(found.Records.Keys, again.Records.Keys);
            Assert.Equal((found.IsAllInDoubt, found.Report.LastPosition), (again.IsAllInDoubt, again.Report.LastPosition));
            Assert.Subset(again.InDoubt, found.InDoubt);
            found.AssertGoesOn(disk, _many);
            if (found.Report.Damage.Count > 0) damaged++;
        }

        Assert.InRange(damaged, 300, 600);
    }

    [Fact]
    public void A_record_that_cannot_be_read_puts_its_own_buckets_in_doubt_and_costs_no_other()
    {
        var disk = Written(_one);
        var bytes = disk[LogHarness.FirstFile];
        var at = OffsetOf(5);
        bytes[at + LogHead.SizeMin + 6] ^= 1;
        disk[LogHarness.FirstFile] = bytes;
        var found = Reading.Of(disk, _one);
        Assert.Equal([5], found.Lost(Last));
        Assert.Equal(BucketsOf(5), found.InDoubt);
        var damage = Assert.Single(found.Report.Damage);
        Assert.Equal((LogHarness.FirstFile, (long)at, (long)(OffsetOf(6) - at), 5L, 5L), (damage.File, damage.Offset, damage.Bytes, damage.First, damage.Last));
        Assert.Equal(bytes, disk["damaged-" + LogHarness.FirstFile]);
        Assert.Equal(bytes, disk[LogHarness.FirstFile]);
    }

    [Fact]
    public void Behind_a_head_that_cannot_be_read_the_next_record_is_found()
    {
        var disk = Written(_one);
        var bytes = disk[LogHarness.FirstFile];
        bytes[OffsetOf(5) + 9] ^= 0x40;
        disk[LogHarness.FirstFile] = bytes;
        var found = Reading.Of(disk, _one);
        Assert.Equal([5], found.Lost(Last));
        Assert.True(found.IsAllInDoubt);
    }

    [Fact]
    public void A_missing_file_puts_every_bucket_in_doubt_and_the_rest_is_read()
    {
        var written = Written(_many);
        for (var missing = 0; missing < written.List().Count - 1; missing++)
        {
            var disk = written.Copy();
            disk.Delete(written.List()[missing]);
            var found = Reading.Of(disk, _many);
            Assert.True(found.IsAllInDoubt);
            Assert.NotEmpty(found.Lost(Last));
            Assert.NotEmpty(found.Records);
            Assert.Equal(Last, found.Report.LastPosition);
        }
    }

    [Fact]
    public void A_crash_at_any_step_of_an_opening_with_damage_changes_nothing_of_what_is_read()
    {
        foreach (var offset in new[] { 20, OffsetOf(5) + 8, OffsetOf(5) + LogHead.SizeMin + 6 })
        {
            var damaged = Flipped(Written(_one), LogHarness.FirstFile, offset * 8);
            var expected = Reading.Of(damaged.Copy(), _one);
            for (var operations = 0; operations < 12; operations++)
            {
                var disk = damaged.Copy();
                disk.OperationsLeft = operations;
                try
                {
                    Reading.Of(disk, _one);
                }
                catch (PlugPulledException)
                {
                    // That is what the test is about.
                }

                disk.OperationsLeft = null;
                var found = Reading.Of(disk, _one);
                Assert.Equal((expected.Records.Count, expected.IsAllInDoubt), (found.Records.Count, found.IsAllInDoubt));
                Assert.Contains(disk.List(), name => name.StartsWith("damaged-", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Another_nodes_file_is_no_damage_and_is_refused()
    {
        var disk = Written(_one);
        var error = Assert.Throws<CorruptLogException>(() => Reading.Of(disk, _one with { Owner = new NodeId(8) }));
        Assert.Contains("0000000000000007", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_makes_an_end_of_the_doubt_and_the_copy_of_the_damaged_file_stays()
    {
        var disk = new MemoryDisk();
        var options = LogHarness.Small with { AcceptsDamage = true };
        var state = ToyState.Open(disk, options, out _);
        for (var i = 1; i <= 30; i++)
        {
            state.Write(i % 5, i);
            state.Log.Flush();
        }

        state.Log.Dispose();
        var name = disk.List()[0];
        var bytes = disk[name];
        bytes[SegmentHeader.Size + LogHead.SizeMin + 4] ^= 1;
        disk[name] = bytes;
        var again = ToyState.Open(disk, options, out var report);
        Assert.Equal([1], again.Damaged);
        Assert.Single(report.Damage);
        again.Write(1, 100);
        again.Log.Flush();
        Assert.True(again.Log.IsCheckpointDue, "what is damaged is to be replaced soon");
        Assert.True(again.Checkpoint());
        again.Log.Dispose();
        Assert.DoesNotContain(name, disk.List());
        Assert.Equal(bytes, disk["damaged-" + name]);
        var last = ToyState.Open(disk, options, out var healed);
        Assert.Empty(healed.Damage);
        Assert.Empty(last.Damaged);
        Assert.Equal(again.Values, last.Values);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_its_manifest_a_checkpoint_still_gives_its_blocks_and_every_bucket_is_in_doubt(bool isMissing)
    {
        var disk = new MemoryDisk();
        var state = ToyState.Open(disk, _many, out _);
        for (var i = 1; i <= 30; i++)
        {
            state.Write(i % 5, i);
            state.Log.Flush();
        }

        Assert.True(state.Checkpoint());
        state.Write(7, 31);
        state.Log.Flush();
        state.Log.Dispose();
        if (isMissing) disk.Delete("checkpoint");
        else disk["checkpoint"] = [.. disk["checkpoint"].Select((value, i) => i == 30 ? (byte)(value ^ 1) : value)];
        Assert.Throws<CorruptLogException>(() => ToyState.Open(disk, _many with { AcceptsDamage = false }, out _));
        for (var start = 0; start < 2; start++)
        {
            var again = ToyState.Open(disk, _many, out var report);
            Assert.True(again.IsAllDamaged);
            Assert.NotEmpty(report.Damage);
            Assert.Equal(state.Values, again.Values);
            if (start == 1)
            {
                foreach (var bucket in state.Values.Keys) again.Write(bucket, 1_000 + bucket);
                again.Log.Flush();
                Assert.True(again.Checkpoint());
            }

            again.Log.Dispose();
        }

        var last = ToyState.Open(disk, _many, out var healed);
        Assert.False(last.IsAllDamaged);
        Assert.Empty(healed.Damage);
        Assert.Contains(disk.List(), name => name.StartsWith("damaged-state-", StringComparison.Ordinal));
        last.Log.Dispose();
    }

    private static SortedSet<int> BucketsOf(long position) => [(int)(position % 7), 100 + (int)(position % 3)];

    private static int OffsetOf(int ordinal) =>
        SegmentHeader.Size + Enumerable.Range(1, ordinal - 1).Sum(static i => LogHead.FrameSizeOf(LogHarness.Record(i).Length, TouchedBuckets.Of([.. BucketsOf(i)])));

    private static MemoryDisk Written(CellLogOptions options)
    {
        var disk = new MemoryDisk();
        using var log = CellLog.Open(disk, options, LogReceiver.WithoutCheckpoint(static _ => { }), out _);
        for (var ordinal = 1; ordinal <= Last; ordinal++)
        {
            log.Append(LogHarness.Record(ordinal), TouchedBuckets.Of([.. BucketsOf(ordinal)]));
            if (ordinal % 3 == 0) log.Flush();
        }

        return disk;
    }

    private static MemoryDisk Flipped(MemoryDisk written, string name, int bit)
    {
        var disk = written.Copy();
        var bytes = disk[name];
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        disk[name] = bytes;
        return disk;
    }

    // What a medium does, not what a person does: no file becomes another.
    private static void Damage(MemoryDisk disk, Prng prng)
    {
        var name = disk.List()[prng.Next(disk.List().Count)];
        var bytes = disk[name];
        if (bytes.Length == 0) return;
        var at = prng.Next(bytes.Length);
        var length = prng.Next(Math.Min(100, bytes.Length - at) + 1);
        switch (prng.Next(4))
        {
            case 0: for (var i = at; i < at + length; i++) bytes[i] = (byte)prng.NextUInt64(); break;
            case 1: bytes.AsSpan(at, length).Clear(); break;
            case 2: bytes = bytes[..at]; break;
            default: bytes[at] ^= (byte)(1 << prng.Next(8)); break;
        }

        disk[name] = bytes;
    }

    private sealed record Reading(SortedDictionary<long, byte[]> Records, SortedSet<int> InDoubt, bool IsAllInDoubt, RecoveryReport Report)
    {
        public static Reading Of(MemoryDisk disk, CellLogOptions options)
        {
            var (records, doubt, isAll) = (new SortedDictionary<long, byte[]>(), new SortedSet<int>(), false);
            using var log = CellLog.Open(disk, options, new LogReceiver((position, record) => records.Add(position, record.ToArray()))
            {
                OnMeta = static _ => { },
                OnBlock = static (_, _) => { },
                OnDamagedBucket = bucket => doubt.Add(bucket),
                OnAllDamaged = () => isAll = true,
            }, out var report);
            return new Reading(records, doubt, isAll, report);
        }

        public List<long> Lost(long last) => [.. Enumerable.Range(1, (int)last).Select(static i => (long)i).Where(position => !Records.ContainsKey(position))];

        public void AssertHonest(long last, long firstUnproven)
        {
            Assert.All(Records, record => Assert.Equal(LogHarness.Record((int)record.Key), record.Value));
            foreach (var position in Lost(last))
            {
                if (IsAllInDoubt || BucketsOf(position).IsSubsetOf(InDoubt)) continue;
                Assert.True(position >= firstUnproven, $"record {position} was lost without a word");
                Assert.All(Records.Keys, kept => Assert.True(kept < position, "a torn tail has nothing behind it"));
            }
        }

        public void AssertGoesOn(MemoryDisk disk, CellLogOptions options)
        {
            using (var log = CellLog.Open(disk, options, Silent, out var report))
            {
                Assert.Equal(Report.LastPosition, report.LastPosition);
                log.Append([1, 2, 3], TouchedBuckets.Of([1]));
                log.Flush();
            }

            Assert.Equal([1, 2, 3], Of(disk, options).Records[Report.LastPosition + 1]);
        }

        private static LogReceiver Silent => LogReceiver.WithoutCheckpoint(static _ => { });
    }
}
