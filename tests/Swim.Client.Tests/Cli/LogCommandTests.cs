using System.Security.Cryptography;
using System.Text.Json;
using Swim.Core.Primitives;
using Swim.Core.Storage;
using Swim.Node.Disk;
using Xunit;

namespace Swim.Client.Tests.Cli;

public sealed class LogCommandTests : IDisposable
{
    private static readonly CellLogOptions Options = new() { Owner = new NodeId(0xABC), SegmentBytes = 512, CheckpointBytes = 512 };
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("swim-log-");

    private string Dir => _home.FullName;

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task A_whole_log_is_listed_and_verified_and_not_changed()
    {
        WriteLog();
        var before = Contents();
        var inspect = await CliRun.OfAsync(["log", "inspect", Dir]);
        Assert.Equal((0, ""), (inspect.ExitCode, inspect.Error));
        Assert.Contains("node: 0000000000000abc", inspect.Out, StringComparison.Ordinal);
        Assert.Contains("checkpoint: record 20, durable through 20", inspect.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^state-00-0000000000000014\.part +2 ", inspect.Out);
        Assert.Matches(@"(?m)^cells-[0-9a-f]{16}\.log +\d+ +\d+ ", inspect.Out);
        var verify = await CliRun.OfAsync(["log", "verify", Dir]);
        Assert.Equal(0, verify.ExitCode);
        Assert.Matches(@"^ok: records \d+, buckets of the checkpoint 2\r?\n$", verify.Out);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task A_damaged_block_names_its_bucket_and_is_no_reason_not_to_start()
    {
        WriteLog();
        FlipBit(Directory.GetFiles(Dir, "state-*").Single(), 40 + 16);
        var verify = await CliRun.OfAsync(["log", "verify", Dir, "-o", "json"]);
        Assert.Equal(1, verify.ExitCode);
        using var json = JsonDocument.Parse(verify.Out);
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(3, json.RootElement.GetProperty("checkpoint").GetProperty("parts")[0].GetProperty("damaged_buckets")[0].GetInt32());
        Assert.False(json.RootElement.GetProperty("faults")[0].GetProperty("refuses_start").GetBoolean());
        Assert.Contains("buckets cannot be read: 3: a node that has others starts and asks them", (await CliRun.OfAsync(["log", "verify", Dir])).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.OfAsync(["log", "inspect", Dir])).ExitCode);
    }

    [Fact]
    public async Task Damage_in_the_log_is_told_with_its_record_and_agrees_with_a_start()
    {
        WriteLog();
        var last = Directory.GetFiles(Dir, "cells-*.log").Order(StringComparer.Ordinal).First();
        FlipBit(last, 32 + 30 + 5);
        var verify = await CliRun.OfAsync(["log", "verify", Dir]);
        Assert.Equal(1, verify.ExitCode);
        Assert.Matches(@"(?m)^cells-[0-9a-f]{16}\.log: records (\d+) to \1 cannot be read, 70 bytes at offset 32; in doubt: every bucket: .*--accept-log-damage\r?$", verify.Out);
        using var disk = LinuxDisk.OpenDirectory(Dir);
        Assert.Throws<CorruptLogException>(() => CellLog.Open(disk, Options, Receiver, out _));
        CellLog.Open(disk, Options with { AcceptsDamage = true }, Receiver, out var report).Dispose();
        Assert.Equal((Path.GetFileName(last), 32), (report.Damage.Single().File, report.Damage.Single().Offset));
    }

    [Fact]
    public async Task A_torn_tail_is_told_and_is_no_fault()
    {
        WriteLog();
        var last = Directory.GetFiles(Dir, "cells-*.log").Order(StringComparer.Ordinal).Last();
        using (var file = File.OpenWrite(last))
        {
            file.Position = file.Length - 10;
            file.Write([1, 2, 3]);
        }

        var verify = await CliRun.OfAsync(["log", "verify", Dir]);
        Assert.Equal(0, verify.ExitCode);
        Assert.Contains("a start will cut off", verify.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_of_each_bucket_is_shown_where_it_is_asked_for()
    {
        using (var disk = LinuxDisk.OpenDirectory(Dir))
        using (var log = CellLog.Open(disk, Options, Receiver, out _))
        {
            // A record by writer 9: one frame that says of bucket 3 that its first two writes were seen, and has no cells.
            log.Append(new byte[] { 0x92, 9, 0x91, 0x9C, 2, 3, 9, 1, 2, 0, 0, 0x90, 0x90, 0x90, 0x90, 0xC0 });
            log.Flush();
        }

        var text = await CliRun.OfAsync(["log", "inspect", Dir, "--buckets"]);
        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Matches(@"(?m)^3 +0 +0 +[0-9a-f]{64} +[0-9a-f]{64}\r?$", text.Out);
        using var json = JsonDocument.Parse((await CliRun.OfAsync(["log", "inspect", Dir, "--buckets", "-o", "json"])).Out);
        var bucket = Assert.Single(json.RootElement.GetProperty("buckets").EnumerateArray());
        Assert.Equal((3, 0, 0), (bucket.GetProperty("bucket").GetInt32(), bucket.GetProperty("cells").GetInt32(), bucket.GetProperty("tombstones").GetInt32()));
        // The canonical bytes of a context: [[9, 2], []].
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([0x92, 0x92, 9, 2, 0x90])), bucket.GetProperty("context_sha256").GetString());
        using var without = JsonDocument.Parse((await CliRun.OfAsync(["log", "inspect", Dir, "-o", "json"])).Out);
        Assert.False(without.RootElement.TryGetProperty("buckets", out _));
    }

    [Fact]
    public async Task What_is_no_log_or_in_use_is_refused()
    {
        Assert.Equal((2, $"swim: {Dir} holds no log: name the directory of a node.{Environment.NewLine}"), Told(await CliRun.OfAsync(["log", "verify", Dir])));
        Assert.Contains("no such directory", (await CliRun.OfAsync(["log", "inspect", Path.Combine(Dir, "gone")])).Error, StringComparison.Ordinal);
        WriteLog();
        using var disk = LinuxDisk.OpenDirectory(Dir);
        var refused = await CliRun.OfAsync(["log", "verify", Dir, "-o", "json"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("in use by a running node", refused.Error, StringComparison.Ordinal);
    }

    private static LogReceiver Receiver => LogReceiver.WithoutCheckpoint(static _ => { }) with { OnMeta = static _ => { } };

    private static (int ExitCode, string Error) Told(CliRun run) => (run.ExitCode, run.Error);

    // Twenty records, a checkpoint of two buckets, and ten records more, each flushed by itself.
    private void WriteLog()
    {
        using var disk = LinuxDisk.OpenDirectory(Dir);
        using var log = CellLog.Open(disk, Options, Receiver, out _);
        Append(log, 20);
        var blocks = new[] { new CheckpointBlock(3, new byte[] { 1 }), new CheckpointBlock(5, new byte[] { 2 }) };
        Assert.Equal(CheckpointStep.Completed, log.Write(new CheckpointPiece(20, 20, 0, blocks) { BeginsRound = true, EndsShard = true, EndsRound = true }));
        Append(log, 10);
    }

    private static void Append(CellLog log, int records)
    {
        for (var i = 0; i < records; i++)
        {
            log.Append(new byte[40]);
            log.Flush();
        }
    }

    private static void FlipBit(string path, int offset)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private string[] Contents() => [.. _home.GetFiles().OrderBy(static file => file.Name, StringComparer.Ordinal).Select(static file => $"{file.Name} {Convert.ToHexString(File.ReadAllBytes(file.FullName))}")];
}
