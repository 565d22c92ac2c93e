namespace Swim.Client;

/// <summary>
/// Which nodes a <see cref="SwimClient"/> may ask, how long it waits for them, and how it tries again. A client copies its options when it
/// is made: changing them afterwards changes nothing.
/// </summary>
public sealed record SwimClientOptions
{
    /// <summary>The most that any of the times may be: one day.</summary>
    public static TimeSpan TimeMax { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Nodes of one cluster, in the order in which they are tried; the one that answered last is asked first from then on. Default: one on
    /// this machine.
    /// </summary>
    public IReadOnlyList<ServerAddress> Servers { get; set; } = [new("127.0.0.1", ServerAddress.DefaultPort)];

    /// <summary>How long one call may take over all servers, rounds and pauses, beside the wait it asks for. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one server may take, beside the wait, where there are several; twice as long in each further round. A single server has the
    /// whole <see cref="CallTimeout"/>. Default 5 s.
    /// </summary>
    public TimeSpan ServerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a call goes over the servers at most, first time included, while each is away, slow or answers UNAVAILABLE. Between rounds
    /// the call pauses. Other failures are never tried again. Default 4.
    /// </summary>
    public int RoundsMax { get; set; } = 4;

    /// <summary>
    /// The pause after the first round; doubles with each further one, and half of it is random, so that clients which failed together do
    /// not come back together. A server that names a longer time is given that. Default 100 ms.
    /// </summary>
    public TimeSpan BackoffMin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What the doubling ends at. Default 2 s; at least <see cref="BackoffMin"/>.</summary>
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long <see cref="SwimClient.WaitAsync"/>, <see cref="SwimClient.WatchAsync"/> and <see cref="WorkflowHandle.ResultAsync(CancellationToken)"/>
    /// go on asking while no server answers. Default 15 s; zero: not at all.
    /// </summary>
    public TimeSpan FollowPatience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>All that is wrong; nothing when the options can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Servers is null || Servers.Count == 0) yield return $"{nameof(Servers)} is empty: name at least one node.";
        foreach (var server in Servers ?? [])
        {
            if (!server.IsValid) yield return $"{nameof(Servers)} has '{server}', which is no address: give a host and a port from 1 to 65535.";
        }

        if (RoundsMax < 1) yield return $"{nameof(RoundsMax)} ({RoundsMax}) must be 1 or more.";
        if (BackoffMax < BackoffMin) yield return $"{nameof(BackoffMax)} ({BackoffMax}) must not be less than {nameof(BackoffMin)} ({BackoffMin}).";
        foreach (var (name, value, canBeZero) in Times())
        {
            if (value < TimeSpan.Zero || (value == TimeSpan.Zero && !canBeZero)) yield return $"{name} ({value}) must {(canBeZero ? "not be negative" : "be more than zero")}.";
            if (value > TimeMax) yield return $"{name} ({value}) must be at most {TimeMax}.";
        }
    }

    private (string Name, TimeSpan Value, bool CanBeZero)[] Times() =>
    [
        (nameof(CallTimeout), CallTimeout, false),
        (nameof(ServerTimeout), ServerTimeout, false),
        (nameof(BackoffMin), BackoffMin, false),
        (nameof(BackoffMax), BackoffMax, false),
        (nameof(FollowPatience), FollowPatience, true),
    ];
}
