using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Swim.Cli.Dev;

/// <summary><c>swim dev</c>: a cluster of several nodes in this one process, to try things on.</summary>
internal static class DevCommand
{
    public static Command Create(Terminal terminal, ConnectionOptions connection)
    {
        var nodes = new Option<int?>("--nodes") { Description = $"How many nodes, 1 to {DevPlan.NodesMax}. Default: as many as DIR holds, else {DevPlan.NodesDefault}.", HelpName = "N", CustomParser = Number };
        var port = new Option<int?>("--port")
        {
            Description = "The first node's gRPC port, with HTTP and UDP on the two after it; each further node 10 more. 0 takes any free ones.",
            HelpName = "PORT",
            DefaultValueFactory = static _ => DevPlan.PortDefault,
            CustomParser = Number,
        };
        var data = new Option<string?>("--data") { Description = "Keeps all state in this directory, to go on with. Without it in a temporary one that is removed at the end.", HelpName = "DIR" };
        var shell = new Option<bool>("--allow-shell") { Description = "Lets shell:exec run commands on this machine." };
        var level = new Option<string>("--log-level")
        {
            Description = "The least severe events that are logged: trace, debug, information, warning, error, critical or none.",
            HelpName = "LEVEL",
            DefaultValueFactory = static _ => "warning",
        };
        var command = new Command("dev", "Runs a cluster of several nodes in one process until Ctrl-C. Prints their addresses when all are ready.") { nodes, port, data, shell, level };
        command.SetAction((parsed, cancel) =>
        {
            var plan = new DevPlan(parsed.GetValue(nodes), parsed.GetValue(port) ?? DevPlan.PortDefault, parsed.GetValue(data), parsed.GetValue(shell), parsed.GetValue(level)!);
            return DevRun.RunAsync(plan, () => connection.IsJson(parsed), terminal, cancel);
        });
        return command;
    }

    private static int? Number(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        given.AddError($"{((OptionResult)given.Parent!).IdentifierToken} '{text}' is no whole number: give digits only.");
        return null;
    }
}
