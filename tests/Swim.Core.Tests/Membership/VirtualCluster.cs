using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Core.Tests.Membership;

/// <summary>Many <see cref="MembershipCore"/>s on virtual time: a queue of events, a network with delay and loss, all from one seed.</summary>
internal sealed class VirtualCluster(ulong seed)
{
    private readonly PriorityQueue<Action, (long Due, long Number)> _events = new();
    private readonly Prng _prng = new(seed);
    private long _number;

    public SortedDictionary<int, VirtualNode> Nodes { get; } = [];

    public long Ticks { get; private set; }

    /// <summary>Per mille of datagrams lost.</summary>
    public int Loss { get; init; }

    /// <summary>What one gRPC name stands for besides a node's own address.</summary>
    public Dictionary<string, int[]> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>True when a packet from the first to the second is lost.</summary>
    public Func<int, int, bool> IsCut { get; set; } = static (_, _) => false;

    /// <summary>True when a packet from the first to the second is lost, and a call is not.</summary>
    public Func<int, int, bool> IsUdpCut { get; set; } = static (_, _) => false;

    /// <summary>How long a packet from the first to the second takes; null: at random.</summary>
    public Func<int, int, TimeSpan>? Way { get; init; }

    public static NodeId IdOf(int number) => new((ulong)number + 1);

    public static string AddressOf(int number) => $"h{number}:1";

    public VirtualNode Start(int number, ulong epoch = 1, ulong cluster = 7, SwimOptions? options = null, params string[] seeds)
    {
        var setup = new MembershipSetup
        {
            Id = IdOf(number),
            Epoch = epoch,
            ClusterId = cluster,
            Seeds = seeds,
            Meta = new MemberMeta($"n{number}", $"h{number}", 1, 0, number + 1, "", 1),
        };
        var node = new VirtualNode(number, new MembershipCore(setup, options ?? new SwimOptions(), new Prng(StableHash.Of(seed, (ulong)number, epoch))));
        Nodes[number] = node;
        Do(node, node.Core.Start);
        return node;
    }

    /// <summary>Starts this many nodes; all join through the first.</summary>
    public void StartMany(int count, SwimOptions? options = null)
    {
        for (var i = 0; i < count; i++) Start(i, options: options, seeds: AddressOf(0));
    }

    /// <summary>The node ends without a word.</summary>
    public void Crash(int number) => Nodes.Remove(number);

    /// <summary>Calls an input of a node and carries out what it asks for.</summary>
    public void Do(VirtualNode node, Action<Now, Outbox> input)
    {
        var outbox = new Outbox();
        input(new Now(Ticks, Ticks / Now.TicksPerMs), outbox);
        foreach (var output in outbox.Items) Carry(node, output);
    }

    public void Run(TimeSpan time)
    {
        var end = Ticks + time.Ticks;
        while (_events.TryPeek(out var next, out var at) && at.Due <= end)
        {
            _events.Dequeue();
            Ticks = Math.Max(Ticks, at.Due);
            next();
        }

        Ticks = end;
    }

    /// <summary>True once <paramref name="condition"/> holds, false if it does not within <paramref name="limit"/> of virtual time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        for (var end = Ticks + limit.Ticks; Ticks < end && !condition();) Run(TimeSpan.FromMilliseconds(100));
        return condition();
    }

    private void Carry(VirtualNode node, Output output)
    {
        switch (output)
        {
            case SetTimer timer:
                At(timer.DueTicks, node, (now, outbox) => node.Core.OnTimer(now, timer.Timer, outbox));
                break;
            case SendDatagram sent:
                Deliver(node, sent);
                break;
            case SendPushPull call:
                CallAll(node, call);
                break;
            case SendStreamPing ping:
                Schedule(Ticks + Delay(), () => Ping(node, ping));
                break;
            case Notice notice:
                node.Notices.Add(notice);
                break;
        }
    }

    private void Deliver(VirtualNode from, SendDatagram sent)
    {
        from.Sent++;
        var to = sent.UdpPort - 1;
        if (_prng.Chance(Loss) || IsCut(from.Number, to) || IsUdpCut(from.Number, to)) return;
        var due = Ticks + (Way?.Invoke(from.Number, to).Ticks ?? Delay());
        Schedule(due, () => { if (Nodes.TryGetValue(to, out var node)) Hand(node, (now, outbox) => node.Core.OnDatagram(now, sent.Packet, outbox)); });
    }

    private void CallAll(VirtualNode from, SendPushPull call)
    {
        var targets = Names.TryGetValue(call.Address, out var many) ? many : [int.Parse(call.Address[1..^2], null)];
        foreach (var to in targets) Schedule(Ticks + Delay(), () => Call(from, to, call));
    }

    private void Call(VirtualNode from, int to, SendPushPull call)
    {
        byte[]? answer = null;
        if (Nodes.TryGetValue(to, out var node) && !node.IsPaused && !IsCut(from.Number, to))
        {
            Do(node, (now, outbox) =>
            {
                node.Core.OnPushPullRequest(now, call.Body, 1, outbox);
                answer = outbox.Items.OfType<AnswerPushPull>().FirstOrDefault()?.Body.ToArray();
            });
        }

        At(Ticks + Delay(), from, (now, outbox) =>
        {
            if (answer is null) from.Core.OnPushPullFailed(now, call.Address, outbox);
            else from.Core.OnPushPullReply(now, call.Address, answer, outbox);
        });
    }

    private void Ping(VirtualNode from, SendStreamPing ping)
    {
        byte[]? answer = null;
        var to = int.Parse(ping.Address[1..^2], null);
        if (!Nodes.TryGetValue(to, out var node) || node.IsPaused || IsCut(from.Number, to)) return;
        Do(node, (now, outbox) =>
        {
            node.Core.OnStreamPing(now, ping.Body, 1, outbox);
            answer = outbox.Items.OfType<AnswerPushPull>().SingleOrDefault()?.Body.ToArray();
        });
        if (answer is not null && !IsCut(to, from.Number)) At(Ticks + Delay(), from, (now, outbox) => from.Core.OnStreamPong(now, answer, outbox));
    }

    private long Delay() => _prng.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20)).Ticks;

    // Only while this very life of the node goes on.
    private void At(long due, VirtualNode node, Action<Now, Outbox> input) =>
        Schedule(due, () => { if (Nodes.GetValueOrDefault(node.Number) == node) Hand(node, input); });

    private void Hand(VirtualNode node, Action<Now, Outbox> input)
    {
        if (node.IsPaused) node.Unread.Enqueue(input);
        else Do(node, input);
    }

    /// <summary>The node goes on; what waited for it is handed in first, all at the present time.</summary>
    public void Resume(VirtualNode node)
    {
        node.IsPaused = false;
        while (node.Unread.TryDequeue(out var input)) Do(node, input);
    }

    private void Schedule(long due, Action what) => _events.Enqueue(what, (due, _number++));
}

/// <summary>One life of one node.</summary>
internal sealed class VirtualNode(int number, MembershipCore core)
{
    public int Number => number;

    public MembershipCore Core => core;

    public List<Notice> Notices { get; } = [];

    public Queue<Action<Now, Outbox>> Unread { get; } = new();

    public bool IsPaused { get; set; }

    public int Sent { get; set; }

    public MemberState? StateOf(int other) => core.Members.StateOf(VirtualCluster.IdOf(other));
}
