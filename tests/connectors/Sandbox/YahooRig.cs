using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.YahooShopping;

namespace Tests.Connectors.Sandbox;

/// <summary>A store on the Yahoo!ショッピング simulator and a client that knows only the service's wire format.</summary>
internal sealed class YahooRig : IDisposable
{
    public const string Market = "yahoo-shopping";
    public const string Account = "honten";
    public const string Fields = "OrderId,OrderTime,LastUpdateTime,OrderStatus,PayStatus,SettleStatus,ShipStatus,IsSeen,IsReadOnly,PublicationTime,FraudHoldStatus";

    /// <summary>Every field of the official example.</summary>
    public const string AllFields =
        "OrderId,Version,ParentOrderId,ChildOrderId,DeviceType,IsSeen,IsSplit,OrderTime,LastUpdateTime,Suspect,OrderStatus,CancelReason,CancelReasonDetail,StoreStatus,"
        + "BuyerComments,Notes,TotalCouponDiscount,ShippingCouponFlg,ShippingCouponDiscount,IsMultiShip,MultiShipId,HistoryId,PayStatus,SettleStatus,PayType,PayKind,"
        + "PayMethod,PayMethodName,CombinedPayMethod,PayDate,PaymentTerm,NeedBillSlip,NeedDetailedSlip,NeedReceipt,BillLastName,BillFirstName,BillLastNameKana,"
        + "BillFirstNameKana,BillZipCode,BillPrefecture,BillCity,BillAddress1,BillAddress2,BillPhoneNumber,BillMailAddress,ShipStatus,ShipMethod,ShipMethodName,"
        + "ShipRequestDate,ShipRequestTime,ShipNotes,ShipCompanyCode,ShipInvoiceNumber1,ShipInvoiceNumber2,ShipInvoiceNumberEmptyReason,ShipUrl,ArriveType,ShipDate,"
        + "ArrivalDate,NeedGiftWrap,GiftWrapCode,GiftWrapType,GiftWrapMessage,NeedGiftWrapPaper,GiftWrapPaperType,GiftWrapName,ShipLastName,ShipFirstName,"
        + "ShipLastNameKana,ShipFirstNameKana,ShipZipCode,ShipPrefecture,ShipCity,ShipAddress1,ShipAddress2,ShipPhoneNumber,LineId,ItemId,Title,SubCode,SubCodeOption,"
        + "ItemOption,Inscription,IsTaxable,ItemTaxRatio,UnitPrice,Quantity,CouponDiscount,OriginalPrice,PayCharge,ShipCharge,GiftWrapCharge,Discount,Adjustments,"
        + "UsePoint,GiftCardDiscount,TotalMallCouponDiscount,SettleAmount,TotalPrice,PayMethodAmount,CombinedPayMethodAmount,SellerId,IsLogin,IsReadOnly";

    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(9));

    private string? _token;

    public YahooRig()
    {
        Time = new FakeTimeProvider(Noon);
        World = new SandboxWorld(Time, Time.Advance);
        World.RateLimits.Lifted = true;
        Host = new SandboxHost(World, world => new YahooShoppingSimulator(world));
        Shop = Host.OpenAccount(Market, Account);
        Client = new HttpClient(new SandboxHandler(Host)) { BaseAddress = new Uri("https://shopping.example.invalid/") };
    }

    public FakeTimeProvider Time { get; }

    public SandboxWorld World { get; }

    public SandboxHost Host { get; }

    public ISimulator Simulator => Host.Simulator(Market);

    public SimAccount Shop { get; set; }

    public HttpClient Client { get; }

    public string Seller => Shop.Settings["seller-id"];

    /// <summary>Null = calls come unsigned.</summary>
    public Func<string?>? Sign { get; set; }

    public static SeedOrder Seed(DateTimeOffset? placedAt = null) => new()
    {
        PlacedAt = placedAt ?? Noon.AddHours(-1),
        Buyer = new SeedPerson("見本", "太郎", "ミホン", "タロウ", "100-0001", "東京都", "千代田区", "千代田1-1", "見本ビル101", "03-0000-0000", "taro@example.invalid"),
        Recipient = new SeedPerson("髙﨑", "𠮷子", "タカサキ", "ヨシコ", "530-0001", "大阪府", "大阪市北区", "梅田1-1-1", "", "06-0000-0000", "yoshiko@example.invalid"),
        Lines = [new SeedLine("ABC-001-RED", "見本シャツ", "カラー:赤&サイズ:S", 2, 1650, 10), new SeedLine("TEA-50", "見本茶", "", 1, 1080, 8)],
        ShippingFee = 550,
        Coupon = 100,
        Points = 200,
    };

    public string Place(SeedOrder? seed = null) => Simulator.Place(Account, seed ?? Seed());

    public ServedOrder Served(string code) => Simulator.Served(Account).Single(order => order.Code == code);

    public IEnumerable<JournalEffect> Effects() => World.Journal.Read().SelectMany(entry => entry.Effects).Where(effect => effect.Kind != EffectKind.Token);

    /// <summary>X-sws-signature as the service wants it.</summary>
    public string Signature(string? seller = null, TimeSpan skew = default, RSA? key = null)
    {
        using var own = RSA.Create();
        own.ImportFromPem(Shop.Secrets["public-key"]);
        var text = $"{seller ?? Seller}:{(Time.GetUtcNow() + skew).ToUnixTimeSeconds()}";
        return Convert.ToBase64String((key ?? own).Encrypt(Encoding.UTF8.GetBytes(text), RSAEncryptionPadding.Pkcs1));
    }

    /// <summary>A fresh access token for the calls that follow.</summary>
    public async Task<string> RefreshAsync()
    {
        var answer = await TokenAsync($"grant_type=refresh_token&refresh_token={Shop.Secrets["refresh-token"]}");
        return _token = answer.Json.GetProperty("access_token").GetString()!;
    }

    /// <param name="basic">False = the client's credentials are in the body.</param>
    public Task<YahooAnswer> TokenAsync(string form, bool basic = true, string? secret = null)
    {
        var (id, password) = (Shop.Secrets["client-id"], secret ?? Shop.Secrets["client-secret"]);
        var request = new HttpRequestMessage(HttpMethod.Post, "yconnect/v2/token")
        {
            Content = new StringContent(basic ? form : $"{form}&client_id={id}&client_secret={password}", Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.Authorization = basic ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{password}"))) : null;
        return SendAsync(request);
    }

    public Task<YahooAnswer> PingAsync() => CallAsync(new HttpRequestMessage(HttpMethod.Get, $"ShoppingWebService/V1/getShopCategory?seller_id={Seller}"));

    public Task<YahooAnswer> GetAsync(string pathAndQuery) => CallAsync(new HttpRequestMessage(HttpMethod.Get, "ShoppingWebService/V1/" + pathAndQuery));

    public Task<YahooAnswer> PostAsync(string api, string xml, string type = "application/xml") =>
        CallAsync(new HttpRequestMessage(HttpMethod.Post, "ShoppingWebService/V1/" + api) { Content = new StringContent(xml, Encoding.UTF8, type) });

    public Task<YahooAnswer> ListAsync(string condition, string search = "<Result>2000</Result>", string fields = Fields) =>
        PostAsync("orderList", $"<Req><Search>{search}<Condition>{condition}</Condition><Field>{fields}</Field></Search><SellerId>{Seller}</SellerId></Req>");

    /// <summary>The orders of the whole day.</summary>
    public Task<YahooAnswer> ListDayAsync(string more = "", string search = "<Result>2000</Result>", string fields = Fields) =>
        ListAsync("<OrderTimeFrom>20261120000000</OrderTimeFrom><OrderTimeTo>20261120235959</OrderTimeTo>" + more, search, fields);

    public Task<YahooAnswer> InfoAsync(string order, string fields = AllFields) =>
        PostAsync("orderInfo", $"<Req><Target><OrderId>{order}</OrderId><Field>{fields}</Field></Target><SellerId>{Seller}</SellerId></Req>");

    public Task<YahooAnswer> ShipAsync(
        string order, string ship = "<ShipCompanyCode>1001</ShipCompanyCode><ShipInvoiceNumber1>123456789012</ShipInvoiceNumber1><ShipDate>20261121</ShipDate>",
        int status = 3, string pointFix = "<IsPointFix>true</IsPointFix>") => PostAsync(
        "orderShipStatusChange",
        $"<Req><Target><OrderId>{order}</OrderId>{pointFix}<OperationUser>出荷連携</OperationUser></Target><Order><Ship><ShipStatus>{status}</ShipStatus>{ship}</Ship></Order><SellerId>{Seller}</SellerId></Req>");

    public Task<YahooAnswer> MoveAsync(string order, int status, string more = "") => PostAsync(
        "orderStatusChange",
        $"<Req><Target><OrderId>{order}</OrderId><IsPointFix>true</IsPointFix></Target><Order><OrderStatus>{status}</OrderStatus>{more}</Order><SellerId>{Seller}</SellerId></Req>");

    public Task<YahooAnswer> ChangeAsync(string order, string change) => PostAsync(
        "orderChange", $"<Req><Target><OrderId>{order}</OrderId></Target><Order>{change}</Order><SellerId>{Seller}</SellerId></Req>");

    public void Dispose() => Client.Dispose();

    private async Task<YahooAnswer> CallAsync(HttpRequestMessage request)
    {
        var token = _token ?? await RefreshAsync();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var signature = Sign is null ? Signature() : Sign();
        if (signature is not null)
        {
            request.Headers.Add("X-sws-signature", signature);
            request.Headers.Add("X-sws-signature-version", Shop.Secrets["public-key-version"]);
        }

        return await SendAsync(request);
    }

    private async Task<YahooAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Client.SendAsync(request);
            return new YahooAnswer(
                response.StatusCode, await response.Content.ReadAsStringAsync(),
                response.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
        }
    }
}

internal sealed record YahooAnswer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public XElement Xml => XDocument.Parse(Text).Root!;

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Code => Xml.Descendants("Code").FirstOrDefault()?.Value;

    public string? Authorized => Headers.GetValueOrDefault("X-SWS-Authorize-Status");

    public string? Error => Json.TryGetProperty("error", out var error) ? error.GetString() : null;

    public int Total => (int)Xml.Descendants("TotalCount").Single();

    public string?[] Ids => [.. Xml.Descendants("OrderInfo").Select(row => row.Element("OrderId")?.Value)];

    public string Of(string field) => Xml.Descendants(field).Single().Value;
}
