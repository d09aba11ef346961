using Connectors.Qoo10;
using Domain.Marketplaces;
using Sandbox.Qoo10;

namespace Tests.Connectors.Conformance;

public sealed class Qoo10Conformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new Qoo10Simulator(world), services => services.AddQoo10())
    {
        SearchesPerSlice = 3, // one for each shipping status
        NoSeveralRecipients = "a cart has one recipient",
        NoExpiry = "no call that is asked in a probe tells when a key ends",
        NoReview = "Qoo10 has no review that holds an order back.",
        ThrottlingLooksLikeAnotherRefusal = "How Qoo10 refuses too many calls is not known; its gateway's general answer (-90001) also stands for a bad key.",
        Faults = new Dictionary<string, CredentialFault?>
        {
            ["wrong"] = CredentialFault.Wrong,
            ["expired"] = null, // a new certification key is issued by itself
            ["revoked"] = CredentialFault.Wrong,
            ["address"] = CredentialFault.RightMissing, // -90002 either way
            ["rights"] = CredentialFault.RightMissing,
        },
    });
