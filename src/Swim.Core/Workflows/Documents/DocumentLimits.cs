namespace Swim.Core.Workflows.Documents;

/// <summary>Bounds on what a document may cost before anyone looks at its meaning.</summary>
public static class DocumentLimits
{
    /// <summary>Nesting of objects and arrays; recursion over a tree is safe because of it.</summary>
    public const int DepthMax = 64;

    /// <summary>Largest JSON document, in bytes.</summary>
    public const int JsonBytesMax = 16 * 1024 * 1024;

    /// <summary>Values in a JSON document.</summary>
    public const int JsonNodesMax = 1_000_000;

    /// <summary>Largest YAML document, in bytes.</summary>
    public const int YamlBytesMax = 1024 * 1024;

    /// <summary>Values in a YAML document.</summary>
    public const int YamlNodesMax = 50_000;
}
