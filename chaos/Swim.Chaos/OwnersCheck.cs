using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Swim.Client;

namespace Swim.Chaos;

/// <summary>What the directories of all nodes hold, compared bucket by bucket.</summary>
/// <param name="Buckets">How many buckets hold cells on some node.</param>
/// <param name="Differing">Those of which two home owners hold different cells.</param>
/// <param name="ContextsDiffering">Those of which two home owners hold equal cells, but think that they have seen different writes.</param>
/// <param name="LeftBehind">Copies on nodes that should have handed them over and dropped them.</param>
/// <param name="Faulty">Directories in which something cannot be read.</param>
internal sealed record OwnersVerdict(int Buckets, int Differing, int ContextsDiffering, int LeftBehind, int Faulty)
{
    /// <summary>True when all owners hold the same, and nobody else anything.</summary>
    [JsonIgnore]
    public bool IsOk => this is { Buckets: > 0, Differing: 0, ContextsDiffering: 0, LeftBehind: 0, Faulty: 0 };
}

/// <summary>
/// Compares what <c>swim log inspect --buckets -o json</c> said of each node's directory. The nodes know who owns what; the bytes come
/// from the disks, past everything that a node might tell of itself.
/// </summary>
internal sealed class OwnersCheck(IReadOnlyList<ServerAddress> servers, IReadOnlyList<string> looks)
{
    private const int SystemBucket = 4096;
    private const string Nothing = "nothing";
    private int _differing, _contexts, _leftBehind;

    /// <summary>Compares all of them.</summary>
    public async Task<OwnersVerdict> CompareAsync()
    {
        var held = looks.Select(Read).ToList();
        var used = held.SelectMany(static look => look.Buckets.Values).Where(static bucket => bucket.HasCells).Select(static bucket => bucket.Number).ToHashSet();
        using var client = new SwimClient(new SwimClientOptions { Servers = servers });
        foreach (var bucket in used.Order()) Compare(bucket, held, await OwnersOfAsync(client, bucket, held).ConfigureAwait(false));
        return new OwnersVerdict(used.Count, _differing, _contexts, _leftBehind, held.Count(static look => !look.IsWhole));
    }

    private void Compare(int bucket, List<Look> held, IReadOnlyCollection<string> owners)
    {
        var copies = held.Where(look => owners.Contains(look.Node)).Select(look => (look.Node, Bucket: look.Buckets.GetValueOrDefault(bucket))).ToList();
        var cells = copies.Select(static copy => copy.Bucket is { HasCells: true } its ? its.Cells : Nothing).ToList();
        var contexts = copies.Select(static copy => copy.Bucket?.Context ?? Nothing).ToList();
        if (copies.Count != owners.Count || cells.Distinct().Count() != 1) Complain(ref _differing, bucket, "different cells", copies.Zip(cells, static (copy, hash) => $"{copy.Node} {hash}"));
        else if (contexts.Distinct().Count() != 1) Complain(ref _contexts, bucket, "different contexts", copies.Zip(contexts, static (copy, hash) => $"{copy.Node} {hash}"));
        var others = held.Where(look => !owners.Contains(look.Node) && look.Buckets.GetValueOrDefault(bucket) is { HasCells: true }).Select(static look => look.Node).ToList();
        if (others.Count > 0) Complain(ref _leftBehind, bucket, "left behind", others);
    }

    private static void Complain(ref int count, int bucket, string what, IEnumerable<string> nodes)
    {
        if (++count <= 3) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bucket {bucket}: {what}: {string.Join("; ", nodes)}"));
    }

    // Every member holds the system bucket. Of the others a node is asked: any id whose first 12 bits are the bucket's number stands there.
    private static async Task<IReadOnlyCollection<string>> OwnersOfAsync(SwimClient client, int bucket, List<Look> held)
    {
        if (bucket == SystemBucket) return [.. held.Select(static look => look.Node)];
        return (await client.RingAsync(bucket.ToString("x3", CultureInfo.InvariantCulture).PadRight(32, '0')).ConfigureAwait(false)).HomeOwners;
    }

    private static Look Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var root = json.RootElement;
        var buckets = root.GetProperty("buckets").EnumerateArray().Select(static one => new Held(
            one.GetProperty("bucket").GetInt32(),
            one.GetProperty("cells").GetInt32() + one.GetProperty("tombstones").GetInt32() > 0,
            one.GetProperty("cells_sha256").GetString()!,
            one.GetProperty("context_sha256").GetString()!));
        return new Look(root.GetProperty("node").GetString() ?? "", root.GetProperty("ok").GetBoolean(), buckets.ToDictionary(static bucket => bucket.Number));
    }

    private sealed record Look(string Node, bool IsWhole, Dictionary<int, Held> Buckets);

    private sealed record Held(int Number, bool HasCells, string Cells, string Context);
}
