using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Simulation.Time;

namespace Swim.Simulation.Membership;

/// <summary>
/// Very many membership cores on virtual time, and nothing else of a node: the yardstick for the detector. A run is a function of
/// the seed and of what is done to the fleet; what happened goes into a trace and a tally.
/// </summary>
internal sealed class Fleet
{
    private const ulong ClusterId = 0x59415244;

    private readonly FleetQueue _queue = new();
    private readonly FleetNode[] _nodes;
    private readonly ulong _seed;
    private readonly SwimOptions _options;

    // Whose push-pull request is at hand: the core answers within the call.
    private (int Place, int Life) _caller;

    /// <summary>A fleet with so many places, none of them running.</summary>
    public Fleet(int places, ulong seed, SwimOptions options)
    {
        (_seed, _options) = (seed, options with { MembersMax = Math.Max(options.MembersMax, places + 1), IsSimulated = true });
        _nodes = [.. Enumerable.Range(0, places).Select(static place => new FleetNode(place))];
        Prng = new Prng(StableHash.Of(seed, 1));
        Links = new FleetLinks(places, new Prng(StableHash.Of(seed, 2)));
        Tally = new FleetTally(this);
    }

    /// <summary>Virtual time in units of 100 ns.</summary>
    public long Ticks { get; private set; }

    /// <summary>Virtual time since the start of the run.</summary>
    public TimeSpan Time => new(Ticks);

    /// <summary>The nodes by place.</summary>
    public IReadOnlyList<FleetNode> Nodes => _nodes;

    /// <summary>Chance for those who plan what is done to the fleet.</summary>
    public Prng Prng { get; }

    /// <summary>The links.</summary>
    public FleetLinks Links { get; }

    /// <summary>What was seen.</summary>
    public FleetTally Tally { get; }

    /// <summary>Everything that happened, as a hash.</summary>
    public TraceHash Trace { get; } = new();

    /// <summary>The id of the node with that number; a place has another one after <see cref="Replace"/>.</summary>
    public NodeId IdOf(int place, int identity = 0) => new(StableHash.Of(_seed, (ulong)place, (ulong)identity) | 1);

    /// <summary>Starts the first <paramref name="count"/> nodes as they are long after they have all met.</summary>
    public void StartTogether(int count)
    {
        var records = Enumerable.Range(0, count).Select(place => new MemberRecord(IdOf(place), 1, 0, MemberState.Alive, FleetAddress.MetaOf(place)));
        var met = MembersSnapshot.Of(records);
        for (var place = 0; place < count; place++) Begin(place, 0, epoch: 1, [FleetAddress.SeedOf(0)], met);
    }

    /// <summary>Starts a node that knows only its seeds.</summary>
    public void StartNew(int place, params int[] seeds) => Begin(place, 0, 1, [.. seeds.Select(FleetAddress.SeedOf)], null);

    /// <summary>Ends the process at once, as kill -9 does.</summary>
    public void Crash(int place)
    {
        Tally.OnCrash(place);
        End(place);
    }

    /// <summary>Starts the node again after a crash: same id, next epoch, nothing remembered but the seeds.</summary>
    public void Restart(int place, ulong epoch, params int[] seeds) => Begin(place, 0, epoch, [.. seeds.Select(FleetAddress.SeedOf)], null);

    /// <summary>Starts another node, with an id of its own, under the address and name of one that crashed.</summary>
    public void Replace(int place, params int[] seeds) => Begin(place, 1, 1, [.. seeds.Select(FleetAddress.SeedOf)], null);

    /// <summary>Stops the process for a while; then it goes on as if nothing had been.</summary>
    public void Pause(int place, TimeSpan duration) => _nodes[place].Pause(Ticks + duration.Ticks);

    /// <summary>Holds its messages for a while, in and out, and its probing with them; suspicions go on running out.</summary>
    public void Block(int place, TimeSpan duration) => _nodes[place].Block(Ticks + duration.Ticks);

    /// <summary>Lets time pass.</summary>
    public void RunFor(TimeSpan duration) => RunUntil(Ticks + duration.Ticks);

    /// <summary>Lets time pass until <paramref name="isSo"/>, looked at every <paramref name="step"/>; false when it was not so within <paramref name="most"/>.</summary>
    public bool RunUntil(Func<bool> isSo, TimeSpan most, TimeSpan step)
    {
        var end = Ticks + most.Ticks;
        while (!isSo())
        {
            if (Ticks >= end) return false;
            RunFor(step);
        }

        return true;
    }

    /// <summary>True when all nodes that run hold the same members.</summary>
    public bool HasOneView()
    {
        ulong? one = null;
        foreach (var node in _nodes)
        {
            if (node.Core is not { } core) continue;
            if ((one ??= core.Fingerprint) != core.Fingerprint) return false;
        }

        return true;
    }

    private void RunUntil(long ticks)
    {
        while (_queue.TryTake(ticks, out var what, out var due))
        {
            Ticks = due;
            Happen(what);
        }

        Ticks = ticks;
    }

    private void Happen(in FleetEvent what)
    {
        var node = _nodes[what.To];
        if (node.Core is null || (what.Life >= 0 && what.Life != node.Life))
        {
            if (what.Kind == FleetEventKind.Request) Fail(what.From, what.CallerLife, what.To, Links.Delay(what.To));
            return;
        }

        var waitsUntil = node.WaitsUntil(what, Ticks);
        if (waitsUntil > Ticks) _queue.Add(waitsUntil, what with { Life = node.Life });
        else if (what.Kind == FleetEventKind.Datagram && Links.IsCut(what.From, what.To)) Tally.OnLost();
        else Give(node, what);
    }

