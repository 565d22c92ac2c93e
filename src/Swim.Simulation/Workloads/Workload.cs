using System.Globalization;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Checkers;
using Swim.Simulation.Nodes;
using Swim.Simulation.Time;

namespace Swim.Simulation.Workloads;

/// <summary>How much a <see cref="Workload"/> asks for.</summary>
/// <param name="Submissions">How many.</param>
/// <param name="From">When the first may come.</param>
/// <param name="Until">When the last may come.</param>
/// <param name="TasksMax">The most tasks of one.</param>
public sealed record WorkloadPlan(int Submissions, TimeSpan From, TimeSpan Until, int TasksMax = 12)
{
    /// <summary>The longest wait of a task.</summary>
    public int DelayMsMax { get; init; } = 700;

    /// <summary>The numbers of the submissions that are made, in the order of drawing; null: all.</summary>
    public IReadOnlyList<int>? Kept { get; init; }

    /// <summary>Unless zero, all runs are placed in so many buckets, the first ones, and each is submitted by one client.</summary>
    public int Buckets { get; init; }

    /// <summary>True: what tasks give depends on who runs them (<see cref="TellingGenerator"/>).</summary>
    public bool TellsWhoRan { get; init; }

    /// <summary>Unless zero, somebody else asks so much later for each submission once more, anywhere, and does not wait for an answer.</summary>
    public TimeSpan AgainAfter { get; init; }

    /// <summary>True: whoever was acked asks for the run again and again for ten seconds, each time another node. Default: some ask once.</summary>
    public bool ReadsOften { get; init; }

    /// <summary>True: every run is cancelled, by clients that ask until they are answered. Default: a few, by clients that ask once.</summary>
    public bool CancelsAll { get; init; }

    /// <summary>How many of a thousand documents ask for the consistency of a majority; default none.</summary>
    public int MajorityPerMille { get; init; }
}

/// <summary>
/// The clients: they submit generated workflows to random nodes, try again elsewhere when they are not answered, ask for some to be
/// cancelled, read some, and write down what they were told.
/// </summary>
public sealed class Workload
{
    private const string Namespace = "default";
    private const int TriesMax = 40;
    private static readonly TimeSpan RivalWithin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ForgottenWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(100);

    private readonly Simulator _cluster;
    private readonly Prng _prng;
    private readonly WorkloadPlan _plan;
    private readonly Prng _consistency;
    private readonly List<Submission> _submissions = [];
    private readonly SortedDictionary<WorkflowId, ExpectedRun> _expected = [];
    private readonly List<(Submission Of, WorkflowView View)> _seen = [];
    private readonly DiskLosses _losses;
    private readonly Acquaintances _acquaintances = new();

    /// <summary>Draws what to ask and puts it into the cluster's time.</summary>
    public Workload(Simulator cluster, WorkloadPlan plan)
    {
        (_cluster, _prng, _plan) = (cluster, cluster.Draw("workload"), plan);
        _consistency = cluster.Draw("consistency");
        cluster.Watchers.Add(_acquaintances);
        cluster.World.Observers.Add(_losses = new DiskLosses(cluster.Timeline));
        Func<int, bool, ExpectedRun> generate = plan.TellsWhoRan ? new TellingGenerator(_prng, plan.DelayMsMax).Draw : new WorkflowGenerator(_prng, plan.DelayMsMax).Draw;
        for (var i = 0; i < plan.Submissions; i++)
        {
            var submission = Draw(generate, plan.TasksMax);
            _submissions.Add(submission);
            // A rival comes while the other may still be on its way: with luck on the other side of a split.
            submission.At = submission.At == default ? _prng.Between(plan.From, plan.Until) : _prng.Between(submission.At, submission.At + RivalWithin);
        }

        if (plan.Kept is { } kept) _submissions = [.. kept.Where(number => number < _submissions.Count).Select(number => _submissions[number])];
        foreach (var submission in _submissions)
        {
            _expected[submission.Id] = submission.Expected;
            After(submission.At, () => Submit(submission));
            if (plan.AgainAfter > TimeSpan.Zero) After(submission.At + plan.AgainAfter, () => SubmitAgain(submission));
        }
    }

