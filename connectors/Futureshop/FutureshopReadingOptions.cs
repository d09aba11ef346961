using System.Collections.Immutable;
using Domain.Marketplaces;

namespace Connectors.Futureshop;

/// <summary>How a store wants the parts of an order to be read whose meaning is not documented.</summary>
/// <param name="Note">The fields that hold the buyer's remark.</param>
/// <param name="AfterDelivery">paymentType values that are paid after delivery: nothing to wait for.</param>
/// <param name="Authorised">paymentType values that are secured with the order itself.</param>
/// <param name="CancelRequest">The field that says something once the buyer asked for a cancel on My page; empty = none is known.</param>
internal sealed record FutureshopReadingOptions(
    ImmutableArray<string> Note, ImmutableHashSet<string> AfterDelivery, ImmutableHashSet<string> Authorised, string CancelRequest)
{
    public static FutureshopReadingOptions Of(StoreAccess access) => new(
        access.Setting("note-field") is "both" ? ["communication", "customerContact"] : [access.Setting("note-field")],
        Words(access.Setting("after-delivery-payments")),
        Words(access.Setting("authorised-payments")),
        access.Setting("cancel-request-field").Trim());

    private static ImmutableHashSet<string> Words(string list) =>
        [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
