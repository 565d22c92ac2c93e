namespace MessagePack;

/// <summary>The bytes are not the msgpack value that was asked for.</summary>
public class MessagePackSerializationException : Exception
{
    /// <summary>Without a message.</summary>
    public MessagePackSerializationException()
    {
    }

    /// <summary>With a message that says what was expected and found.</summary>
    public MessagePackSerializationException(string? message)
        : base(message)
    {
    }

    /// <summary>With a message and the exception that led here.</summary>
    public MessagePackSerializationException(string? message, Exception? inner)
        : base(message, inner)
    {
    }
}
