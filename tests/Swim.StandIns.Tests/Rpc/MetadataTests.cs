using Grpc.Core;
using Xunit;

namespace Swim.StandIns.Tests.Rpc;

public sealed class MetadataTests
{
    [Theory]
    [InlineData("Request-Id", "request-id")]
    [InlineData("a.b_c-9", "a.b_c-9")]
    public void A_key_is_put_in_lower_case(string given, string key) => Assert.Equal(key, new Metadata.Entry(given, "x").Key);

    [Theory]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("é")]
    [InlineData("a\n")]
    public void A_key_of_other_characters_is_refused(string key)
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "x"));
        Assert.Throws<ArgumentException>(() => new Metadata { { key, "x" } });
    }

    [Fact]
    public void The_suffix_of_the_key_says_whether_the_value_is_binary()
    {
        Assert.True(new Metadata.Entry("trace-BIN", [1, 2]).IsBinary);
        Assert.False(new Metadata.Entry("trace", "x").IsBinary);
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("trace", [1, 2]));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("trace-bin", "x"));
    }

    [Fact]
    public void A_binary_value_is_copied_in_and_out()
    {
        byte[] bytes = [1, 2, 3];
        var entry = new Metadata.Entry("x-bin", bytes);

        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.Equal([1, 2, 3], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
    }

    [Fact]
    public void A_text_value_has_bytes_in_ascii() => Assert.Equal("hi"u8.ToArray(), new Metadata.Entry("x", "hi").ValueBytes);

    [Fact]
    public void A_missing_value_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("x", (string)null!));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("x-bin", (byte[])null!));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry(null!, "x"));
        Assert.Throws<ArgumentNullException>(() => new Metadata().Add(null!));
    }

    [Fact]
    public void An_entry_is_written_with_its_text() => Assert.Equal("[Entry: key=x, value=hi]", new Metadata.Entry("X", "hi").ToString());

    [Fact]
    public void The_last_entry_of_a_key_is_found_and_all_are_listed_in_order()
    {
        var metadata = new Metadata { { "k", "1" }, { "other", "x" }, { "K", "2" }, { "b-bin", new byte[] { 7 } } };

        Assert.Equal("2", metadata.GetValue("k"));
        Assert.Equal("2", metadata.GetValue("K"));
        Assert.Equal("2", metadata.Get("k")!.Value);
        Assert.Equal(["1", "2"], metadata.GetAll("k").Select(entry => entry.Value));
        Assert.Equal([7], metadata.GetValueBytes("b-bin"));
        Assert.Null(metadata.Get("absent"));
        Assert.Null(metadata.GetValue("absent"));
        Assert.Null(metadata.GetValueBytes("absent"));
        Assert.Empty(metadata.GetAll("absent"));
    }

    [Fact]
    public void It_is_a_list()
    {
        var first = new Metadata.Entry("a", "1");
        var second = new Metadata.Entry("b", "2");
        var metadata = new Metadata { second };

        metadata.Insert(0, first);
        Assert.Equal([first, second], metadata);
        Assert.Equal(1, metadata.IndexOf(second));
        Assert.True(metadata.Remove(first));
        Assert.DoesNotContain(first, metadata);
        metadata[0] = first;
        metadata.RemoveAt(0);
        Assert.Empty(metadata);
    }

    [Fact]
    public void The_shared_empty_one_cannot_be_changed()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.False(new Metadata().IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
        Assert.Throws<InvalidOperationException>(Metadata.Empty.Clear);
        Assert.Empty(Metadata.Empty);
    }
}
