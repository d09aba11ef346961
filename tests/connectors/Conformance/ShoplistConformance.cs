using Connectors.Shoplist;
using Domain.Marketplaces;
using Sandbox.Shoplist;

namespace Tests.Connectors.Conformance;

public sealed class ShoplistConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new ShoplistSimulator(world), services => services.AddShoplist())
    {
        PageSizeSetting = "page-size",
        PartOfOrders = "the API brings neither people nor amounts; the order file completes an order (処理待ち)",
        NoSeveralRecipients = "an order has one recipient",
        NoExpiry = "nothing is known of an end of the key",
        NoReview = "SHOPLIST has no review that holds an order back.",
        // Of their refusals nothing is known but what HTTP itself says.
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Wrong,
            ["expired"] = CredentialFault.Wrong,
            ["revoked"] = CredentialFault.Wrong,
            ["address"] = CredentialFault.RightMissing,
            ["rights"] = CredentialFault.RightMissing,
        },
    });
