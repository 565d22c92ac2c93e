using FsCheck.Xunit;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Replication;
using static Swim.Core.Tests.Replication.WriterStates;

namespace Swim.Core.Tests.Replication;

/// <summary>Laws of contexts that forget: histories of three replicas that write, merge and retire in any order.</summary>
[Properties(MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class WriterProperties
{
    // Two families of three ids each, the last of which is in use.
    private static readonly ulong[] _writers = [.. from family in new[] { 7UL, 8UL } from born in new[] { 0, 1_000, 2_000 } select IdOf(family, born)];

    [Property]
    public bool Merging_without_what_retired_converges_in_any_order(byte[] history, byte[] order)
    {
        var replicas = Played(history);
        Settle(replicas, order);
        return replicas.TrueForAll(replica => replica.Context.SameAs(replicas[0].Context))
            && replicas[0].Context.Vector.Keys.All(static writer => writer == _writers[2] || writer == _writers[5]);
    }

    [Property]
    public bool Nothing_of_a_writer_in_use_is_forgotten(byte[] history, byte[] order)
    {
        var replicas = Played(history);
        var most = new[] { _writers[2], _writers[5] }.Select(writer => replicas.Max(replica => replica.Context.Highest(writer))).ToList();
        Settle(replicas, order);
        return replicas.TrueForAll(replica => replica.Context.SeenUpTo(_writers[2]) == most[0] && replica.Context.SeenUpTo(_writers[5]) == most[1]);
    }

    [Property]
    public bool A_context_without_a_writer_has_seen_the_rest(byte[] raw, byte which)
    {
        var context = new DotContext();
        foreach (var value in raw) context.Add(new Dot((value % 4UL) + 1, (value / 4UL % 12) + 1));
        var (writer, highest) = ((which % 4UL) + 1, context.Highest((which % 4UL) + 1));
        var copy = context.Clone();
        var isKept = highest == 0 || !copy.Retire(writer, highest - 1);
        var isGone = copy.Retire(writer, highest) == (highest > 0) && copy.Highest(writer) == 0;
        copy.Merge(context);
        return isKept && isGone && copy.SameAs(context);
    }

    private static List<WriterStates> Played(byte[] history)
    {
        List<WriterStates> replicas = [new(1), new(2), new(3)];
        var seqs = new ulong[_writers.Length];
        foreach (var replica in replicas)
        {
            // Both families are known everywhere, and everything up to now was heard.
            replica.Take([.. _writers.Select(static writer => (writer, 1UL))]);
            replica.State.Horizon = At(10_000);
        }

        Array.Fill(seqs, 1UL);
        foreach (var step in history)
        {
            var (one, other) = (replicas[step % 3], replicas[(step / 3) % 3]);
            var writer = step / 9 % _writers.Length;
            if (step >= 200) Retire(one, [.. one.Context.Writers]);
            else if (one == other) one.State.Store.Merge(new DeltaFrame(Number, _writers[writer], ++seqs[writer], seqs[writer], [], null));
            else Merge(one, other);
        }

        return replicas;
    }

    // One forgets what it can, and then all meet all often enough, in some order.
    private static void Settle(List<WriterStates> replicas, byte[] order)
    {
        Retire(replicas[0], [.. replicas[0].Context.Writers]);
        foreach (var step in order) Merge(replicas[step % 3], replicas[(step / 3) % 3]);
        for (var round = 0; round < 3; round++)
        {
            foreach (var one in replicas)
            {
                foreach (var other in replicas) Merge(one, other);
            }
        }

        foreach (var replica in replicas) Retire(replica, [.. replica.Context.Writers]);
        foreach (var one in replicas)
        {
            foreach (var other in replicas) Merge(one, other);
        }
    }

    // What the one tells the other of what it does not learn, that one does.
    private static void Merge(WriterStates to, WriterStates from)
    {
        if (to == from) return;
        to.State.Store.Merge(to.Guard.Pass(Other, DeltaFrame.Repair(Number, [], from.Context.Clone())));
        foreach (var told in to.TakeSent().OfType<WritersRetired>()) Retire(from, told.Writers);
    }

    private static void Retire(WriterStates replica, IReadOnlyList<ulong> writers)
    {
        foreach (var writer in writers.Distinct().Where(replica.State.Store.Writers.IsSuperseded).ToList())
            replica.State.Store.Forget(new Forgetting(Number, HlcTimestamp.Zero, [], []) { Retired = [(writer, replica.Context.Highest(writer))] });
    }
}
