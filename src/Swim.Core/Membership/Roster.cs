using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>Where a record came from; it decides how far it is believed and spread.</summary>
internal enum RecordSource : byte
{
    /// <summary>A rumour: believed as it is, spread on.</summary>
    Gossip,

    /// <summary>The member itself.</summary>
    Subject,

    /// <summary>A push-pull with somebody else: one view alone buries nobody.</summary>
    PushPull,

    /// <summary>The same, by a node that knows little: members new to it are not spread, since everybody else knows them.</summary>
    PushPullOfJoiner,
}

/// <summary>
/// What this node believes: the member table and all that follows from a change of it (whom to probe, what to spread, which
/// suspicions run, what to tell the operator). Holds the input filters; the table's own merge knows none.
/// </summary>
internal sealed class Roster(MembershipSetup setup, SwimOptions options, Prng prng, LoopWatch watch, NewsSpread spread, RejectCounts rejects)
{
    // A member refutes a few times in its life; what lies farther ahead was made up, and would leave no room above it.
    private const ulong JumpMax = 1UL << 32;

    private readonly Suspicions _suspicions = new(options, watch, spread);
    private readonly SortedDictionary<NodeId, ulong> _removed = [];
    private readonly ConflictWatch _conflicts = new(options);
    private Deafness? _deafness;

    /// <summary>All known members, this node included.</summary>
    public MemberTable Table { get; } = new();

    /// <summary>This node as the others are to know it.</summary>
    public OwnMember Own { get; } = new(setup);

    /// <summary>The others that are Alive or Suspect.</summary>
    public PeerSet Live { get; } = new();

    /// <summary>The others that are Dead.</summary>
    public PeerSet Dead { get; } = new();

    /// <summary>Whom to probe next.</summary>
    public ProbeOrder Order { get; } = new(prng);

    /// <summary>What to piggyback.</summary>
    public Dissemination News { get; } = new();

    /// <summary>When each member was last heard of by itself.</summary>
    public Traffic Traffic { get; } = new();

    /// <summary>Members that others suspect and that chance made this node look at: taken out by whoever looks.</summary>
    public List<NodeId> ToCheck { get; } = [];

    /// <summary>How long to await each peer.</summary>
    public PeerTimeouts Timeouts { get; } = new(options);

    /// <summary>How far each peer is.</summary>
    public PeerDistances Distances { get; } = new(setup.Id);

    /// <summary>How many suspicions run.</summary>
    public int SuspicionCount => _suspicions.Count;

    /// <summary>Whether this node hears anybody.</summary>
    public Deafness Deafness => _deafness ??= new Deafness(this, options, watch);

    /// <summary>How far this node doubts itself.</summary>
    public LocalHealth Health { get; } = new(options.LocalHealthMax);

    /// <summary>How many members take part, this node included.</summary>
    public int LiveCount => Live.Count + 1;

    /// <summary>Monotonic time of the latest death taken note of.</summary>
    public long LastDeathTicks { get; private set; }

    /// <summary>Monotonic time of the latest change of the table.</summary>
    public long LastChangeTicks { get; private set; }

    /// <summary>Takes up the own record and those of an earlier life.</summary>
    public void Start(Now now, Outbox outbox)
    {
        Traffic.OnAnything(now);
        if (setup.Met is { } met) Meet(met);
        else Become(Own.Record, now);
        foreach (var record in setup.Known) Learn(ViewOf(record), RecordSource.PushPullOfJoiner, now, outbox);
    }

    /// <summary>Takes up what somebody said, if it is news. Returns how it related to what was known before.</summary>
    public Relation Learn(in RecordView view, RecordSource source, Now now, Outbox outbox)
    {
        if (view.Id == Own.Record.Id) return LearnOfSelf(view, now, outbox);
        var relation = Table.Compare(view);
        if (relation == Relation.Same) Corroborate(view.Id, view.Accusers.Span, now, outbox);
        var known = Table.Find(view.Id);
        // Of a life or incarnation not heard of yet: what it is about comes by other ways.
        if (view.Meta.IsEmpty && !IsOfSameLife(known, view.Standing)) return Relation.Older;
        if (relation is Relation.Same or Relation.Older) return relation;
        if (WhyNot(known, view) is { } reason) Reject(reason, outbox);
        else if (!TryMetaOf(view, known, out var meta)) Reject(RejectReason.BadMeta, outbox);
        else Accept(Bar(Filter(known, RecordOf(view, meta), source, now)), source, now, outbox, view.Accusers.Span);
        return relation;
    }

