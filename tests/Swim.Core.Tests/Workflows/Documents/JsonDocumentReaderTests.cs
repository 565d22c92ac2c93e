using System.Text;
using Swim.Core.Workflows.Documents;
using Xunit;

namespace Swim.Core.Tests.Workflows.Documents;

public sealed class JsonDocumentReaderTests
{
    [Fact]
    public void Every_value_knows_its_line_and_column()
    {
        var root = Read("{\n  \"é\": [1,\n    {\"deep\": \"x\"}]\n}").Root!;
        var list = root.Members[0];
        Assert.Equal((1, 1), (root.Line, root.Column));
        Assert.Equal((2, 3), (list.Line, list.Column));
        Assert.Equal((2, 8), (list.Value.Line, list.Value.Column));
        Assert.Equal((2, 9), (list.Value.Items[0].Line, list.Value.Items[0].Column));
        Assert.Equal((3, 6), (list.Value.Items[1].Members[0].Line, list.Value.Items[1].Members[0].Column));
    }

    [Fact]
    public void Columns_count_characters_and_not_bytes()
    {
        var root = Read("[\"äöü\", 1]").Root!;
        Assert.Equal(9, root.Items[1].Column);
    }

    [Fact]
    public void All_six_kinds_are_read()
    {
        var root = Read("""{"a":null,"b":true,"c":-1.50,"d":"x\u00e9","e":[],"f":{}}""").Root!;
        Assert.Equal(
            [DocumentKind.Null, DocumentKind.Boolean, DocumentKind.Number, DocumentKind.Text, DocumentKind.List, DocumentKind.Map],
            root.Members.Select(member => member.Value.Kind));
        Assert.Equal("-1.5", root.Members[2].Value.Value);
        Assert.Equal("xé", root.Members[3].Value.Value);
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{\"a\": 1,}", 1, 9)]
    [InlineData("{\n \"a\" 1}", 2, 6)]
    [InlineData("[1] 2", 1, 5)]
    [InlineData("// no\n1", 1, 1)]
    [InlineData("[01]", 1, 3)]
    [InlineData("nul", 1, 4)]
    [InlineData("\"\\ud800\"", 1, 1)]
    public void Bad_syntax_is_refused_with_its_place(string text, int line, int column)
    {
        var error = Read(text).Error!;
        Assert.Equal(DocumentErrorCode.InvalidArgument, error.Code);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_stands_twice_is_refused_where_it_stands_again()
    {
        var error = Read("{\"a\":[{\"b\":1,\n\"b\":2}]}").Error!;
        Assert.Equal((2, 1, "$.a[0]"), (error.Line, error.Column, error.Path));
        Assert.Contains("'b' stands twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Twenty_thousand_brackets_are_refused_as_too_deep()
    {
        var error = Read(new string('[', 20_000)).Error!;
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error.Code);
        Assert.Equal((1, DocumentLimits.DepthMax + 1), (error.Line, error.Column));
    }

    [Fact]
    public void The_deepest_allowed_nesting_is_read()
    {
        var text = new string('[', DocumentLimits.DepthMax) + new string(']', DocumentLimits.DepthMax);
        Assert.NotNull(Read(text).Root);
        Assert.NotNull(Read(text).Root!.ToJsonNode());
        Assert.Equal(text, Encoding.UTF8.GetString(CanonicalJson.Write(Read(text).Root!)));
    }

    [Fact]
    public void More_than_16_MiB_is_refused()
    {
        var error = JsonDocumentReader.Read(new byte[DocumentLimits.JsonBytesMax + 1]).Error!;
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error.Code);
    }

    [Fact]
    public void More_than_a_million_values_are_refused()
    {
        var error = Read("[" + string.Join(',', Enumerable.Repeat('1', DocumentLimits.JsonNodesMax)) + "]").Error!;
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error.Code);
        Assert.Contains("values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_where_they_begin()
    {
        var error = JsonDocumentReader.Read([(byte)'"', (byte)'\n', (byte)'a', 0xFF, (byte)'"']).Error!;
        Assert.Equal((2, 2), (error.Line, error.Column));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        Assert.Equal("1", JsonDocumentReader.Read([0xEF, 0xBB, 0xBF, (byte)'1']).Root!.Value);

    private static DocumentReading Read(string text) => JsonDocumentReader.Read(Encoding.UTF8.GetBytes(text));
}
