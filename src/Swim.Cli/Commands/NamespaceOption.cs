using System.CommandLine;

namespace Swim.Cli.Commands;

/// <summary>The namespace a command works in.</summary>
internal static class NamespaceOption
{
    public static Option<string> Create() => new("--namespace")
    {
        Description = "The namespace of the workflow. Default: default.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "",
    };
}
