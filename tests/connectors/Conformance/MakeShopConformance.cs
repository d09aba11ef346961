using Connectors.MakeShop;
using Domain.Marketplaces;
using Sandbox.MakeShop;

namespace Tests.Connectors.Conformance;

public sealed class MakeShopConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new MakeShopSimulator(world), services => services.AddMakeShop())
    {
        PageSizeSetting = "page-size",
        NoReview = "MakeShop has no review that holds an order back.",
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Wrong,
            ["expired"] = null, // a permanent token never runs out
            ["revoked"] = CredentialFault.Wrong, // the app was uninstalled: the wire does not tell it from a mistyped token
            ["address"] = null, // no calling address is registered anywhere
            ["rights"] = CredentialFault.RightMissing,
        },
    });
