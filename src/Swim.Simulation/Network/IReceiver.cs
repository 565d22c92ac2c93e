using Swim.Simulation.Time;

namespace Swim.Simulation.Network;

/// <summary>A node as the network sees it.</summary>
internal interface IReceiver
{
    /// <summary>The life that listens now; null while the node is down.</summary>
    ProcessLife? Life { get; }

    /// <summary>A packet arrived.</summary>
    void OnDatagram(ReadOnlyMemory<byte> packet);

    /// <summary>A frame of the stream from another node arrived.</summary>
    void OnFrame(int from, ReadOnlyMemory<byte> frame);

    /// <summary>A push-pull request arrived; <paramref name="answer"/> is called once, with null for a refusal.</summary>
    void OnPushPull(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer);

    /// <summary>A ping over gRPC arrived; <paramref name="answer"/> is called once, with null for a refusal.</summary>
    void OnStreamPing(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer);
}
