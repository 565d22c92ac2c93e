using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;
using static Swim.Core.Tests.Replication.WriterStates;

namespace Swim.Core.Tests.Replication;

/// <summary>A context that is full gets no new writer while another owner writes in it already.</summary>
public sealed class WriterCapTests
{
    private readonly WriterStates _states = new(members: 3);
    private readonly WriterCap _cap;

    public WriterCapTests()
    {
        _states.State.Store.UseActor(IdOf(WriterId.FamilyOf(new NodeId(1)), 0));
        _cap = new WriterCap(_states.State);
    }

    [Fact]
    public void An_alarm_says_once_that_there_are_many_writers()
    {
        Fill(WriterCap.Many - 1);
        _cap.Tend();
        Assert.Empty(Notices().OfType<ManyWriters>());
        Fill(WriterCap.Many);
        _cap.Tend();
        _cap.Tend();
        Assert.Equal(new ManyWriters(Number, WriterCap.Many), Assert.Single(Notices().OfType<ManyWriters>()));
        Assert.Equal(WriterCap.Many, _cap.Most);
    }

    [Fact]
    public void Below_the_cap_everybody_acts()
    {
        Fill(WriterCap.Full - 1);
        Assert.Same(_states.State.Placement, _cap.Tend());
        Assert.False(_cap.IsBarred(Number));
    }

    [Fact]
    public void In_a_full_context_an_owner_that_writes_there_acts_and_one_that_does_not_sends_to_it()
    {
        Fill(WriterCap.Full - 1);
        _states.Take((IdOf(WriterId.FamilyOf(new NodeId(2)), 0), 1));
        var placement = _cap.Tend();
        Assert.Equal(new NodeId(2), placement.ActingOwners(Number)[0]);
        Assert.Equal((false, false), (placement.Acts(Number), placement.Plans(Number)));
        Assert.True(placement.Acts(Number + 1));
        Assert.Equal((true, RefusalReason.Unavailable), (_cap.IsBarred(Number), _cap.RefusalOf(Number).Reason));
        _states.State.Placement = placement;
        Assert.Same(placement, _cap.Tend());
    }

    [Fact]
    public void Where_no_owner_writes_there_new_work_is_refused_and_the_first_goes_on_with_the_old()
    {
        Fill(WriterCap.Full);
        var placement = _cap.Tend();
        Assert.True(placement.Acts(Number));
        Assert.Equal((RefusalReason.ResourceExhausted, "TOO_MANY_WRITERS"), (_cap.RefusalOf(Number).Reason, _cap.RefusalOf(Number).Code));
    }

    [Fact]
    public void Who_writes_there_already_goes_on()
    {
        Fill(WriterCap.Full - 1);
        _states.Take((_states.State.Store.Actor, 1));
        Assert.False(_cap.IsBarred(Number));
        Assert.True(_cap.Tend().Plans(Number));
    }

    private List<Notice> Notices() => [.. _states.State.Outbox.Items.OfType<Notice>()];

    private void Fill(int writers) => _states.Take([.. Enumerable.Range(1, writers).Select(static at => (WriterId.Of((ulong)at, 5), 1UL))]);
}