    /// <summary>Takes in who was removed up to which epoch, and holds those for left.</summary>
    public void OnRemovals(IEnumerable<KeyValuePair<NodeId, ulong>> removals, Now now, Outbox outbox)
    {
        foreach (var (id, epoch) in removals)
        {
            _removed[id] = Math.Max(epoch, _removed.GetValueOrDefault(id));
            if (id == Own.Record.Id) TellIfRemoved(epoch, outbox);
            else if (Table.Find(id) is { } known && Bar(known) is var barred && barred != known) Accept(barred, RecordSource.Gossip, now, outbox);
        }
    }

    /// <summary>A packet of this sender came that proves that it was there just now.</summary>
    public void OnPacketOf(NodeId id, Now now)
    {
        if (Table.Find(id) is not null) Traffic.OnPacket(id, now);
    }

    /// <summary>True when somebody else found the member silent: then that it is silent here too says nothing against this node.</summary>
    public bool IsAccusedByOthers(NodeId id)
    {
        foreach (var accuser in _suspicions.AccusersOf(id).Span) if (accuser != Own.Record.Id) return true;
        return false;
    }

    /// <summary>A probe of <paramref name="id"/> failed: it is suspected, or one more node finds it silent. True when the suspicion is new.</summary>
    public bool Suspect(NodeId id, Now now, Outbox outbox)
    {
        if (Table.Find(id) is not { IsLive: true } known) return false;
        if (known.State == MemberState.Alive) Accept(known with { State = MemberState.Suspect }, RecordSource.Gossip, now, outbox, [Own.Record.Id]);
        else Corroborate(id, [Own.Record.Id], now, outbox);
        return known.State == MemberState.Alive;
    }

    /// <summary>The suspicion timer <paramref name="timer"/> came back: the member is dead, unless the timer is stale.</summary>
    public void OnSuspicionTimer(NodeTimer timer, Now now, Outbox outbox)
    {
        if (Planted.Is(Mutant.SuspicionEndless) || Table.Find(new NodeId(timer.Subject)) is not { State: MemberState.Suspect } known) return;
        if (!_suspicions.HasRunOut(timer, LiveCount, Traffic.LastHeard(known.Id), Deafness.IsDeaf(now), now, outbox, out var doubt)) TellDoubt(known, doubt, outbox);
        else Accept(known with { State = MemberState.Dead }, RecordSource.Gossip, now, outbox);
    }

    private static void TellDoubt(MemberRecord known, DoubtReason? doubt, Outbox outbox)
    {
        if (doubt is { } reason) outbox.Notify(new VoteWithheld(known.Id, known.Meta.Name, reason));
    }

    /// <summary>Changes the own record; the new one must be greater.</summary>
    public void Become(MemberRecord own, Now now)
    {
        Own.Record = own;
        Table.Merge(own);
        News.Offer(own);
        NoteChange(now);
    }

    /// <summary>Counts something dropped; the operator hears of it ever more rarely.</summary>
    public void Reject(RejectReason reason, Outbox outbox)
    {
        var count = rejects.Count(reason);
        if (long.IsPow2(count)) outbox.Notify(new InputRejected(reason, count));
    }

    /// <summary>Two processes use one id: says so, not too often.</summary>
    public void NoteConflict(NodeId id, MemberMeta one, MemberMeta other, Now now, Outbox outbox) =>
        _conflicts.Note(id, one, other, now, outbox);

    // The same suspicion by others: who takes part and is not the suspect itself confirms it.
    private void Corroborate(NodeId id, ReadOnlySpan<NodeId> accusers, Now now, Outbox outbox)
    {
        if (accusers.IsEmpty || Table.Find(id) is not { State: MemberState.Suspect } known) return;
        if (_suspicions.Confirm(id, Credible(id, accusers), LiveCount, now, outbox)) News.Offer(known, _suspicions.AccusersOf(id).Span, isShort: true);
    }

