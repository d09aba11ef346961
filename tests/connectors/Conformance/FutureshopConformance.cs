using Connectors.Futureshop;
using Domain.Marketplaces;
using Sandbox.Futureshop;

namespace Tests.Connectors.Conformance;

public sealed class FutureshopConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new FutureshopSimulator(world), services => services.AddFutureshop())
    {
        SmallPages = world => new FutureshopSimulator(world, Rig.Page),
        NoExpiry = "client id, secret and store key do not end; the hour of the access token is the connector's own business",
        ToldOtherwise = new Dictionary<string, string>
        {
            ["shipping-fee"] = "with the charge for cool delivery",
            ["noshi"] = "the shop's own label of the choice",
        },
        DetailBatch = 1, // an order is got by its number
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Wrong,
            ["expired"] = null, // only the access token expires, and a new one is asked for
            ["revoked"] = CredentialFault.Wrong, // invalid_client either way
            ["address"] = CredentialFault.AddressNotRegistered,
            ["rights"] = CredentialFault.RightMissing,
        },
    });
