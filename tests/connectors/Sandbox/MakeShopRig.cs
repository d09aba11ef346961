using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.MakeShop;

namespace Tests.Connectors.Sandbox;

/// <summary>A shop on the MakeShop simulator and a client that knows only the service's wire format.</summary>
internal sealed class MakeShopRig : IDisposable
{
    public const string Market = "makeshop";
    public const string Account = "honten";

    /// <summary>The fields of an order that clients were seen to ask for.</summary>
    public const string Fields =
        "displayOrderNumber systemOrderNumber orderDate senderName senderPrefecture payMethod paymentStatusCode sumPrice message deliveryInfos{deliveryId deliveryStatus desiredDeliveryDate"
        + " desiredDeliveryTimezone receiverName receiverPost receiverPrefecture receiverAddress receiverAddress2 receiverTel shippingCharge slipNumber"
        + " basketInfos{productCode productCustomCode variationCustomCode productName variationName amount price janCode}}";

    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(9));

    public MakeShopRig(MakeShopRules? rules = null)
    {
        Time = new FakeTimeProvider(Noon);
        World = new SandboxWorld(Time, Time.Advance);
        World.RateLimits.Lifted = true;
        Host = new SandboxHost(World, world => new MakeShopSimulator(world, rules));
        Shop = Host.OpenAccount(Market, Account);
        Client = new HttpClient(new SandboxHandler(Host)) { BaseAddress = new Uri("https://app-api.example.invalid/") };
    }

    public FakeTimeProvider Time { get; }

    public SandboxWorld World { get; }

    public SandboxHost Host { get; }

    public MakeShopSimulator Simulator => (MakeShopSimulator)Host.Simulator(Market);

    public SimAccount Shop { get; set; }

    public HttpClient Client { get; }

    public static SeedOrder Seed(DateTimeOffset? placedAt = null) => new()
    {
        PlacedAt = placedAt ?? Noon.AddHours(-1),
        Buyer = new SeedPerson("見本", "花", "ミホン", "ハナ", "100-0000", "東京都", "架空区", "見本町1-2-3", "", "03-0000-0000", "hana@example.invalid"),
        Recipient = new SeedPerson("見本", "花", "ミホン", "ハナ", "100-0000", "東京都", "架空区", "見本町1-2-3", "見本荘101", "03-0000-0000", "hana@example.invalid"),
        Lines = [new SeedLine("DEMO-01", "見本マグ", "赤", 2, 2200, 10)],
        ShippingFee = 540,
        BuyerNote = "不在時は宅配ボックスへ",
    };

    public string Place(SeedOrder? seed = null) => Simulator.Place(Account, seed ?? Seed());

    public ServedOrder Served(string code) => Simulator.Served(Account).Single(order => order.Code == code);

    public Task<MakeShopReply> SearchAsync(string input, string fields = Fields) => AskAsync(
        $"query searchOrder($input: SearchOrderRequest!){{searchOrder(input:$input){{searchedCount page orders{{{fields}}}}}}}", input);

    public Task<MakeShopReply> DayAsync(string more = "", string fields = Fields) =>
        SearchAsync($$"""{"startOrderDate":"20261120000000","endOrderDate":"20261120235959","sortOrder":"ASC","page":1,"limit":100{{more}}}""", fields);

    public Task<MakeShopReply> AttributeAsync(string rows) => AskAsync(
        "mutation updateOrderAttribute($input: UpdateOrderAttributeRequest!){updateOrderAttribute(input:$input){updateOrderAttributeResults{displayOrderNumber message}}}",
        $$"""{"updateOrderAttributes":[{{rows}}]}""");

    public Task<MakeShopReply> NumberAsync(string order, string slip = "000011112222", string carrier = "002", string delivery = "1") => AttributeAsync(
        $$"""{"displayOrderNumber":"{{order}}","deliveryRequestInfos":[{"deliveryId":"{{delivery}}","slipNumber":"{{slip}}","deliveryCompanyCode":"{{carrier}}"}]}""");

    public Task<MakeShopReply> MoveAsync(string order, string status = "COMPLETED", string delivery = "1") => AskAsync(
        "mutation m($input: UpdateOrderDeliveryStatusRequest!){updateOrderDeliveryStatus(input:$input){updateOrderDeliveryStatusResults{displayOrderNumber deliveryId message}}}",
        $$"""{"updateOrderDeliveryStatusRequests":[{"displayOrderNumber":"{{order}}","deliveryId":"{{delivery}}","deliveryStatus":"{{status}}"}]}""");

    public async Task<MakeShopReply> AskAsync(string query, string? input = null, Action<HttpRequestMessage>? change = null)
    {
        var body = new JsonObject
        {
            ["query"] = query,
            ["variables"] = input is null ? new JsonObject() : new JsonObject { ["input"] = JsonNode.Parse(input) },
            ["operationName"] = null,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/graphql") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Shop.Secrets["permanent-token"]}");
        request.Headers.TryAddWithoutValidation("X-API-Key", Shop.Secrets["api-key"]);
        request.Headers.TryAddWithoutValidation("X-Timestamp", Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        change?.Invoke(request);
        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new MakeShopReply(answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public IEnumerable<JournalEffect> Effects() => World.Journal.Read().SelectMany(entry => entry.Effects);

    public void Dispose() => Client.Dispose();
}

internal sealed record MakeShopReply(HttpStatusCode Status, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public JsonElement Data(string operation) => Json.GetProperty("data").GetProperty(operation);

    public JsonElement[] Orders => [.. Data("searchOrder").GetProperty("orders").EnumerateArray()];

    public string[] Numbers => [.. Orders.Select(o => o.GetProperty("displayOrderNumber").GetString()!)];

    public JsonElement Error => Json.GetProperty("errors")[0];

    public string Message => Error.GetProperty("message").GetString()!;

    public string Code => Error.GetProperty("extensions").GetProperty("code").GetString()!;

    /// <summary>The messages of a mutation's rows; null = done.</summary>
    public string?[] Rows(string operation, string list) => [.. Data(operation).GetProperty(list).EnumerateArray().Select(r => r.GetProperty("message").GetString())];
}
