using System.Text.Json;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class SeedJsonTests
{
    [Fact]
    public void A_seed_that_leaves_things_out_has_the_same_defaults_as_in_code()
    {
        const string json = """
            {"placedAt":"2026-11-20T05:07:00Z",
             "buyer":{"lastName":"見本","firstName":"太郎","lastKana":"ミホン","firstKana":"タロウ","postalCode":"100-0001","prefecture":"東京都","city":"千代田区","street":"千代田1-1","building":"","phone":"03-0000-0000","email":"a@example.invalid"},
             "recipient":{"lastName":"見本","firstName":"花子","lastKana":"ミホン","firstKana":"ハナコ","postalCode":"530-0001","prefecture":"大阪府","city":"大阪市北区","street":"梅田1-1-1","building":"","phone":"06-0000-0000","email":"b@example.invalid"},
             "lines":[{"sku":"A-1","title":"茶","option":"","quantity":1,"unitPrice":1080,"taxRate":8}]}
            """;

        var seed = JsonSerializer.Deserialize(json, SandboxJson.Default.SeedOrder);

        Assert.NotNull(seed);
        Assert.True(seed.Paid);
        Assert.Equal(1, seed.CartSize);
    }

    [Fact]
    public void A_fault_strikes_once_unless_it_says_otherwise()
    {
        var fault = JsonSerializer.Deserialize("""{"kind":"CutAfter","marketplace":"au-pay-market"}""", SandboxJson.Default.Fault);

        Assert.Equal(new Fault(FaultKind.CutAfter, "au-pay-market"), fault);
    }
}
