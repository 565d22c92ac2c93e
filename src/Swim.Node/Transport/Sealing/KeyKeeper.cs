using Swim.Core.Storage;

namespace Swim.Node.Transport.Sealing;

/// <summary>Changes a node's keys while it runs: in its seal, and in its file so that it starts again with them. Safe for several threads.</summary>
internal sealed class KeyKeeper(AesGcmSeal seal, string file, Action<KeyRing, bool> onChanged)
{
    private readonly Lock _gate = new();

    /// <summary>A change of a ring, as those of <see cref="KeyRing"/>.</summary>
    public delegate KeyChange RingChange(KeyRing ring, out KeyRing changed);

    /// <summary>The keys in use.</summary>
    public KeyRing Ring => seal.Ring;

    /// <summary>False while the file could not be written: a restart would go back to what it says.</summary>
    public bool IsSaved { get; private set; } = true;

    /// <summary>Changes them. A ring that cannot be saved is used all the same: the others use it too.</summary>
    public KeyChange Change(RingChange change)
    {
        lock (_gate)
        {
            var outcome = change(seal.Ring, out var ring);
            // What was so before is tried again: the disk may have space by now.
            if (outcome != KeyChange.Done && (outcome != KeyChange.Nothing || IsSaved)) return outcome;
            IsSaved = TrySave(ring);
            seal.Ring = ring;
            onChanged(ring, IsSaved);
            return outcome;
        }
    }

    private bool TrySave(KeyRing ring)
    {
        try
        {
            KeysFile.Write(file, ring);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DiskException)
        {
            return false;
        }
    }
}
