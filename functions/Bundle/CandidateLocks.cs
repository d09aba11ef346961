using Domain.Bundling;
using Domain.Deliveries;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Bundle;

/// <summary>Which deliveries of a group stand in an undecided candidate: one range read for a whole list of them.</summary>
public static class CandidateLocks
{
    extension(GroupLedger ledger)
    {
        public async Task<HashSet<DeliveryId>> LockedAsync(BundleGroupId group, CancellationToken cancellation)
        {
            var locked = new HashSet<DeliveryId>();
            await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Candidates), cancellation))
            {
                if (Codecs.Candidate.Decode(row).Candidate is { State: CandidateState.Open } open)
                {
                    locked.UnionWith(open.Members);
                }
            }

            return locked;
        }
    }
}
