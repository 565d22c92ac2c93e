using System.Diagnostics;
using Swim.Client;
using Task = System.Threading.Tasks.Task;

namespace Swim.Chaos;

/// <summary>How long until every server sees a member in a state.</summary>
internal static class Detection
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>The time from now on, or null when it took longer than <paramref name="patience"/>.</summary>
    public static async Task<TimeSpan?> OfAsync(IReadOnlyList<ServerAddress> servers, string name, string state, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        var clients = servers.Select(static server => new SwimClient(new SwimClientOptions { Servers = [server] })).ToList();
        try
        {
            foreach (var client in clients)
            {
                while (!await SeesAsync(client, name, state).ConfigureAwait(false))
                {
                    if (watch.Elapsed > patience) return null;
                    await Task.Delay(Period).ConfigureAwait(false);
                }
            }

            return watch.Elapsed;
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    private static async Task<bool> SeesAsync(SwimClient client, string name, string state)
    {
        try
        {
            var members = (await client.MembersAsync().ConfigureAwait(false)).Members;
            return members.Any(member => member.Name == name && string.Equals(member.State.ToString(), state, StringComparison.OrdinalIgnoreCase));
        }
        catch (SwimException)
        {
            return false;
        }
    }
}
