namespace MessagePack;

/// <summary>Extension types the specification keeps for itself.</summary>
public static class ReservedMessagePackExtensionTypeCode
{
    /// <summary>A timestamp.</summary>
    public const sbyte DateTime = -1;
}
