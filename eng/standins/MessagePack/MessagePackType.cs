namespace MessagePack;

/// <summary>The kind of value a msgpack token starts with.</summary>
public enum MessagePackType : byte
{
    /// <summary>The one code the specification never uses.</summary>
    Unknown = 0,

    /// <summary>A whole number of any width and sign.</summary>
    Integer = 1,

    /// <summary>Nil.</summary>
    Nil = 2,

    /// <summary>True or false.</summary>
    Boolean = 3,

    /// <summary>A 32 or 64 bit floating point number.</summary>
    Float = 4,

    /// <summary>UTF-8 text.</summary>
    String = 5,

    /// <summary>Raw bytes.</summary>
    Binary = 6,

    /// <summary>A counted list of values.</summary>
    Array = 7,

    /// <summary>A counted list of key and value pairs.</summary>
    Map = 8,

    /// <summary>A typed run of bytes.</summary>
    Extension = 9,
}
