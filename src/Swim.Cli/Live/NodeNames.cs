using Swim.Cli.Output;
using Swim.Client;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cli.Live;

/// <summary>The names of nodes by their ids, as far as they are known; a courtesy, so no failure to learn them counts.</summary>
internal sealed class NodeNames(SwimClient client)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private volatile Dictionary<string, string> _names = [];
    private volatile bool _isUnknownAsked = true;

    /// <summary>The name, or the first digits of an id that is not known yet.</summary>
    public string Of(string nodeId)
    {
        if (_names.TryGetValue(nodeId, out var name)) return name;
        _isUnknownAsked = true;
        return ShortId.OfNode(nodeId);
    }

    /// <summary>True when the name is known.</summary>
    public bool Knows(string nodeId) => _names.ContainsKey(nodeId);

    /// <summary>Asks for the names once.</summary>
    public async Task LearnAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var members = await client.MembersAsync(limit.Token).ConfigureAwait(false);
            _names = members.Members.GroupBy(static member => member.NodeId).ToDictionary(static group => group.Key, static group => group.First().Name);
        }
        catch (Exception fault) when (fault is SwimException or OperationCanceledException)
        {
            // The ids say the same.
        }
    }

    /// <summary>Asks whenever a name was wanted that is not known, until the token is cancelled.</summary>
    public async Task KeepLearningAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            if (_isUnknownAsked)
            {
                _isUnknownAsked = false;
                await LearnAsync(cancel).ConfigureAwait(false);
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
