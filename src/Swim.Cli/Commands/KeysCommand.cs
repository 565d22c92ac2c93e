using System.CommandLine;
using Google.Protobuf;
using Swim.Cli.Output;
using Swim.Client;
using Swim.Node.Transport.Sealing;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim keys</c>: changes the keys that packets of membership are sealed with, on all members, while they run.</summary>
internal sealed class KeysCommand(CommandRunner runner, Terminal terminal)
{
    private const string FileVariable = "SWIM_KEYS_FILE";

    public Command Create()
    {
        var command = new Command("keys", "Shows and changes the keys that packets of membership are sealed with, on all members.");
        command.Add(List());
        command.Add(Install());
        command.Add(Use());
        command.Add(Remove());
        return command;
    }

    private Command List()
    {
        var command = new Command("list", "Lists the fingerprints of every member's keys; the first one seals.");
        command.SetAction((parsed, cancel) => RunAsync(parsed, static (client, limit) => client.KeysAsync(limit), cancel));
        return command;
    }

    private Command Install()
    {
        var command = new Command("install", "Gives every member a key more, which opens packets but does not seal them yet.");
        var added = new Argument<string>("FILE") { Description = "A file with the new key." };
        var current = new Option<string?>("--keys-file") { HelpName = "FILE", Description = $"A file of keys as the members have it: the new key travels sealed with its first one. [${FileVariable}]" };
        command.Add(added);
        command.Add(current);
        command.SetAction((parsed, cancel) => RunAsync(parsed, (client, limit) =>
        {
            var parcel = Pack(parsed.GetRequiredValue(added), parsed.GetValue(current) ?? terminal.Environment(FileVariable));
            return client.InstallKeyAsync(new InstallKeyRequest { SealedKey = ByteString.CopyFrom(parcel.Bytes.Span), SealedWith = parcel.SealedWith }, limit);
        }, cancel));
        return command;
    }

    private Command Use()
    {
        var command = new Command("use", "Makes every member seal with another key that all have.");
        var fingerprint = Fingerprint();
        var force = new Option<bool>("--force") { Description = "Also where a member has not got it: it cannot read what the others seal until it has." };
        command.Add(fingerprint);
        command.Add(force);
        command.SetAction((parsed, cancel) => RunAsync(
            parsed, (client, limit) => client.UseKeyAsync(new UseKeyRequest { Fingerprint = parsed.GetRequiredValue(fingerprint), Force = parsed.GetValue(force) }, limit), cancel));
        return command;
    }

    private Command Remove()
    {
        var command = new Command("remove", "Takes a key from every member; never the one that a member seals with.");
        var fingerprint = Fingerprint();
        command.Add(fingerprint);
        command.SetAction((parsed, cancel) => RunAsync(
            parsed, (client, limit) => client.RemoveKeyAsync(new RemoveKeyRequest { Fingerprint = parsed.GetRequiredValue(fingerprint) }, limit), cancel));
        return command;
    }

    private static Argument<string> Fingerprint() => new("FINGERPRINT") { Description = "16 hexadecimal digits, as swim keys list shows them." };

    private static KeyParcel Pack(string added, string? current)
    {
        if (string.IsNullOrEmpty(current)) throw new BadInputException($"Name a file of keys as the members have it with --keys-file or {FileVariable}: the new key travels sealed with its first one.");
        var faults = new List<string>();
        return KeyParcel.Pack(added, current, faults) ?? throw new BadInputException(string.Join(' ', faults));
    }

    private Task<int> RunAsync(ParseResult parsed, Func<SwimClient, CancellationToken, Task<KeysResponse>> call, CancellationToken interrupted) =>
        runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var answer = await run.AskAsync(call(run.Client, limit)).ConfigureAwait(false);
            run.Print(answer, Write);
            return answer.Complete || parsed.CommandResult.Command.Name == "list" ? ExitCode.Ok : ExitCode.Failed;
        }, interrupted);

    private static void Write(TextWriter writer, KeysResponse answer)
    {
        var table = new TextTable("NAME", "NODE", "STATE", "SEALS WITH", "OPENS ALSO", "SAVED", "");
        foreach (var member in answer.Members)
        {
            table.Add(
                member.Name, member.NodeId, StateWord.Of(member.State), member.Keys.FirstOrDefault("-"), member.Keys.Count > 1 ? string.Join(' ', member.Keys.Skip(1)) : "-",
                member.Saved ? "yes" : "no", member.Done ? "" : $"{member.Code}: {member.Message}");
        }

        table.WriteTo(writer);
        var lacking = answer.Members.Count(static member => !member.Done);
        if (lacking > 0) writer.WriteLine($"{lacking} of {answer.Members.Count} members have not answered as they should: do it again once they do.");
    }
}
