namespace Swim.Client;

/// <summary>Which nodes a <see cref="SwimClient"/> may ask, and how long it waits for them.</summary>
public sealed record SwimClientOptions
{
    /// <summary>Nodes of one cluster, in the order in which they are tried. Default: one on this machine.</summary>
    public IReadOnlyList<ServerAddress> Servers { get; init; } = [new("127.0.0.1", ServerAddress.DefaultPort)];

    /// <summary>How long one call may take over all servers, beside the wait it asks for. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one server may take, beside the wait, while there is another to try. Default 5 s.</summary>
    public TimeSpan ServerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long <see cref="SwimClient.WaitAsync"/> goes on asking while no server answers. Default 15 s.</summary>
    public TimeSpan FollowPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>All that is wrong; nothing when the options can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Servers.Count == 0) yield return $"{nameof(Servers)} is empty: name at least one node.";
        if (CallTimeout <= TimeSpan.Zero) yield return $"{nameof(CallTimeout)} ({CallTimeout}) must be more than zero.";
        if (ServerTimeout <= TimeSpan.Zero) yield return $"{nameof(ServerTimeout)} ({ServerTimeout}) must be more than zero.";
        if (FollowPatience < TimeSpan.Zero) yield return $"{nameof(FollowPatience)} ({FollowPatience}) must not be negative.";
    }
}