    /// <summary>All wishes, in the order in which they were drawn.</summary>
    public IReadOnlyList<Submission> Submissions => _submissions;

    /// <summary>Those that were acked and must be there: all but those that <see cref="DiskLosses"/> excuses.</summary>
    public IEnumerable<Submission> Acked => _submissions.Where(submission => submission.Acked is not null && !_losses.Excuse(submission.Id));

    /// <summary>
    /// True when two machines have the submission, or that which answers has never met another member; one that lost its disk so lately that others may not
    /// know it yet counts.
    /// </summary>
    internal bool HaveTwo(WorkflowId run, int answering) =>
        Holders.HaveTwo(_cluster, run, node => _losses.WasSetBackWithin(node, ForgottenWithin), node => _acquaintances.Met(answering, node));

    /// <summary>How many were acked and are gone with all the disks that had them.</summary>
    public int ExcusedCount => _submissions.Count(submission => submission.Acked is not null && _losses.Excuse(submission.Id));

    /// <summary>Everything that clients were shown, in order.</summary>
    public IReadOnlyList<(Submission Of, WorkflowView View)> Seen => _seen;

    /// <summary>True when every client has its answer or has given up.</summary>
    public bool IsSettled => _submissions.TrueForAll(submission => submission.IsSettled);

    /// <summary>The runs that clients wished for, each once, in the order of their ids.</summary>
    public IEnumerable<WorkflowId> Runs => _expected.Keys;

    /// <summary>Whom it asks.</summary>
    internal Simulator Cluster => _cluster;

    /// <summary>What the last <see cref="ReadAll"/> was not shown, in words; null when it was shown every end.</summary>
    public string? UnansweredReads { get; private set; }

    /// <summary>Who was told first that an acked run does not exist, in words; null when nobody was.</summary>
    public string? NotFound { get; private set; }

    /// <summary>The expectation of a run; null for one that nobody submitted.</summary>
    public ExpectedRun? Find(WorkflowId id) => _expected.GetValueOrDefault(id);

    /// <summary>Has the end of every acked run read at a random node.</summary>
    public void ReadAll(TimeSpan within)
    {
        var waiting = new SortedDictionary<WorkflowId, string>();
        foreach (var submission in Acked)
        {
            var up = _cluster.UpNodes.ToList();
            var node = up[submission.Prng.Next(up.Count)];
            waiting[submission.Id] = $"n{node.Index} did not answer about {submission.Id}";
            Read(submission, node, TimeSpan.Zero, reply =>
            {
                if (reply is Shown { View.State: var state } && state.IsTerminal()) waiting.Remove(submission.Id);
                else waiting[submission.Id] = $"n{node.Index} answered about {submission.Id} with {reply}";
            });
        }

        _cluster.RunUntil(() => waiting.Count == 0, within);
        UnansweredReads = waiting.Count == 0 ? null : waiting.First().Value;
    }

    private Submission Draw(Func<int, bool, ExpectedRun> generate, int tasksMax)
    {
        var again = _plan.Buckets == 0 && _submissions.Count > 0 && _prng.Chance(150) ? _submissions[_prng.Next(_submissions.Count)] : null;
        var isRival = again is { Key.Length: > 0 } && _prng.Chance(500);
        if (again is { Key.Length: > 0 } && !isRival) return new Submission { Id = again.Id, Key = again.Key, Expected = again.Expected, HasRival = again.HasRival, Prng = Chance() };
        var expected = generate(tasksMax, _consistency.Chance(_plan.MajorityPerMille));
        if (isRival) return Rival(again!, expected);
        var key = _prng.Chance(600) && _plan.Buckets == 0 ? string.Create(CultureInfo.InvariantCulture, $"key-{_submissions.Count}") : "";
        var id = key.Length > 0 ? WorkflowId.FromKey(Namespace, key, expected.Definition, []) : WorkflowId.FromRandom(DrawPlace(), expected.Definition, []);
        return new Submission { Id = id, Key = key, Expected = expected, Prng = Chance() };
    }

    private ulong DrawPlace()
    {
        var place = _prng.NextUInt64();
        return _plan.Buckets == 0 ? place : (place >> 12) | ((ulong)_prng.Next(_plan.Buckets) << 52);
    }

