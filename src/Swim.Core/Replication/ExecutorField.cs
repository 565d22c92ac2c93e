using System.Buffers.Binary;

namespace Swim.Core.Replication;

/// <summary>
/// The executor in the payload of a status, half of a claim's bytes: a frame has it in its table of nodes. The payload itself, which is
/// what is compared and hashed, never lacks it. Cutting and inserting are exact for whatever bytes a payload has.
/// </summary>
internal static class ExecutorField
{
    private const byte FourFields = 0x94;
    private const byte LastFixArray = 0x9F;
    private const byte UInt8 = 0xCC;
    private const byte UInt64 = 0xCF;
    private const int Bytes = 1 + sizeof(ulong);

    // Generation, state, attempt.
    private const int FieldsBefore = 3;

    /// <summary>Where in the payload an id of 9 bytes stands as the executor; false in a payload of another kind or form, which travels whole.</summary>
    public static bool TryFind(Cell cell, out int place, out ulong executor)
    {
        (place, executor) = (0, 0);
        if (cell.Key.Kind != CellKind.Status) return false;
        var payload = cell.Payload.Span;
        place = PlaceIn(payload);
        if (place < 0 || payload.Length < place + Bytes || payload[place] != UInt64) return false;
        executor = BinaryPrimitives.ReadUInt64BigEndian(payload[(place + 1)..]);
        return true;
    }

    /// <summary>The payload's bytes before the executor at <paramref name="place"/>, and those behind it.</summary>
    public static (ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail) Cut(Cell cell, int place) => (cell.Payload[..place], cell.Payload[(place + Bytes)..]);

    /// <summary>The payload that was cut; null where <paramref name="cut"/> is none.</summary>
    public static byte[]? Insert(ReadOnlySpan<byte> cut, ulong executor)
    {
        var place = PlaceIn(cut);
        if (place < 0) return null;
        var payload = new byte[cut.Length + Bytes];
        cut[..place].CopyTo(payload);
        payload[place] = UInt64;
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(place + 1), executor);
        cut[place..].CopyTo(payload.AsSpan(place + Bytes));
        return payload;
    }

    // Behind the array's head and three numbers that are not negative; -1 where these are not there.
    private static int PlaceIn(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 0 || payload[0] is < FourFields or > LastFixArray) return -1;
        var place = 1;
        for (var field = 0; field < FieldsBefore; field++)
        {
            if (place >= payload.Length) return -1;
            var code = payload[place];
            if (code >= 0x80 && code is < UInt8 or > UInt64) return -1;
            place += code < 0x80 ? 1 : 1 + (1 << (code - UInt8));
        }

        return place <= payload.Length ? place : -1;
    }
}
