using System.Text;
using Swim.Core.Primitives;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Workflows;

/// <summary>Whatever bytes come, the answer is a definition or errors with a place, never an exception.</summary>
public sealed class ReaderFuzzTests
{
    private const string Seed = """
        {"name":"fuzz","consistency":"any","error_handling":{"max_retries":2,"backoff_ms":5},"tasks":[
         {"id":"a","tool":"builtin:echo","arguments":{"value":{"k":[1,2.5e3,"x\u00e9"]}}},
         {"id":"b","tool":"builtin:sum","arguments":{"values":["$OUTPUT[a].k[0]",1]},"depends_on":["a"],"retry":{"max_attempts":3}},
         {"id":"c","tool":"builtin:concat","arguments":{"values":["$$OUTPUT[","$OUTPUT[b]"],"separator":"-"},"timeout_ms":100}],
         "output":{"sum":"$OUTPUT[b]","text":"<$OUTPUT[c]>"}}
        """;

    private static readonly string[] Inserts = ["{", "}", "[", "]", ",", ":", "\"", "\\u", "null", "-", "1e999", "$OUTPUT[", "]", ".", "\n", "\"id\":", "\"tasks\":"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_bytes_are_answered(int seed)
    {
        var random = new Prng((ulong)seed);
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = new byte[Below(random, 60)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Below(random, 256);
            Check(bytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_documents_are_answered_and_what_is_accepted_has_stable_bytes(int seed)
    {
        var random = new Prng((ulong)seed);
        var accepted = 0;
        for (var round = 0; round < 4_000; round++)
        {
            var text = new StringBuilder(Seed);
            for (var edits = 1 + Below(random, 3); edits > 0; edits--) Mutate(text, random);
            if (Check(Encoding.UTF8.GetBytes(text.ToString()))) accepted++;
        }
        Assert.InRange(accepted, 1, 3_999);
    }

    private static bool Check(byte[] bytes)
    {
        var reading = WorkflowReader.FromCanonical(bytes);
        if (!reading.TryGet(out var definition))
        {
            Assert.NotEmpty(reading.Errors);
            Assert.All(reading.Errors, error => Assert.True(error is { Line: >= 1, Column: >= 1, Message.Length: > 0 }, error.ToString()));
            return false;
        }
        var canonical = CanonicalWorkflow.Write(definition);
        Assert.Equal(canonical, CanonicalWorkflow.Write(WorkflowReader.FromCanonical(canonical).Definition!));
        return true;
    }

    private static void Mutate(StringBuilder text, Prng random)
    {
        var at = Below(random, text.Length);
        switch (Below(random, 4))
        {
            case 0: text.Remove(at, Math.Min(1 + Below(random, 8), text.Length - at)); break;
            case 1: text.Insert(at, Inserts[Below(random, Inserts.Length)]); break;
            case 2: text[at] = (char)(32 + Below(random, 95)); break;
            default: text.Insert(at, text.ToString(at, Math.Min(Below(random, 40), text.Length - at))); break;
        }
    }

    private static int Below(Prng random, int bound) => random.Next(bound);
}
