using Connectors.ShopServe;
using Domain.Marketplaces;
using Sandbox.ShopServe;

namespace Tests.Connectors.Conformance;

public sealed class ShopServeConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new ShopServeSimulator(world), services => services.AddShopServe())
    {
        PageSizeSetting = "page-size",
        NoExpiry = "a key lives until it is issued anew",
        NoReview = "ショップサーブ has no review that holds an order back.",
        // Basic auth: a key that was re-issued and a mistyped one get the same 401; keys do not expire.
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Wrong,
            ["expired"] = CredentialFault.Wrong,
            ["revoked"] = CredentialFault.Wrong,
            ["address"] = CredentialFault.RightMissing, // no address list is known; 403 whatever the reason
            ["rights"] = CredentialFault.RightMissing,
        },
    });
