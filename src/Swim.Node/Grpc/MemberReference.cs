using System.Globalization;
using Grpc.Core;
using Swim.Core.Membership;

namespace Swim.Node.Grpc;

/// <summary>How a request names a member: by its id or the first digits of it, its name, or the address of its gRPC port.</summary>
internal static class MemberReference
{
    /// <summary>The member that is meant. Throws INVALID_ARGUMENT where several are, NOT_FOUND where none is.</summary>
    public static MemberRecord Resolve(IEnumerable<MemberRecord> members, string reference)
    {
        if (reference.Length == 0) throw ApiErrors.Invalid("member is empty: give a node id or its first digits, a name, or HOST:PORT.");
        var all = members.ToList();
        var exact = all.Where(member => member.Meta.Name == reference || member.Meta.GrpcAddress == reference || member.Id.ToString() == reference).ToList();
        var found = exact.Count > 0 ? exact : all.Where(member => member.Id.ToString().StartsWith(reference, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw ApiErrors.Of(StatusCode.NotFound, "NO_SUCH_MEMBER", $"No member is called '{reference}': look at the members."),
            _ => throw ApiErrors.Invalid(string.Create(CultureInfo.InvariantCulture, $"'{reference}' fits {string.Join(", ", found.Select(static member => $"{member.Meta.Name} ({member.Id})"))}: give more digits of the id.")),
        };
    }
}
