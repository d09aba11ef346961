namespace Connectors.Qoo10;

/// <summary>The methods we call, <c>Service.Method</c> as in the address. Each is version 1.0.</summary>
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
}
