using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a message is written: either whole by <see cref="Complete(byte[])"/>, or through the writer and then <see cref="Complete()"/>.</summary>
public abstract class SerializationContext
{
    /// <summary>Ends the message with these bytes, which are handed over.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>A writer for the bytes of the message.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Tells the length in bytes before the first is written, which may save a copy.</summary>
    public virtual void SetPayloadLength(int payloadLength) => throw new NotImplementedException();

    /// <summary>Ends the message with what the writer got.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}

/// <summary>Where a message is read from; valid only during the call it is handed to.</summary>
public abstract class DeserializationContext
{
    /// <summary>The length of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message as an array of its own.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotImplementedException();

    /// <summary>The message without a copy; not to be kept.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotImplementedException();
}
