using System.Net;
using System.Text;
using Swim.Core.Replication;
using Swim.Core.Storage;
using Swim.Node.Transport.Sealing;

namespace Swim.Node.Configuration;

/// <summary>Finds what is wrong with <see cref="NodeOptions"/>, all of it, before anything starts.</summary>
internal static class OptionFaults
{
    private const int SlotsMax = 100_000;
    private const int ReplicasMax = 64;
    private const int CheckpointMibMax = 1_024;

    public static IEnumerable<string> In(NodeOptions options) =>
        [.. Names(options), .. Keys(options), .. Addresses(options), .. Ports(options), .. Counts(options), .. options.Forgetting.Validate(), .. options.Membership.Validate(), .. new CellLogOptions { SegmentBytes = options.LogSegmentBytes }.Validate()];

    private static IEnumerable<string> Names(NodeOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory)) yield return "--data is empty: name a directory for the node's identity and log.";
        if (options.Cluster.Length == 0) yield return "--cluster is empty: give the cluster a name, the same on every node.";
        foreach (var (name, value) in new[] { ("--cluster", options.Cluster), ("--zone", options.Zone), ("--name", options.Name ?? "") })
        {
            if (Encoding.UTF8.GetByteCount(value) > NodeOptions.NameBytesMax || value.Any(char.IsControl))
                yield return $"{name} must have at most {NodeOptions.NameBytesMax} bytes and no control characters: shorten or correct it.";
        }

        if (options.Name is "") yield return "--name is empty: give a name or leave the setting out.";
    }

    private static List<string> Keys(NodeOptions options)
    {
        var faults = new List<string>();
        if (options.KeysFile is { } file) KeysFile.TryRead(file, faults);
        return faults.ConvertAll(static fault => $"--keys-file {fault}");
    }

    private static IEnumerable<string> Addresses(NodeOptions options)
    {
        if (!IPAddress.TryParse(options.Bind, out _))
            yield return $"--bind '{options.Bind}' is no IP address: give one of this machine's, or 0.0.0.0 for all.";
        if (options.Advertise is { } advertise && (!HostPort.IsHost(advertise) || advertise.Length > NodeOptions.NameBytesMax))
            yield return $"--advertise '{advertise}' is no host name or IP address: give one that the other nodes can reach, without a port.";
        foreach (var seed in options.Seeds.Where(seed => !HostPort.IsHost(seed.Host) || seed.Port is < 1 or > ushort.MaxValue))
            yield return $"--seeds '{seed}' is no address: write HOST or HOST:PORT, several separated by commas.";
    }

    private static IEnumerable<string> Ports(NodeOptions options)
    {
        foreach (var (name, port) in new[] { ("--grpc-port", options.GrpcPort), ("--http-port", options.HttpPort), ("--udp-port", options.UdpPort) })
        {
            if (port is < 0 or > ushort.MaxValue) yield return $"{name} {port} is no port: give 1 to 65535, or 0 for a free one.";
        }

        if (options.GrpcPort != 0 && options.GrpcPort == options.HttpPort)
            yield return $"--grpc-port and --http-port are both {options.GrpcPort}: give each its own.";
    }

    private static IEnumerable<string> Counts(NodeOptions options)
    {
        if (options.Slots is < 0 or > SlotsMax) yield return $"--slots {options.Slots} is out of range: give 0 to {SlotsMax}.";
        if (options.Replicas is (< 1 or > ReplicasMax) and not ReplicaSettings.AllMembers) yield return $"--replicas {options.Replicas} is out of range: give 1 to {ReplicasMax}, or all.";
        if (options.CheckpointMib is < 1 or > CheckpointMibMax) yield return $"--checkpoint-mib {options.CheckpointMib} is out of range: give 1 to {CheckpointMibMax}.";
    }
}
