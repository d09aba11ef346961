using Connectors.YahooShopping;
using Domain.Marketplaces;
using Sandbox.YahooShopping;

namespace Tests.Connectors.Conformance;

public sealed class YahooShoppingConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new YahooShoppingSimulator(world), services => services.AddYahooShopping())
    {
        PageSizeSetting = "page-size",
        DetailBatch = 1, // orderInfo takes one order
        NoSeveralRecipients = "an order has one recipient",
        ProbeFaults = new Dictionary<string, CredentialFault?>
        {
            ["revoked"] = CredentialFault.Revoked, // the access token at hand tells more than the token call
        },
        ToldOtherwise = new Dictionary<string, string>
        {
            ["line-sku"] = "the item's code and, with a variation, its sub code behind a colon",
            ["temperature"] = "stands in the delivery method's name, which the store's mapping reads",
        },
        LanesOfReleased = ["publication-time"],
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Wrong,
            ["expired"] = CredentialFault.ConsentOver,
            ["revoked"] = CredentialFault.ConsentOver, // the token call answers invalid_grant whether a consent ran out or was withdrawn
            ["address"] = CredentialFault.AddressNotRegistered,
            ["rights"] = CredentialFault.RightMissing,
        },
    });
