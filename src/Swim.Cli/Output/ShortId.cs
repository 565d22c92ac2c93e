namespace Swim.Cli.Output;

/// <summary>Ids as people read them.</summary>
public static class ShortId
{
    private const int WorkflowDigits = 12;
    private const int NodeDigits = 8;

    /// <summary>The first digits of a workflow's id; every command takes them for the whole.</summary>
    public static string OfWorkflow(string id) => Printable.Line(id.Length > WorkflowDigits ? id[..WorkflowDigits] : id);

    /// <summary>The first digits of a node's id.</summary>
    public static string OfNode(string id) => Printable.Line(id.Length > NodeDigits ? id[..NodeDigits] : id);
}
