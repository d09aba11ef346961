using Connectors.Qoo10;
using Domain.Marketplaces;
using Sandbox.Qoo10;

namespace Tests.Connectors.Conformance;

public sealed class Qoo10Conformance() : ConnectorConformance(
    new ConnectorUnderTest(world => new Qoo10Simulator(world), services => services.AddQoo10())
    {
        SearchesPerSlice = 3, // one for each shipping status
        NoSeveralRecipients = "a cart has one recipient",
        NoReview = "Qoo10 has no review that holds an order back.",
        ToldOtherwise = new Dictionary<string, string>
        {
            ["buyer-postal-code"] = "a buyer has no address",
            ["buyer-prefecture"] = "a buyer has no address",
            ["buyer-address"] = "a buyer has no address",
            ["line-sku"] = "with options the combination's code",
            ["line-tax-rate"] = "there is no field for it",
            ["shipping-fee"] = "0 on every row that was measured; what the sandbox follows",
            ["points"] = "there is no field for them",
            ["noshi"] = "there is no field for it",
            ["temperature"] = "stands in the delivery method's name, which the store's mapping reads",
        },
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
