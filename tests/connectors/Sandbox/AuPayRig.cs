using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using Sandbox.AuPayMarket;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

/// <summary>A shop on the au PAY simulator and a client that knows only the service's wire format.</summary>
internal sealed class AuPayRig : IDisposable
{
    public const string Market = "au-pay-market";
    public const string Account = "honten";

    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(9));

    public AuPayRig()
    {
        Time = new FakeTimeProvider(Noon);
        World = new SandboxWorld(Time, Time.Advance);
        World.RateLimits.Lifted = true;
        Host = new SandboxHost(World, world => new AuPayMarketSimulator(world));
        Shop = Host.OpenAccount(Market, Account);
        Client = new HttpClient(new SandboxHandler(Host)) { BaseAddress = new Uri("https://api.manager.example.invalid/wmshopapi/") };
    }

    public FakeTimeProvider Time { get; }

    public SandboxWorld World { get; }

    public SandboxHost Host { get; }

    public ISimulator Simulator => Host.Simulator(Market);

    public SimAccount Shop { get; set; }

    public HttpClient Client { get; }

    public string ShopId => Shop.Settings["shop-id"];

    public static SeedOrder Seed(DateTimeOffset? placedAt = null) => new()
    {
        PlacedAt = placedAt ?? Noon.AddHours(-1),
        Buyer = new SeedPerson("見本", "太郎", "ミホン", "タロウ", "100-0001", "東京都", "千代田区", "千代田1-1", "見本ビル101", "03-0000-0000", "taro@example.invalid"),
        Recipient = new SeedPerson("髙﨑", "𠮷子", "タカサキ", "ヨシコ", "530-0001", "大阪府", "大阪市北区", "梅田1-1-1", "", "06-0000-0000", "yoshiko@example.invalid"),
        Lines = [new SeedLine("ABC-001-RED", "見本シャツ", "カラー=赤&サイズ=S", 2, 1650, 10), new SeedLine("TEA-50", "見本茶", "", 1, 1080, 8)],
        ShippingFee = 550,
        Coupon = 100,
        Points = 200,
    };

    public string Place(SeedOrder? seed = null) => Simulator.Place(Account, seed ?? Seed());

    public void Place(int orders)
    {
        for (var i = 0; i < orders; i++)
        {
            Place(Seed(Noon.AddSeconds(-i)));
        }
    }

    public ServedOrder Served(string code) => Simulator.Served(Account).Single(order => order.Code == code);

    public Task<Answer> GetAsync(string pathAndQuery, string? key = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, pathAndQuery), key);

    public Task<Answer> ListAsync(string query, string endpoint = "searchTradeInfoListProc") => GetAsync($"{endpoint}?shopId={ShopId}&{query}");

    public Task<Answer> PostAsync(string endpoint, string request, string? key = null) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, endpoint)
            {
                Content = new StringContent("""<?xml version="1.0" encoding="UTF-8"?>""" + request, Encoding.UTF8, "application/xml"),
            },
            key);

    public Task<Answer> ReportAsync(string order, string number = "123456789012", string carrier = "1", string date = "2026/11/21") => PostAsync(
        "updateTradeInfoProc",
        $"<request><shopId>{ShopId}</shopId><orderId>{order}</orderId><shippingDate>{date}</shippingDate>"
        + $"<shippingCarrier>{carrier}</shippingCarrier><shippingNumber>{number}</shippingNumber></request>");

    public Task<Answer> MoveAsync(string order, string status) =>
        PostAsync("updateTradeStsProc", $"<request><shopId>{ShopId}</shopId><orderId>{order}</orderId><orderStatus>{status}</orderStatus></request>");

    public Task<Answer> CancelAsync(string order) => PostAsync(
        "cancelTradeProc",
        $"<request><shopId>{ShopId}</shopId><orderId>{order}</orderId><cancelReason>9</cancelReason><cancelComment>在庫切れ　欠品</cancelComment></request>");

    public IEnumerable<JournalEffect> Effects() => World.Journal.Read().SelectMany(entry => entry.Effects);

    public void Dispose() => Client.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request, string? key)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Shop.Secrets["api-key"]);
            using var response = await Client.SendAsync(request);
            return new Answer(response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync());
        }
    }
}

internal sealed record Answer(HttpStatusCode Status, string MediaType, string Text)
{
    public XElement Xml => XDocument.Parse(Text).Root!;

    public string Result => Xml.Element("result")!.Element("status")!.Value;

    public string Code => Xml.Element("result")!.Element("error")!.Element("code")!.Value;

    public string Message => Xml.Element("result")!.Element("error")!.Element("message")!.Value;

    public IReadOnlyList<XElement> Orders => [.. Xml.Elements("orderInfo")];

    public int[] Ids => [.. Orders.Select(order => int.Parse(order.Element("orderId")!.Value, CultureInfo.InvariantCulture))];
}
