using Connectors.AuPayMarket;
using Domain.Marketplaces;
using Sandbox.AuPayMarket;

namespace Tests.Connectors.Conformance;

public sealed class AuPayMarketConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new AuPayMarketSimulator(world), services => services.AddAuPayMarket())
    {
        PageSizeSetting = "page-size",
        NoSeveralRecipients = "an order has one recipient",
        ProbeFaults = new Dictionary<string, CredentialFault?>
        {
            ["rights"] = CredentialFault.RightMissing, // one of the probe's two calls is still answered
        },
        ToldOtherwise = new Dictionary<string, string>
        {
            ["buyer-email"] = "a relay address that differs per order",
            ["temperature"] = "stands in the delivery method's name, which the store's mapping reads",
        },
        // 401/0002 whatever the reason is: the wire does not tell, and a key that lived its 90 days is the likely one.
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Expired,
            ["expired"] = CredentialFault.Expired,
            ["revoked"] = CredentialFault.Expired,
            ["address"] = CredentialFault.Expired,
            ["rights"] = CredentialFault.Expired,
        },
    });