    private Submission Rival(Submission holder, ExpectedRun expected)
    {
        var id = WorkflowId.FromKey(Namespace, holder.Key, expected.Definition, []);
        foreach (var other in _submissions.Where(other => other.Key == holder.Key && other.Id != id)) other.HasRival = true;
        return new Submission { Id = id, Key = holder.Key, Expected = expected, HasRival = holder.Id != id, At = holder.At, Prng = Chance() };
    }

    // Of its own, so that a client does the same whichever others are there.
    private Prng Chance() => new(_prng.NextUInt64());

    private void Submit(Submission submission)
    {
        if (submission.IsSettled) return;
        if (submission.Tries++ >= TriesMax)
        {
            submission.IsGivenUp = true;
            return;
        }

        var node = RandomNode(submission);
        var current = submission.Tries;
        After(node.Serves ? AnswerWithin : submission.Prng.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500)), () =>
        {
            if (submission.Tries == current) Submit(submission);
        });
        if (!node.Serves) return;
        node.Ask(CommandOf(submission), reply => OnReply(submission, node.Index, reply));
    }

    private void SubmitAgain(Submission submission)
    {
        var node = RandomNode(submission);
        if (node.Serves) node.Ask(CommandOf(submission), static _ => { });
    }

    private static SubmitCommand CommandOf(Submission submission) =>
        new(submission.Id, Namespace, submission.Key, submission.Expected.Definition, default, AckLevel.K);

    private void OnReply(Submission submission, int answering, Reply reply)
    {
        if (submission.IsSettled) return;
        switch (reply)
        {
            case Submitted submitted:
                submission.Acked = submitted.Acked;
                submission.WasKnown = submitted.Existing;
                submission.AckedTicks = _cluster.Timeline.Ticks;
                submission.WasAckedEarly = submitted.Acked >= AckLevel.K && !HaveTwo(submission.Id, answering);
                Follow(submission);
                break;
            case Refused { Reason: RefusalReason.AlreadyExists } refused:
                submission.Refusal = refused;
                break;
            default:
                After(TimeSpan.FromMilliseconds(300), () => Submit(submission));
                break;
        }
    }

    private void Follow(Submission submission)
    {
        if (submission.Prng.Chance(_plan.CancelsAll ? 1_000 : 80)) After(submission.Prng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)), () => Cancel(submission));
        if (submission.Prng.Chance(400)) After(submission.Prng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)), () => Read(submission, RandomNode(submission), TimeSpan.FromSeconds(3), _ => { }));
        if (_plan.ReadsOften) ReadAgain(submission, 100);
    }

    private void ReadAgain(Submission submission, int times)
    {
        Read(submission, RandomNode(submission), TimeSpan.Zero, static _ => { });
        if (times > 0) After(ReadEvery, () => ReadAgain(submission, times - 1));
    }

    private void Cancel(Submission submission)
    {
        var node = RandomNode(submission);
        if (_plan.CancelsAll && submission.CancelTries++ < TriesMax) After(TimeSpan.FromSeconds(1), () => CancelAgain(submission));
        if (!node.Serves) return;
        foreach (var same in _submissions.Where(other => other.Id == submission.Id)) same.CancelAsked = true;
        node.Ask(new CancelCommand(Namespace, submission.Id), reply => submission.IsCancelAccepted |= reply is CancelAccepted);
    }

    private void CancelAgain(Submission submission)
    {
        if (!submission.IsCancelAccepted) Cancel(submission);
    }

    private void Read(Submission submission, SimNode node, TimeSpan wait, Action<Reply> onReply)
    {
        if (!node.Serves) return;
        node.Ask(new GetCommand(Namespace, submission.Id, wait), reply =>
        {
            if (reply is Shown shown) _seen.Add((submission, shown.View));
            if (reply is Refused { Reason: RefusalReason.NotFound } && submission.Acked is not null) NotFound ??= $"n{node.Index} answered about {submission.Id}, which was acked, with {reply}";
            onReply(reply);
        });
    }

    private SimNode RandomNode(Submission submission) => _cluster.Nodes[submission.Prng.Next(_cluster.Nodes.Count)];

    private void After(TimeSpan delay, Action happen) => _cluster.Post(EventKind.Client, -1, delay, happen);
}
