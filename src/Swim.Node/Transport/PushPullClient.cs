using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Swim.Node.Configuration;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Node.Transport;

/// <summary>Calls membership's push-pull at every address that a name stands for now, and pings members.</summary>
internal sealed class PushPullClient(PeerChannels channels, Metadata identity)
{
    /// <summary>Addresses tried for one name.</summary>
    private const int AddressesMax = 16;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    /// <summary>The answers; none when nobody answered.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> CallAsync(string address, ReadOnlyMemory<byte> body)
    {
        var calls = (await ResolveAsync(address).ConfigureAwait(false)).Select(target => CallOneAsync(target, body));
        var answers = await Task.WhenAll(calls).ConfigureAwait(false);
        return [.. answers.Where(static answer => answer is not null).Select(static answer => answer!.Value)];
    }

    /// <summary>The answer to a ping; null when there was none in time.</summary>
    public async Task<ReadOnlyMemory<byte>?> PingAsync(string address, ReadOnlyMemory<byte> body, TimeSpan deadline)
    {
        try
        {
            var request = new PeerBody { Body = UnsafeByteOperations.UnsafeWrap(body) };
            return (await new Peer.PeerClient(channels.To(address)).PingAsync(request, identity, DateTime.UtcNow + deadline).ConfigureAwait(false)).Body.Memory;
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private async Task<ReadOnlyMemory<byte>?> CallOneAsync(string target, ReadOnlyMemory<byte> body)
    {
        try
        {
            var request = new PeerBody { Body = UnsafeByteOperations.UnsafeWrap(body) };
            var client = new Peer.PeerClient(channels.To(target));
            var answer = await client.PushPullAsync(request, identity, DateTime.UtcNow + Deadline).ConfigureAwait(false);
            return answer.Body.Memory;
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<string>> ResolveAsync(string address)
    {
        if (!HostPort.TryParse(address, 7400, out var target) || IPAddress.TryParse(target.Host, out _)) return [address];
        try
        {
            var found = await Dns.GetHostAddressesAsync(target.Host).ConfigureAwait(false);
            return [.. found.Take(AddressesMax).Select(ip => new HostPort(ip.ToString(), target.Port).ToString())];
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
