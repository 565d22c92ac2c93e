using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Two large tables find out in which groups they differ, and exchange no others.</summary>
public sealed class TableGroupsTests
{
    private const int Members = 300;

    [Fact]
    public void A_small_table_has_no_sums_and_a_large_one_has_as_many_as_a_power_of_two()
    {
        Assert.Empty(TableGroups.SumsOf(TableOf(63)));
        Assert.Equal(8 * TableGroups.SumBytes, TableGroups.SumsOf(TableOf(64)).Length);
        Assert.Equal(64 * TableGroups.SumBytes, TableGroups.SumsOf(TableOf(Members)).Length);
        Assert.All(new[] { 64, Members }, static members => Assert.True(TableGroups.AreSums(TableGroups.SumsOf(TableOf(members)).Length)));
    }

    [Fact]
    public void Only_the_group_of_a_record_that_differs_is_named()
    {
        var (mine, theirs) = (TableOf(Members), TableOf(Members));
        Assert.DoesNotContain(TableGroups.Differing(mine, TableGroups.SumsOf(theirs)), static bits => bits != 0);
        theirs.Merge(Samples.Alive(17) with { Incarnation = 1 });
        var groups = TableGroups.Differing(mine, TableGroups.SumsOf(theirs));
        Assert.True(TableGroups.AreBits(groups.Length));
        Assert.True(TableGroups.Has(groups, Samples.Id(17)));
        Assert.Equal(1, groups.Sum(static bits => int.PopCount(bits)));
        Assert.InRange(Enumerable.Range(1, Members).Count(number => TableGroups.Has(groups, Samples.Id(number))), 1, 20);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(24 * 8)]
    [InlineData(1024 * 8)]
    public void Sums_of_another_length_are_none(int bytes) => Assert.False(TableGroups.AreSums(bytes));

    [Fact]
    public void Two_nodes_that_differ_in_a_few_records_exchange_a_few_and_hold_the_same()
    {
        var (caller, called) = (NodeOf(1), NodeOf(2));
        caller.Hear(Samples.Alive(50) with { Incarnation = 1 });
        called.Receive(SwimMessageKind.Gossip, 60, 0, 0, Samples.Alive(51) with { Incarnation = 1 });
        var bytes = caller.PushPullWith(called);
        Assert.Equal(called.Table, caller.Table);
        Assert.InRange(bytes, 500, 3_500);
    }

    private static MemberTable TableOf(int members)
    {
        var table = new MemberTable();
        for (var number = 1; number <= members; number++) table.Merge(Samples.Alive(number));
        return table;
    }

    private static Core NodeOf(int number) => new(number);

    // One of the members, that holds all.
    private sealed class Core
    {
        private readonly SwimCodec _codec = new(OneNode.ClusterId);
        private readonly MembershipCore _core;

        public Core(int number)
        {
            var met = MembersSnapshot.Of(Enumerable.Range(1, Members).Select(Samples.Alive));
            var setup = new MembershipSetup { Id = Samples.Id(number), Epoch = 1, ClusterId = OneNode.ClusterId, Meta = Samples.Meta(number), Met = met, WasMember = true };
            _core = new MembershipCore(setup, new SwimOptions(), new Prng((ulong)number));
            _core.Start(new Now(0, 0), new Outbox());
        }

        public IEnumerable<MemberRecord> Table => _core.Members.Members.Values;

        public void Hear(MemberRecord record) => Receive(SwimMessageKind.Gossip, 60, 0, 0, record);

        public void Receive(SwimMessageKind kind, int from, ulong seq, int target, MemberRecord record) => _core.OnDatagram(
            new Now(1, 0), _codec.Encode(new SwimMessage(kind, Samples.Id(from), seq, Samples.Id(target), 0), [record.Bytes]), new Outbox());

        // Its first call and what follows from the answer; returns the bytes that went both ways.
        public int PushPullWith(Core other)
        {
            var begun = new Outbox();
            _core.Announce(new Now(2, 0), _core.Self.Meta with { IsLeaving = true }, begun);
            var calls = new Queue<SendPushPull>(begun.Items.OfType<SendPushPull>().Take(1));
            var bytes = 0;
            while (calls.TryDequeue(out var call))
            {
                var (answer, next) = (new Outbox(), new Outbox());
                other._core.OnPushPullRequest(new Now(3, 0), call.Body, 1, answer);
                var body = answer.Items.OfType<AnswerPushPull>().Single().Body;
                bytes += call.Body.Length + body.Length;
                _core.OnPushPullReply(new Now(4, 0), call.Address, body, next);
                foreach (var further in next.Items.OfType<SendPushPull>()) calls.Enqueue(further);
            }

            return bytes;
        }
    }
}
