using System.Text;
using Swim.Core.Workflows.Documents;
using Swim.Node.Documents;
using Xunit;

namespace Swim.Node.Tests.Documents;

public sealed class YamlDocumentReaderTests
{
    [Theory]
    [InlineData("~", "null")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("[true, False, TRUE, yes, no, on]", """[true,false,true,"yes","no","on"]""")]
    [InlineData("[null, Null, nil, '', \"\"]", """[null,null,"nil","",""]""")]
    [InlineData("[1, -2, +3, 012, 0o17, 0x1F, 1_000]", """[1,-2,3,12,15,31,"1_000"]""")]
    [InlineData("[1.50, .5, 2., 1e3, -1.5E-2, 0.0]", """[1.5,0.5,2,1000,-0.015,0]""")]
    [InlineData("['1', \"true\", '~']", """["1","true","~"]""")]
    [InlineData("[12:30, 2024-01-02, 1.2.3, -, 0x, e5]", """["12:30","2024-01-02","1.2.3","-","0x","e5"]""", true)]
    [InlineData("a: |\n  one\n  two\nb: >\n  x\n  y\n", """{"a":"one\ntwo\n","b":"x y\n"}""")]
    [InlineData("- a: 1\n  b: [x, {c: d}]\n- 'e'", """[{"a":1,"b":["x",{"c":"d"}]},"e"]""")]
    [InlineData("# comment\n---\nx: 1 # more\n...\n", """{"x":1}""")]
    [InlineData("%YAML 1.2\n---\nx: 1\n", """{"x":1}""")]
    [InlineData("{\"json\": [1, null, \"\\u00e9\"]}", """{"json":[1,null,"é"]}""")]
    [InlineData("1: a\ntrue: b", """{"1":"a","true":"b"}""")]
    [InlineData("\"<<\": 1", """{"<<":1}""")]
    [InlineData("\"\\U0001F600\"", "\"\U0001F600\"")]
    [InlineData("\uFEFFa: 1", """{"a":1}""")]
    public void Values_are_those_of_JSON(string yaml, string json, bool dashIsNoPlainScalar = false)
    {
        var reading = Read(dashIsNoPlainScalar ? yaml.Replace("-, ", "'-', ", StringComparison.Ordinal) : yaml);
        Assert.True(reading.Root is not null, reading.Error?.ToString());
        Assert.Equal(json, Encoding.UTF8.GetString(CanonicalJson.Write(reading.Root)));
    }

    [Fact]
    public void Every_value_knows_its_line_and_column()
    {
        var root = Read("# head\nname: x\ntasks:\n  - id: a\n    tool: b\n").Root!;
        var tasks = root.Members[1];
        var tool = tasks.Value.Items[0].Members[1];
        Assert.Equal((3, 1), (tasks.Line, tasks.Column));
        Assert.Equal((5, 5), (tool.Line, tool.Column));
        Assert.Equal((5, 11), (tool.Value.Line, tool.Value.Column));
    }

    [Theory]
    [InlineData("", "empty", 1, 1)]
    [InlineData("# only a comment\n", "empty", 1, 1)]
    [InlineData("a: &x 1", "Anchors", 1, 4)]
    [InlineData("a: *x", "Aliases", 1, 4)]
    [InlineData("a: !!str 1", "Tags", 1, 4)]
    [InlineData("a: !x {}", "Tags", 1, 4)]
    [InlineData("? &x a\n: 1", "Anchors", 1, 3)]
    [InlineData("a:\n  <<: {b: 1}", "Merge keys", 2, 3)]
    [InlineData("a: 1\n---\nb: 2", "second document", 2, 1)]
    [InlineData("a: 1\nb: 2\na: 3", "'a' stands twice", 3, 1)]
    [InlineData("? [x]\n: 1", "A name must be a string", 1, 3)]
    [InlineData(": 1", "missing", 1, 1)]
    [InlineData("a: .inf", "no such number", 1, 4)]
    [InlineData("a: [1, -.INF]", "no such number", 1, 8)]
    [InlineData("a: .NaN", "no such number", 1, 4)]
    [InlineData("a: 1e999", "outside", 1, 4)]
    [InlineData("a: \"\\ud800\"", "", 1, 0)]
    [InlineData("a: [1\nb: 2]]", "not YAML", 2, 0)]
    [InlineData("a: 1\n b: 2", "not YAML", 2, 0)]
    [InlineData("a: 'x", "not YAML", 1, 0)]
    [InlineData("a:\n\tb: 1", "not YAML", 1, 0)]
    [InlineData("a: @x", "not YAML", 1, 0)]
    public void What_is_not_taken_is_refused_with_its_place(string yaml, string says, int line, int column)
    {
        var error = Read(yaml).Error;
        Assert.NotNull(error);
        Assert.Equal((DocumentErrorCode.InvalidArgument, line), (error.Code, error.Line));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.True(column == 0 ? error.Column > 0 : error.Column == column, error.ToString());
    }

    [Theory]
    [InlineData("[", "")]
    [InlineData("{a: ", "")]
    [InlineData("- ", "x")]
    [InlineData("? ", "x")]
    public void Twenty_thousand_nested_values_are_refused_as_too_deep(string opening, string end)
    {
        var error = Read(string.Concat(Enumerable.Repeat(opening, 20_000)) + end).Error!;
        Assert.Contains(error.Code, new[] { DocumentErrorCode.ResourceExhausted, DocumentErrorCode.InvalidArgument });
        Assert.True(error.Line >= 1 && error.Column >= 1, error.ToString());
    }

    [Fact]
    public void Twenty_thousand_brackets_say_how_deep_is_allowed()
    {
        var error = Read("a: " + new string('[', 20_000)).Error!;
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error.Code);
        Assert.Contains("64", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 4 + DocumentLimits.DepthMax - 1), (error.Line, error.Column));
    }

    [Fact]
    public void An_alias_bomb_is_refused_at_its_first_anchor()
    {
        var bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (var name = 'b'; name <= 'i'; name++)
            bomb.Append(name).Append(": &").Append(name).Append(" [").AppendJoin(',', Enumerable.Repeat($"*{(char)(name - 1)}", 9)).Append("]\n");
        var error = Read(bomb.ToString()).Error!;
        Assert.Equal((DocumentErrorCode.InvalidArgument, 1, 4), (error.Code, error.Line, error.Column));
        Assert.Contains("Anchors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_megabyte_is_refused() =>
        Assert.Equal(DocumentErrorCode.ResourceExhausted, Read(new string('a', DocumentLimits.YamlBytesMax + 1)).Error?.Code);

    [Fact]
    public void More_than_50_000_values_are_refused()
    {
        var error = Read("[" + string.Join(", ", Enumerable.Repeat('1', DocumentLimits.YamlNodesMax)) + "]").Error;
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error?.Code);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.Contains("UTF-8", YamlDocumentReader.Read([0x61, 0xFF]).Error?.Message, StringComparison.Ordinal);

    private static DocumentReading Read(string yaml) => YamlDocumentReader.Read(Encoding.UTF8.GetBytes(yaml));
}
