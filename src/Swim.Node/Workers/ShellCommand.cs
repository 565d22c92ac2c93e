using System.Diagnostics;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Tools;

namespace Swim.Node.Workers;

/// <summary>
/// What <c>shell:exec</c> was asked to run: a program and its arguments, never a line for a shell. The program sees only the
/// environment that the arguments give and <c>PATH</c>.
/// </summary>
internal sealed record ShellCommand(ProcessStartInfo Start, string Input)
{
    /// <summary>The arguments do not fit, or the program is not there; the attempt fails for good.</summary>
    public static ShellCommand? Read(JsonObject arguments, out ToolOutcome refusal)
    {
        refusal = ToolOutcome.Failed(ToolFailureCode.InvalidArgument, "");
        if (ToolCatalog.Find(ToolCatalog.Shell)!.Check(arguments, allowReferences: false).FirstOrDefault() is { } fault)
            return Refuse(fault.Message, out refusal);
        var argv = arguments["argv"]!.AsArray().Select(Text).ToList();
        var environment = arguments["env"]?.AsObject().ToDictionary(member => member.Key, member => Text(member.Value), StringComparer.Ordinal) ?? [];
        if (argv.Concat(environment.Values).Append(Text(arguments["cwd"])).Any(text => text.Contains('\0', StringComparison.Ordinal)))
            return Refuse("shell:exec: argv, env and cwd cannot hold a zero character: remove it.", out refusal);
        if (environment.Keys.FirstOrDefault(IsBadName) is { } name)
            return Refuse($"shell:exec: '{name}' cannot name an environment variable: remove the equals sign or zero character.", out refusal);
        environment.TryAdd("PATH", Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin");
        var directory = arguments["cwd"] is { } cwd ? Path.GetFullPath(Text(cwd)) : Environment.CurrentDirectory;
        if (!Directory.Exists(directory)) return Refuse($"shell:exec: there is no directory '{directory}' on this node: correct 'cwd'.", out refusal);
        if (FindProgram(argv[0], directory, environment["PATH"]) is not { } program)
        {
            refusal = ToolOutcome.Failed(ShellTool.NotFound, $"shell:exec: there is no program '{argv[0]}' on this node: install it, or correct 'argv'.");
            return null;
        }
        return new ShellCommand(StartOf(program, argv, environment, directory), Text(arguments["stdin"]));
    }

    // Process.Start would look beside our own executable and in the current directory before PATH.
    private static string? FindProgram(string name, string directory, string path) =>
        name.Contains('/', StringComparison.Ordinal)
            ? new[] { Path.GetFullPath(name, directory) }.FirstOrDefault(IsProgram)
            : path.Split(':').Where(folder => folder.StartsWith('/')).Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsProgram);

    private static bool IsProgram(string file)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Execute) != 0);
    }

    private static ProcessStartInfo StartOf(string program, List<string> argv, Dictionary<string, string> environment, string directory)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in argv.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return start;
    }

    private static string Text(JsonNode? value) => value?.GetValue<string>() ?? "";

    private static bool IsBadName(string name) => name.Length == 0 || name.AsSpan().ContainsAny('=', '\0');

    private static ShellCommand? Refuse(string message, out ToolOutcome refusal)
    {
        refusal = ToolOutcome.Failed(ToolFailureCode.InvalidArgument, message);
        return null;
    }
}
