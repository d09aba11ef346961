using Connectors.MakeShop;
using Domain.Marketplaces;
using Sandbox.MakeShop;

namespace Tests.Connectors.Conformance;

public sealed class MakeShopConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new MakeShopSimulator(world), services => services.AddMakeShop())
    {
        PageSizeSetting = "page-size",
        NoExpiry = "a permanent token lives until the app is uninstalled",
        ToldOtherwise = new Dictionary<string, string>
        {
            ["recipient-kana"] = "no field for it is known",
            ["line-option"] = "what the buyer chose stands behind the variation's name, wrapping and のし among it",
            ["temperature"] = "stands in the delivery method's name, which the store's mapping reads",
        },
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
