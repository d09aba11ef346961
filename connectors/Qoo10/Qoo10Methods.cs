namespace Connectors.Qoo10;

/// <summary>The methods we call, <c>Service.Method</c> as in the address.</summary>
internal static class Qoo10Methods
{
    /// <summary>Rows by status and a span of at most 90 days; no pages.</summary>
    public const string Search = "ShippingBasic.GetShippingInfo_v3";

    /// <summary>One order number with its claim, shipped or cancelled ones too.</summary>
    public const string ByNumber = "ShippingBasic.GetShippingAndClaimInfoByOrderNo_V2";

    /// <summary>Claims (キャンセル・返品・交換) by a span of at most 90 days.</summary>
    public const string Claims = "ShippingBasic.GetClaimInfo_V3";

    /// <summary>発送予定日 for up to 500 order numbers: 配送要請 becomes 配送準備.</summary>
    public const string PlanShipping = "ShippingBasic.SetSellerCheckYNBulk";

    /// <summary>Carrier and number for up to 500 order numbers: the status becomes 配送中.</summary>
    public const string Send = "ShippingBasic.SetSendingInfoBulk";

    /// <summary>A new seller certification key for an API key and a QSM login.</summary>
    public const string Certify = "CertificationAPI.CreateCertificationKey";

    /// <summary>Cancels one order number before it is shipped.</summary>
    public const string Cancel = "Claim.SetCancelProcess";

    /// <summary>The stock of one item without options.</summary>
    public const string SetQty = "ItemsOrder.SetGoodsPriceQty";

    /// <summary>The same for up to 500 items; which of them failed is not told.</summary>
    public const string SetQtyBulk = "ItemsOrder.SetGoodsPriceQtyBulk";

    /// <summary>The stock of one combination of options, absolute.</summary>
    public const string SetOptionQty = "ItemsOptions.UpdateInventoryQtyUnit";

    /// <summary>One item, its end of sale among it.</summary>
    public const string Item = "ItemsLookup.GetItemDetailInfo";

    /// <summary>The combinations of options of one item.</summary>
    public const string Options = "ItemsLookup.GetGoodsInventoryInfo";

    /// <summary>QAPIVersion of a method.</summary>
    public static string VersionOf(string method) => method == Item ? "1.2" : "1.0";
}
