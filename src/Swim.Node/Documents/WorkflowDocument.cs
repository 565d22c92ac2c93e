using System.Text;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Node.Documents;

/// <summary>A document as a client sends it: text in one of the formats of the API, read down to a workflow.</summary>
internal static class WorkflowDocument
{
    /// <summary>The workflow or its errors. An empty <paramref name="format"/> means JSON where the text begins with a brace, else YAML.</summary>
    public static WorkflowReading Read(string document, string format, ReaderOptions options)
    {
        if (ReadTree(document, format) is not { } reading)
            return new WorkflowReading([new DocumentError(DocumentErrorCode.InvalidArgument, $"There is no format '{DocumentPath.Shorten(format)}': say 'yaml' or 'json'.", 0, 0, "$")]);
        return reading.TryGet(out var root, out var error) ? WorkflowReader.Read(root, options) : new WorkflowReading([error]);
    }

    private static DocumentReading? ReadTree(string document, string format) => format switch
    {
        "json" => JsonDocumentReader.Read(Encoding.UTF8.GetBytes(document)),
        "yaml" => YamlDocumentReader.Read(Encoding.UTF8.GetBytes(document)),
        "" => ReadTree(document, document.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("{") ? "json" : "yaml"),
        _ => null,
    };
}