    private NodeId[] Credible(NodeId suspect, ReadOnlySpan<NodeId> accusers)
    {
        var credible = new List<NodeId>(accusers.Length);
        foreach (var accuser in accusers)
        {
            if (accuser != suspect && Table.Find(accuser) is { IsLive: true }) credible.Add(accuser);
        }

        return [.. credible];
    }

    private Relation LearnOfSelf(in RecordView view, Now now, Outbox outbox)
    {
        var own = Own.Record;
        if (IsAbsurd(own.Standing, view.Standing))
        {
            Reject(RejectReason.AbsurdJump, outbox);
            return Relation.Same;
        }

        var relation = Table.Compare(view);
        if (relation is Relation.Same or Relation.Older || Planted.Is(Mutant.NoRefutation)) return relation;
        if (IsOtherProcess(view, out var other))
        {
            _conflicts.Note(own.Id, own.Meta, other, now, outbox);
            if (!_conflicts.MayContest(now)) return relation;
        }

        if (view.Standing.Epoch == own.Epoch && view.Standing.State is MemberState.Suspect or MemberState.Dead) Health.OnTrouble();
        if (view.Standing.State == MemberState.Left) TellIfRemoved(view.Standing.Epoch, outbox);
        Become(Own.Above(view.Standing, outbox), now);
        return relation;
    }

    private void TellIfRemoved(ulong epoch, Outbox outbox)
    {
        if (epoch >= Own.Record.Meta.StateSince) outbox.Add(new DeclaredLeft(epoch));
    }

    // Of a life that was removed, or of a later one that has not put that life's state aside.
    private MemberRecord Bar(MemberRecord record)
    {
        var isBarred = record.State != MemberState.Left && _removed.TryGetValue(record.Id, out var epoch) && (record.Epoch <= epoch || record.Meta.StateSince <= epoch);
        return isBarred ? record with { State = MemberState.Left } : record;
    }

    // An earlier life of this node has a lower epoch. A live record above ours at another address is somebody else's doing.
    private bool IsOtherProcess(in RecordView view, out MemberMeta other) =>
        RecordCodec.TryDecodeMeta(view.Meta, out other) && view.Standing.State <= MemberState.Suspect && !other.HasAddressOf(Own.Record.Meta);

    private RejectReason? WhyNot(MemberRecord? known, in RecordView view) => known switch
    {
        null when Table.Count >= options.MembersMax => RejectReason.TableFull,
        _ when IsAbsurd(known?.Standing ?? default, view.Standing) => RejectReason.AbsurdJump,
        _ => null,
    };

    private static bool IsAbsurd(Standing known, Standing told)
    {
        if (told.Epoch < known.Epoch) return false;
        var knownIncarnation = told.Epoch == known.Epoch ? known.Incarnation : 0;
        return told.Epoch - known.Epoch > JumpMax || (told.Incarnation > knownIncarnation && told.Incarnation - knownIncarnation > JumpMax);
    }

    private MemberRecord Filter(MemberRecord? known, MemberRecord told, RecordSource source, Now now)
    {
        if (told.State != MemberState.Dead || known is not { IsLive: true }) return told;
        var isHearsay = source is RecordSource.PushPull or RecordSource.PushPullOfJoiner;
        return isHearsay || (options.DoubtsItself && IsContradicted(known, told, source, now)) ? told with { State = MemberState.Suspect } : told;
    }

    // A rumour of a death that others found, about a life heard of by itself just now. Who said itself that it stops is believed.
    private bool IsContradicted(MemberRecord known, MemberRecord told, RecordSource source, Now now) =>
        source == RecordSource.Gossip && known.Epoch == told.Epoch && !told.Meta.IsDraining && Traffic.IsHeardSince(told.Id, now.Ticks - options.ProtocolPeriod.Ticks);

