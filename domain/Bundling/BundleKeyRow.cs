using System.Collections.Immutable;
using Domain.Deliveries;

namespace Domain.Bundling;

/// <summary>All that is agreed about one bundle key: which waiting deliveries carry it, and what was decided about them. One row; every change of a member replaces it.</summary>
public sealed record BundleKeyRow
{
    public required BundleKey Key { get; init; }

    /// <summary>The waiting deliveries with this key, in the order in which they came.</summary>
    public required ImmutableArray<DeliveryId> Members { get; init; }

    /// <summary>Sets that a person declined (同梱しない): exactly these are not offered again.</summary>
    public ImmutableArray<ImmutableArray<DeliveryId>> Declined { get; init; } = [];

    public BundleCandidate? Candidate { get; init; }

    public bool IsLocked(DeliveryId delivery) => Candidate is { State: CandidateState.Open } open && open.Members.Contains(delivery);

    public static BundleKeyRow Single(BundleKey key, DeliveryId member) => new() { Key = key, Members = [member] };

    /// <summary>A waiting delivery joins. With one of another order there it becomes a candidate, unless exactly this set was declined.</summary>
    public BundleKeyRow Join(DeliveryId member, DateTimeOffset at) =>
        Members.Contains(member) ? this : (this with { Members = Members.Add(member) }).Offered(at);

    /// <summary>A delivery leaves: cancelled, in work, bundled into another, or its key changed. A candidate of one dissolves;
    /// what a person decided about more of them stays decided for those that remain.</summary>
    public BundleKeyRow Leave(DeliveryId member, DateTimeOffset at)
    {
        if (!Members.Contains(member))
        {
            return this;
        }

        var left = this with { Members = Members.Remove(member) };
        return Candidate is null or { State: CandidateState.Open }
            ? left.Offered(at)
            : left with { Declined = left.Members.Length > 1 ? Declined.Add(left.Members) : Declined };
    }

    /// <summary>同梱しない: the lock goes, and this set is not offered again.</summary>
    public BundleKeyRow Decline(string who, DateTimeOffset at)
    {
        var open = OpenCandidate();
        return this with
        {
            Declined = Declined.Add(open.Members),
            Candidate = open with { State = CandidateState.Declined, DecidedBy = who, DecidedAt = at },
        };
    }

    /// <summary>同梱を実行: the chosen members travel in the first of them; the rest is free again.</summary>
    /// <param name="chosen">At least two of the candidate's members.</param>
    public BundleKeyRow Execute(ImmutableArray<DeliveryId> chosen, string who, DateTimeOffset at)
    {
        var open = OpenCandidate();
        if (chosen.Length < 2 || chosen.Distinct().Count() != chosen.Length || chosen.Any(c => !open.Members.Contains(c)))
        {
            throw new RefusalException("not-a-subset", "同梱する出荷伝票は、候補の中から2件以上を選んでください。");
        }

        var carrier = chosen[0];
        var rest = Members.Where(m => m == carrier || !chosen.Contains(m)).ToImmutableArray();
        return this with
        {
            Members = rest,
            Declined = rest.Length > 1 ? Declined.Add(rest) : Declined, // the person left them apart on purpose
            Candidate = open with { State = CandidateState.Executed, Members = chosen, DecidedBy = who, DecidedAt = at },
        };
    }

    /// <summary>Undoes the last decision while nothing has gone to the warehouse: the members are back and the question is open again.</summary>
    public BundleKeyRow Undo(DateTimeOffset at)
    {
        if (Candidate is not { State: CandidateState.Executed or CandidateState.Declined } decided)
        {
            throw new RefusalException("nothing-to-undo", "取り消せる同梱の決定がありません。");
        }

        var members = Members.Union(decided.Members).ToImmutableArray();
        return (this with
        {
            Members = members,
            Declined = [.. Declined.Where(set => !SameSet(set, decided.Members) && !SameSet(set, Members))],
            Candidate = null,
        }).Offered(at);
    }

    private BundleCandidate OpenCandidate() => Candidate is { State: CandidateState.Open } open
        ? open
        : throw new RefusalException("already-decided", "この同梱候補はすでに決定済みか、解消されています。");

    private BundleKeyRow Offered(DateTimeOffset at)
    {
        // Deliveries of one order only were parted by the buyer: they are not offered back.
        if (Members.Length < 2 || Members.All(m => m.Order == Members[0].Order) || Declined.Any(set => SameSet(set, Members)))
        {
            return this with { Candidate = Candidate is { State: CandidateState.Open } ? null : Candidate };
        }

        var since = Candidate is { State: CandidateState.Open } open ? open.Since : at;
        return this with { Candidate = new BundleCandidate(CandidateState.Open, Members, since, null, null) };
    }

    private static bool SameSet(ImmutableArray<DeliveryId> a, ImmutableArray<DeliveryId> b) =>
        a.Length == b.Length && a.All(b.Contains);
}

public enum CandidateState
{
    /// <summary>Waits for a person; its members are locked.</summary>
    Open,

    /// <summary>同梱を実行</summary>
    Executed,

    /// <summary>同梱しない</summary>
    Declined,
}

/// <summary>同梱候補. Offered again (as open) whenever its set of members changes.</summary>
public sealed record BundleCandidate(CandidateState State, ImmutableArray<DeliveryId> Members, DateTimeOffset Since, string? DecidedBy, DateTimeOffset? DecidedAt);