    private void Give(FleetNode node, in FleetEvent what)
    {
        Trace.Add(Ticks, what.To, what.TraceKind, what.Bytes.Span);
        var now = new Now(Ticks, Ticks / Now.TicksPerMs);
        var core = node.Core!;
        switch (what.Kind)
        {
            case FleetEventKind.Datagram:
                core.OnDatagram(now, what.Bytes, node.Outbox);
                break;
            case FleetEventKind.Timer:
                core.OnTimer(now, what.Timer, node.Outbox);
                break;
            case FleetEventKind.Request:
                _caller = (what.From, what.CallerLife);
                core.OnPushPullRequest(now, what.Bytes, 0, node.Outbox);
                break;
            case FleetEventKind.Reply:
                core.OnPushPullReply(now, FleetAddress.SeedOf(what.From), what.Bytes, node.Outbox);
                break;
            case FleetEventKind.Failed:
                core.OnPushPullFailed(now, FleetAddress.SeedOf(what.From), node.Outbox);
                break;
        }

        Drain(node);
    }

    private void Begin(int place, int identity, ulong epoch, string[] seeds, MembersSnapshot? met)
    {
        var node = _nodes[place];
        node.Life++;
        node.StartedTicks = Ticks;
        var setup = new MembershipSetup
        {
            Id = IdOf(place, identity),
            Epoch = epoch,
            Meta = FleetAddress.MetaOf(place),
            ClusterId = ClusterId,
            Seeds = seeds,
            Met = met,
            WasMember = met is not null,
            Bootstrap = seeds is [var only] && only == FleetAddress.SeedOf(place),
        };
        Tally.OnStart(place, setup.Id);
        node.Core = new MembershipCore(setup, _options, new Prng(StableHash.Of(_seed, setup.Id.Value, (ulong)node.Life)));
        node.Core.Start(new Now(Ticks, Ticks / Now.TicksPerMs), node.Outbox);
        Drain(node);
    }

    private void End(int place)
    {
        _nodes[place].Core = null;
        _nodes[place].Life++;
        _nodes[place].Pause(0);
        _nodes[place].Block(0);
    }

    private void Drain(FleetNode node)
    {
        var outbox = node.Outbox;
        for (var i = 0; i < outbox.Items.Count; i++) Do(node, outbox.Items[i]);
        outbox.Clear();
    }

    private void Do(FleetNode node, Output output)
    {
        switch (output)
        {
            case SetTimer timer:
                _queue.Add(Math.Max(timer.DueTicks, Ticks), new FleetEvent(FleetEventKind.Timer, node.Place, node.Life, -1, 0, timer.Timer, default));
                break;
            case SendDatagram send:
                Send(node, FleetAddress.PlaceOf(send.Host), send.Packet);
                break;
            case SendPushPull call:
                Call(node, FleetAddress.PlaceOf(call.Address), call.Body);
                break;
            case AnswerPushPull answer:
                Answer(node, answer.Body);
                break;
            case RefusePushPull:
                Answer(node, null);
                break;
            case Notice notice:
                Tally.OnNotice(node.Place, notice);
                break;
        }
    }

    private void Send(FleetNode node, int to, ReadOnlyMemory<byte> packet)
    {
        Tally.OnSent(node.Place, packet.Length);
        if (to < 0 || Links.Loses(node.Place, to)) Tally.OnLost();
        else _queue.Add(SendTicks(node) + Links.Delay(node.Place).Ticks, new FleetEvent(FleetEventKind.Datagram, to, -1, node.Place, 0, default, packet));
    }

    private void Call(FleetNode node, int to, ReadOnlyMemory<byte> body)
    {
        Invariant.Holds(to >= 0, "every address of a fleet is a node's");
        Tally.OnSent(node.Place, body.Length);
        if (!Links.AreJoined(node.Place, to)) Fail(node.Place, node.Life, to, FleetLinks.CallTimeout);
        else _queue.Add(SendTicks(node) + Links.StreamDelay(node.Place, to).Ticks, new FleetEvent(FleetEventKind.Request, to, -1, node.Place, node.Life, default, body));
    }

    private void Answer(FleetNode node, ReadOnlyMemory<byte>? body)
    {
        var (to, life) = _caller;
        if (body is not { } bytes)
        {
            Fail(to, life, node.Place, Links.Delay(node.Place));
            return;
        }

        Tally.OnSent(node.Place, bytes.Length);
        if (!Links.AreJoined(node.Place, to)) Fail(to, life, node.Place, FleetLinks.CallTimeout);
        else _queue.Add(SendTicks(node) + Links.StreamDelay(node.Place, to).Ticks, new FleetEvent(FleetEventKind.Reply, to, life, node.Place, 0, default, bytes));
    }

    private void Fail(int caller, int callerLife, int called, TimeSpan after) =>
        _queue.Add(Ticks + after.Ticks, new FleetEvent(FleetEventKind.Failed, caller, callerLife, called, 0, default, default));

    private long SendTicks(FleetNode node) => Math.Max(Ticks, node.BlockedUntil);
}
