using Connectors.Futureshop;
using Domain.Marketplaces;
using Sandbox.Futureshop;

namespace Tests.Connectors.Conformance;

public sealed class FutureshopConformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new FutureshopSimulator(world, Rig.Page), services => services.AddFutureshop())
    {
        PageSizeSetting = "(the service names no page size: the simulator's pages are made as small as the suite's)",
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Wrong,
            ["expired"] = null, // only the access token expires, and a new one is asked for
            ["revoked"] = CredentialFault.Wrong, // invalid_client either way
            ["address"] = CredentialFault.AddressNotRegistered,
            ["rights"] = CredentialFault.RightMissing,
        },
    });