    private void Accept(MemberRecord record, RecordSource source, Now now, Outbox outbox, ReadOnlySpan<NodeId> accusers = default)
    {
        var known = Table.Find(record.Id);
        if (known is not null && known.Standing == record.Standing && !known.Meta.HasAddressOf(record.Meta))
            _conflicts.Note(record.Id, known.Meta, record.Meta, now, outbox);
        if (!Table.Merge(record)) return;
        NoteChange(now);
        if (record.State == MemberState.Dead) LastDeathTicks = now.Ticks;
        if (known is not null) Judge(known, record, now);
        Sort(record);
        if (record.State == MemberState.Suspect) OnSuspect(record.Id, accusers, now, outbox);
        else _suspicions.End(record.Id);
        if (known is not null || source != RecordSource.PushPullOfJoiner) News.Offer(record, _suspicions.AccusersOf(record.Id).Span, isShort: IsOfSameLife(known, record.Standing) && known!.Meta == record.Meta);
        if (NoticeOf(known, record) is { } notice) outbox.Notify(notice);
    }

    private static bool IsOfSameLife(MemberRecord? known, Standing standing) => known is not null && (known.Epoch, known.Incarnation) == (standing.Epoch, standing.Incarnation);

    private void OnSuspect(NodeId id, ReadOnlySpan<NodeId> accusers, Now now, Outbox outbox)
    {
        _suspicions.Start(id, Credible(id, accusers), LiveCount, Timeouts.PenaltyOf(id, now), now, outbox);
        if (options.SuspicionChecks > 0 && !accusers.Contains(Own.Record.Id) && prng.Next(LiveCount) < options.SuspicionChecks) ToCheck.Add(id);
    }

    private void NoteChange(Now now)
    {
        LastChangeTicks = now.Ticks;
        spread.OnChange(now);
    }

    // One that said itself that it stops was no mistake, and comes back as another life.
    private void Judge(MemberRecord before, MemberRecord after, Now now)
    {
        if (before.Epoch != after.Epoch || after.State == MemberState.Left)
        {
            Timeouts.Forget(after.Id);
            Distances.Forget(after.Id);
        }
        else if (after.State == MemberState.Alive && before.State is MemberState.Suspect or MemberState.Dead) Timeouts.OnMistake(after.Id, now);
    }

    private void Sort(MemberRecord record)
    {
        Dead.Set(record.Id, record.State == MemberState.Dead);
        if (!Live.Set(record.Id, record.IsLive)) return;
        if (record.IsLive) Order.Add(record.Id);
        else Order.Remove(record.Id);
    }

    private Notice? NoticeOf(MemberRecord? before, MemberRecord now) => now.State switch
    {
        MemberState.Left when _removed.TryGetValue(now.Id, out var epoch) => new MemberForgotten(now.Id, now.Meta.Name, epoch),
        MemberState.Left => new MemberLeft(now.Id, now.Meta.Name),
        MemberState.Dead => new MemberDied(now.Id, now.Meta.Name, now.Incarnation),
        MemberState.Suspect => new MemberSuspected(now.Id, now.Meta.Name, now.Incarnation),
        _ when before is null || before.Epoch != now.Epoch => new MemberJoined(now.Id, now.Meta.Name, now.Epoch),
        _ when before.State != MemberState.Alive => new MemberRefuted(now.Id, now.Meta.Name, now.Incarnation, before.State),
        _ => null,
    };

    private void Meet(MembersSnapshot met)
    {
        Invariant.Holds(met.Members.TryGetValue(Own.Record.Id, out var own) && own == Own.Record, "a node has met itself");
        Invariant.Holds(met.Members.Values.All(static member => member.State == MemberState.Alive), "who has been met is alive");
        Table.Begin(met);
        foreach (var id in met.Members.Keys) if (id != Own.Record.Id) Live.Set(id, isIn: true);
        Order.Fill(Live);
    }

    // Equal metadata is decoded and kept once: it outlives most changes of state.
    private static bool TryMetaOf(in RecordView view, MemberRecord? known, out MemberMeta meta)
    {
        if (known is null || !(view.Meta.IsEmpty || known.MetaBytes.SequenceEqual(view.Meta.Span))) return RecordCodec.TryDecodeMeta(view.Meta, out meta);
        meta = known.Meta;
        return true;
    }

    private static MemberRecord RecordOf(in RecordView view, MemberMeta meta) =>
        new(view.Id, view.Standing.Epoch, view.Standing.Incarnation, view.Standing.State, meta);

    private static RecordView ViewOf(MemberRecord record) => new(record.Id, record.Standing, RecordCodec.EncodeMeta(record.Meta));
}
