using Connectors.YahooShopping;
using Domain.Marketplaces;
using Sandbox.YahooShopping;

namespace Tests.Connectors.Conformance;

public sealed class YahooShoppingConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new YahooShoppingSimulator(world), services => services.AddYahooShopping())
    {
        PageSizeSetting = "page-size",
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
