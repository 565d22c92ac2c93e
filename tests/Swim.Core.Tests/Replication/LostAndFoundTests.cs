using System.Collections.Immutable;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What a removed node held and put aside, among owners that the test plays.</summary>
public sealed class LostAndFoundTests
{
    private const ulong Actor = 9;
    private static readonly NodeId Self = new(1);
    private readonly ReplicaState _state = new(new ReplicaSettings(Self, 7), new Prng(3));
    private readonly LostAndFound _lost;
    private long _ms;

    public LostAndFoundTests()
    {
        _lost = new LostAndFound(_state);
        Members();
        PassSeconds(0);
    }

    [Fact]
    public void What_one_home_owner_has_seen_is_not_lost_and_once_all_of_it_is_the_files_may_go()
    {
        var (one, other) = (Bucket(0), Bucket(1));
        PutAside((one, 2), (other, 1));
        Assert.Equal((3, 2), (_lost.CellCount, _lost.WorkflowCount));

        Tell(Owners(one)[0], one, 1);
        Assert.Equal((2, 2), (_lost.CellCount, _lost.WorkflowCount));
        Tell(Owners(one)[1], one, 2);
        Assert.Equal((1, 1), (_lost.CellCount, _lost.WorkflowCount));
        Assert.Empty(_state.Outbox.Items.OfType<AsideCovered>());

        Tell(Owners(other)[0], other, 1);
        Assert.Equal((0, 0), (_lost.CellCount, _lost.WorkflowCount));
        Assert.Single(_state.Outbox.Items.OfType<AsideCovered>());
        Assert.Empty(_state.Outbox.Items.OfType<CellsLost>());
    }

    [Fact]
    public void The_word_of_a_node_that_is_no_home_owner_counts_for_nothing()
    {
        PutAside((Bucket(0), 1));
        var stranger = Enumerable.Range(2, 5).Select(static id => new NodeId((ulong)id)).First(id => !_state.Placement.Map.IsHomeOwner(Bucket(0), id));
        Tell(stranger, Bucket(0), 1);
        Assert.Equal(1, _lost.CellCount);
    }

    [Fact]
    public void It_asks_every_home_owner_that_is_up_and_tells_once_of_what_none_has_seen()
    {
        PutAside((Bucket(0), 1));
        var owners = Owners(Bucket(0));
        Members(down: owners[0]);
        Assert.Equal(owners.Skip(1).Order(), Asked());
        foreach (var owner in owners.Skip(1)) Tell(owner, Bucket(0), 0);
        Assert.Empty(Asked());
        Assert.Equal(new CellsLost(1, 1), Assert.Single(_state.Outbox.Items.OfType<CellsLost>()));
        for (var round = 0; round < 40; round++)
        {
            foreach (var owner in Asked()) Tell(owner, Bucket(0), 0);
        }

        Assert.Single(_state.Outbox.Items.OfType<CellsLost>());
    }

    [Fact]
    public void An_owner_that_is_back_is_asked_and_all_are_asked_again_after_a_while()
    {
        PutAside((Bucket(0), 1));
        var owners = Owners(Bucket(0));
        Members(down: owners[0]);
        Asked();
        foreach (var owner in owners.Skip(1)) Tell(owner, Bucket(0), 0);
        Members();
        Assert.Equal([owners[0]], Asked());
        Tell(owners[0], Bucket(0), 0);
        PassSeconds(40);
        Asked();
        PassSeconds(40);
        Asked();
        Assert.Equal(owners.Order(), Asked());
    }

    [Fact]
    public void It_asks_about_few_buckets_at_once_and_comes_to_all_of_them()
    {
        var buckets = Enumerable.Range(0, Buckets.Count).Where(bucket => !_state.Placement.Map.IsHomeOwner(bucket, Self)).Take(LostAndFound.AskedMax + 10).ToArray();
        PutAside([.. buckets.Select(static bucket => (bucket, 1))]);
        for (var round = 0; round < 3 && _lost.CellCount > 0; round++)
        {
            _state.Outbox.Clear();
            PassSeconds(2);
            _lost.Tend();
            var asks = _state.Outbox.Items.OfType<SendToPeer>().Select(static send => (send.To, ((ContextAsk)send.Message).Bucket)).ToList();
            Assert.InRange(asks.Select(static ask => ask.Bucket).Distinct().Count(), 1, LostAndFound.AskedMax);
            foreach (var (owner, bucket) in asks) Tell(owner, bucket, 1);
        }

        Assert.Equal(0, _lost.CellCount);
    }

    [Fact]
    public void Nothing_of_it_is_merged()
    {
        PutAside((Bucket(0), 2));
        PassSeconds(2);
        _lost.Tend();
        Assert.Empty(_state.Store.Buckets);
    }

    private int Bucket(int number) => Enumerable.Range(0, Buckets.Count).Where(bucket => !_state.Placement.Map.IsHomeOwner(bucket, Self)).ElementAt(number);

    private NodeId[] Owners(int bucket) => _state.Placement.Map.HomeOwners(bucket).ToArray();

    private void PutAside(params (int Bucket, int Cells)[] held)
    {
        var store = new CellStore(new HybridLogicalClock());
        store.UseActor(Actor);
        foreach (var (bucket, cells) in held)
        {
            var workflow = WorkflowId.FromRandom((ulong)bucket << 52, [1], []);
            for (ulong cell = 0; cell < (ulong)cells; cell++) store.Write(Self, HlcTimestamp.From(1_000, 0), new CellKey(workflow, CellKind.Chunk, new Subkey(cell)), [1]);
        }

        var outbox = new Outbox();
        store.Commit(outbox);
        _lost.Receiver.OnRecord(1, outbox.Items.OfType<Persist>().Single().Record);
        _lost.Begin();
    }

    private void Tell(NodeId owner, int bucket, ulong seen)
    {
        var context = new DotContext();
        if (seen > 0) context.AddRange(Actor, 1, seen);
        _lost.OnTell(owner, new ContextTell(bucket, context));
    }

    // Whom it asks now.
    private IEnumerable<NodeId> Asked()
    {
        PassSeconds(2);
        var before = _state.Outbox.Items.Count;
        _lost.Tend();
        return [.. _state.Outbox.Items.Skip(before).OfType<SendToPeer>().Where(static send => send.Message is ContextAsk).Select(static send => send.To).Order()];
    }

    private void PassSeconds(int seconds)
    {
        _ms += seconds * 1_000L;
        _state.Now = new Now(_ms * Now.TicksPerMs, 1_700_000_000_000 + _ms);
        _state.Outbox ??= new Outbox();
    }

    private void Members(NodeId? down = null)
    {
        var all = Enumerable.Range(1, 6).Select(static id => new NodeId((ulong)id)).ToImmutableSortedDictionary(static id => id, id => new MemberRecord(
            id, 1, 0, id == down ? MemberState.Dead : MemberState.Alive, new MemberMeta($"n{id.Value}", "h", 1, 2, 3, "", 16)));
        _state.Placement = Placement.Build(7, 3, Self, new MembersSnapshot(1, all, 1), null);
    }
}
