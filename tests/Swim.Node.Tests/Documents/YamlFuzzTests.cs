using System.Text;
using Swim.Core.Primitives;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Swim.Node.Documents;
using Xunit;

namespace Swim.Node.Tests.Documents;

/// <summary>Whatever bytes come, YAML answers a tree or an error with a place, never an exception.</summary>
public sealed class YamlFuzzTests
{
    private const string Seed = """
        # a workflow
        name: fuzz
        error_handling: { max_retries: 2, backoff_ms: 5 }
        tasks:
          - { id: a, tool: "builtin:echo", arguments: { value: { k: [1, 2.5e3, "x\u00e9"] } } }
          - id: b
            tool: builtin:sum
            arguments:
              values: ["$OUTPUT[a].k[0]", 0x1f]
            depends_on:
              - a
          - id: c
            tool: 'builtin:concat'
            arguments:
              values:
                - |
                  many
                   lines
                - >-
                  folded
                  text
        output: "$OUTPUT[b]"
        """;

    private static readonly string[] Inserts =
        ["{", "}", "[", "]", ",", ": ", "- ", "? ", "&a ", "*a", "!!str ", "!<", "|", ">", "'", "\"", "\\x", "\\U0010FFFF", "#", "%YAML", "---\n", "...\n", "\t", "\n", "\n\n  ", "<<: ", "\u0085", "\u2028", "\0", "@", "`"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_text_is_answered(int seed)
    {
        var random = new Prng((ulong)seed);
        for (var round = 0; round < 3_000; round++)
        {
            var text = new StringBuilder();
            for (var parts = random.Next(12); parts > 0; parts--)
                text.Append(random.Next(2) == 0 ? Inserts[random.Next(Inserts.Length)] : ((char)random.Next(256)).ToString());
            Check(text.ToString());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_documents_are_answered(int seed)
    {
        var random = new Prng((ulong)seed);
        var read = 0;
        for (var round = 0; round < 3_000; round++)
        {
            var text = new StringBuilder(Seed);
            for (var edits = 1 + random.Next(3); edits > 0; edits--) Mutate(text, random);
            if (Check(text.ToString())) read++;
        }
        Assert.InRange(read, 1, 2_999);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData("{")]
    [InlineData("? ")]
    [InlineData("- ")]
    [InlineData("a: ")]
    [InlineData("a:\n")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("&a ")]
    [InlineData("*a ")]
    [InlineData("!")]
    [InlineData("%")]
    [InlineData("---\n")]
    [InlineData("|\n")]
    [InlineData("#")]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData("\t")]
    [InlineData("x")]
    [InlineData("x ")]
    [InlineData("\\")]
    [InlineData("[a: ")]
    [InlineData("[x,")]
    public void A_megabyte_of_one_thing_is_answered(string unit) =>
        Check(string.Concat(Enumerable.Repeat(unit, DocumentLimits.YamlBytesMax / unit.Length)));

    private static bool Check(string text)
    {
        var reading = YamlDocumentReader.Read(Encoding.UTF8.GetBytes(text));
        if (!reading.TryGet(out var root, out var error))
        {
            Assert.True(error is { Line: >= 1, Column: >= 1, Message.Length: > 0 }, error.ToString());
            return false;
        }
        var canonical = CanonicalJson.Write(root);
        Assert.Equal(canonical, CanonicalJson.Write(JsonDocumentReader.Read(canonical).Root!));
        WorkflowReader.Read(root);
        return true;
    }

    private static void Mutate(StringBuilder text, Prng random)
    {
        var at = random.Next(text.Length);
        switch (random.Next(4))
        {
            case 0: text.Remove(at, Math.Min(1 + random.Next(8), text.Length - at)); break;
            case 1: text.Insert(at, Inserts[random.Next(Inserts.Length)]); break;
            case 2: text[at] = (char)(32 + random.Next(95)); break;
            default: text.Insert(at, text.ToString(at, Math.Min(random.Next(40), text.Length - at))); break;
        }
    }
}
