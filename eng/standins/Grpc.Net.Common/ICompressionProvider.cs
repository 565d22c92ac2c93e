using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One compression of message bodies, chosen by the name in the <c>grpc-encoding</c> header.</summary>
public interface ICompressionProvider
{
    /// <summary>The name on the wire, for instance <c>gzip</c>.</summary>
    string EncodingName { get; }

    /// <summary>A stream that compresses what is written to it into <paramref name="stream"/>, which stays open.</summary>
    /// <param name="stream">Receives the compressed bytes.</param>
    /// <param name="compressionLevel">Null for the provider's own level.</param>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>A stream that reads the plain bytes of the compressed <paramref name="stream"/>.</summary>
    Stream CreateDecompressionStream(Stream stream);
}
