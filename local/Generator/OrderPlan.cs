using Sandbox.Core;

namespace Local.Generator;

/// <summary>What happens to an order while the run goes on.</summary>
public enum OrderEvent
{
    None,

    /// <summary>Unpaid at first; the payment arrives after the first pull.</summary>
    PaidLater,

    /// <summary>Cancelled at the marketplace after the first pull, before anything was decided.</summary>
    CancelledBefore,

    /// <summary>Cancelled at the marketplace after it was free to be released, right before the ship gate asks.</summary>
    CancelledAfter,

    /// <summary>Hidden at first, for the buyer's time to change their mind or for a review; visible later.</summary>
    VisibleLater,

    /// <summary>Under review at the marketplace at first; released during the run.</summary>
    ReviewEnds,
}

/// <summary>One invented order with what it was invented for.</summary>
/// <param name="Group">Orders with the same name must be offered as one parcel; null = it must stay alone.</param>
/// <param name="Expected"><c>shipped</c>, <c>cancelled</c>, or the reason for which it must be held at the end, for example <c>buyer-note</c>.</param>
public sealed record OrderPlan(string Marketplace, SeedOrder Seed, string? Group, string Expected, OrderEvent Event)
{
    /// <summary>Where the API brings only part of an order: staff downloads it in the order file, which completes it (有効化).</summary>
    public bool InOrderFile { get; init; }

    public const string Shipped = "shipped";
    public const string Cancelled = "cancelled";
    public const string Unpaid = "unpaid";
    public const string Unreadable = "unreadable";

    /// <summary>Held until the marketplace's order file completes it.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The marketplace ships it itself: listed, never ours.</summary>
    public const string Elsewhere = "elsewhere";
}

/// <summary>Words of a marketplace that the generator must know: texts that its mapping defaults know, and one that they do not.</summary>
public sealed record MarketplaceWords(string Code, string? UnpaidMethod, string? UnmappedPayment, string? UnmappedDelivery, bool HasReview, bool HasCarts, bool HasGiftWrap, bool HidesYoungOrders)
{
    /// <summary>A way to pay on or after delivery (代金引換, 後払い), in the marketplace's words; null = it has none that its mapping knows.</summary>
    public string? MethodAfterDelivery { get; init; }

    /// <summary>What becomes of an order with several recipients: <see cref="OrderPlan.Shipped"/> or the reason of its hold; null = there is no such order.</summary>
    public string? SeveralRecipients { get; init; }

    /// <summary>The API brings only part of each order: it waits for the file, which most of them stand in.</summary>
    public bool IsPartial { get; init; }
}
