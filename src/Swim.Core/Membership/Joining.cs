using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Whom to contact besides the members in turn: the seeds, and until one answers also the members of an earlier life. Never given up:
/// a node that is alone asks often, one in company now and then, which heals a split whose sides have forgotten each other.
/// </summary>
internal sealed class Joining(Roster roster, Exchange exchange, MembershipSetup setup, SwimOptions options, Prng prng)
{
    private const int ContactsAtOnce = 3;

    private TimeSpan _retry = options.SeedRetryFirst;

    /// <summary>True when there is nobody to wait for before serving.</summary>
    public bool IsReadyAtOnce => setup.Bootstrap || setup.WasMember || setup.Seeds.Count == 0;

    /// <summary>Contacts some now. Returns how long to wait until the next time; null when there is nobody ever to contact.</summary>
    public TimeSpan? Contact(Now now, Outbox outbox)
    {
        if (setup.Seeds.Count == 0 && setup.Known.Count == 0) return null;
        var isSearching = !exchange.HasJoined || roster.Live.Count == 0;
        foreach (var address in Addresses(isSearching)) exchange.Begin(address, now, outbox);
        return Wait(isSearching);
    }

    private List<string> Addresses(bool isSearching)
    {
        var seeds = setup.Seeds.ToList();
        prng.Shuffle(seeds);
        if (!isSearching) return seeds[..Math.Min(1, seeds.Count)];
        var members = roster.Live.Draw(prng, ContactsAtOnce);
        members.AddRange(roster.Dead.Draw(prng, ContactsAtOnce - members.Count));
        return [.. seeds.Take(ContactsAtOnce), .. members.Select(id => roster.Table.Find(id)!.Meta.GrpcAddress)];
    }

    private TimeSpan Wait(bool isSearching)
    {
        var wait = isSearching ? _retry : options.SeedContactPeriod;
        _retry = !isSearching ? options.SeedRetryFirst : 2 * _retry > options.SeedRetryMax ? options.SeedRetryMax : 2 * _retry;
        return prng.Between(wait / 2, 3 * wait / 2);
    }
}
