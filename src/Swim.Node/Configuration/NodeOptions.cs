using System.Net;
using Microsoft.Extensions.Logging;
using Swim.Core.Membership;
using Swim.Core.Replication;
using Swim.Core.Storage;

namespace Swim.Node.Configuration;

/// <summary>
/// All that an operator decides about one node. The defaults start a one-node cluster on this machine. Read from the command line
/// and the environment by <see cref="NodeSettings"/>.
/// </summary>
public sealed record NodeOptions
{
    /// <summary>Bytes of a name that one node tells another: cluster, node, zone, host.</summary>
    public const int NameBytesMax = MemberMeta.StringBytesMax;

    /// <summary>Directory of the node's identity and log; created if missing, used by one process at a time. Default <c>./swim-data</c>.</summary>
    public string DataDirectory { get; init; } = "swim-data";

    /// <summary>The cluster to belong to; nodes of other names are refused. Default <c>swim</c>.</summary>
    public string Cluster { get; init; } = "swim";

    /// <summary>gRPC addresses of nodes to join; names are resolved anew each time. Empty: nobody to wait for, the node serves at once.</summary>
    public IReadOnlyList<HostPort> Seeds { get; init; } = [];

    /// <summary>The address that all ports listen on; <c>0.0.0.0</c> or <c>::</c> means every address. Default <c>127.0.0.1</c>.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>The name or address under which the others reach this node. Null: <see cref="Bind"/> where it is one address, else found by itself.</summary>
    public string? Advertise { get; init; }

    /// <summary>TCP port of gRPC, for clients and peers. 0 takes a free one. Default 7400.</summary>
    public int GrpcPort { get; init; } = 7400;

    /// <summary>TCP port of HTTP. 0 takes a free one. Default 7401.</summary>
    public int HttpPort { get; init; } = 7401;

    /// <summary>UDP port of the membership protocol. 0 takes a free one. Default 7402.</summary>
    public int UdpPort { get; init; } = 7402;

    /// <summary>Where the node stands; replicas are spread over zones. Empty by default.</summary>
    public string Zone { get; init; } = "";

    /// <summary>How many tasks run here at once; 0 runs none. Default the greater of 16 and four for each core.</summary>
    public int Slots { get; init; } = Math.Max(16, 4 * Environment.ProcessorCount);

    /// <summary>Whether <c>shell:exec</c> may run here. Default false.</summary>
    public bool AllowShell { get; init; }

    /// <summary>Ranges that <c>http:get</c> and <c>http:post</c> may reach here besides public addresses. Empty by default.</summary>
    public IReadOnlyList<IPNetwork> HttpAllow { get; init; } = [];

    /// <summary>Serve at once although seeds are given: this node begins the cluster. Default false.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>
    /// A file with keys, 32 random bytes in base64 on each line, that packets of membership are sealed with; the first one seals. The same keys on
    /// every node. Null: packets go in plain. Default null.
    /// </summary>
    public string? KeysFile { get; init; }

    /// <summary>Shown to people. Null: host name and gRPC port.</summary>
    public string? Name { get; init; }

    /// <summary>How many home owners a bucket has, or <see cref="ReplicaSettings.AllMembers"/>; the same on every node of a cluster. Default 3.</summary>
    public int Replicas { get; init; } = 3;

    /// <summary>
    /// MiB of log after which the state is written anew and the log before it deleted; more where the state is larger. 1 to 1024. Default 64.
    /// </summary>
    public int CheckpointMib { get; init; } = 64;

    /// <summary>
    /// Whether a node that has no other to ask starts although a part of what was on its disk cannot be read; it goes on without that. Default false.
    /// </summary>
    public bool AcceptLogDamage { get; init; }

    /// <summary>
    /// How long workflows are kept after their end, and what bounds that; the same on every node of a cluster. Defaults: retention 7 days,
    /// grace 24 h, hint TTL 12 h.
    /// </summary>
    public ForgettingOptions Forgetting { get; init; } = new();

    /// <summary>The least severe events that are logged. Default <see cref="LogLevel.Information"/>.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The form of the log on standard error. Default <see cref="LogFormat.Plain"/>.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Plain;

    /// <summary>Where the log goes besides standard error; stays the caller's to dispose of. Not a setting of the command line.</summary>
    public IReadOnlyList<ILoggerProvider> LogTo { get; init; } = [];

    /// <summary>Timers of the membership protocol; the same on every node of a cluster. Not a setting of the command line.</summary>
    public SwimOptions Membership { get; init; } = new();

    /// <summary>The size of one file of the log, taken when it is created. Default 64 MiB. Not a setting of the command line.</summary>
    public int LogSegmentBytes { get; init; } = new CellLogOptions().SegmentBytes;

    /// <summary>All that is wrong, each with the setting's name and what to do; nothing when the node may start.</summary>
    public IEnumerable<string> Validate() => OptionFaults.In(this);
}
