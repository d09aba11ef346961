using System.Globalization;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>An answer's page of a list.</summary>
internal sealed record MakeShopPage(int Count, int Page, int Limit, IReadOnlyList<object> Rows);

/// <summary>One row of a mutation's result; a message that is null = done.</summary>
internal sealed record MakeShopResult(string Number, string? DeliveryId, string? Message);

/// <summary>A customer's own choice beside the variation (customSelects[]).</summary>
internal sealed record MakeShopSelect(string Name, string Item);

/// <summary>A line together with its order, whose broken shapes it shows.</summary>
internal sealed record MakeShopLine(MakeShopOrder Order, SeedLine Line);

/// <summary>The types that a query may ask of, field by field. Names [C] unless the comment of their group says otherwise.</summary>
internal sealed class MakeShopSchema
{
    private readonly Dictionary<string, (bool IsMutation, GraphType Type)> _operations;

    public MakeShopSchema(MakeShopRules rules)
    {
        var select = new GraphType("CustomSelect")
            .With<MakeShopSelect>("customSelectName", s => s.Name)
            .With<MakeShopSelect>("selectedItemName", s => s.Item);
        var basket = Basket(select);
        var delivery = Delivery(rules, basket);
        var order = Order(delivery);
        basket.Without(rules.AbsentFields);
        delivery.Without(rules.AbsentFields);
        order.Without(rules.AbsentFields);
        var page = new GraphType("SearchOrderResponse")
            .With<MakeShopPage>("searchedCount", p => p.Count)
            .With<MakeShopPage>("page", p => p.Page)
            .With<MakeShopPage>("limit", p => p.Limit)
            .With<MakeShopPage>("orders", p => p.Rows, order);
        _operations = new(StringComparer.Ordinal)
        {
            ["searchOrder"] = (false, page),
            ["getShop"] = (false, Shop()),
            ["searchProductQuantity"] = (false, Quantities()),
            ["updateOrderAttribute"] = (true, Results("UpdateOrderAttribute", "updateOrderAttributeResults", perDelivery: false)),
            ["updateOrderDeliveryStatus"] = (true, Results("UpdateOrderDeliveryStatus", "updateOrderDeliveryStatusResults", perDelivery: true)),
            ["cancelOrder"] = (true, Results("CancelOrder", "cancelOrderResults", perDelivery: false)), // [A]
            ["updateProductQuantity"] = (true, Failures("UpdateProductQuantity", "customCode")),
            ["updateVariationQuantity"] = (true, Failures("UpdateVariationQuantity", "variationCustomCode")), // shape [A]
        };
    }

    public (bool IsMutation, GraphType Type)? Find(string operation) => _operations.TryGetValue(operation, out var found) ? found : null;

    private static GraphType Order(GraphType delivery) => new GraphType("SearchedOrder")
        .With<MakeShopOrder>("systemOrderNumber", o => o.SystemNumber)
        .With<MakeShopOrder>("displayOrderNumber", o => o.Number)
        .With<MakeShopOrder>("orderDate", o => o.Seed.Malformed == "date" ? "0000-00-00 00:00:00" : JapanTime.Text(o.PlacedAt, "yyyy-MM-dd HH:mm:ss"))
        .With<MakeShopOrder>("memberId", o => $"X{o.Number[^6..]}{o.Seed.Buyer.LastName}{o.Seed.Buyer.FirstName}") // a guest: X, six digits, the name
        .With<MakeShopOrder>("sumPrice", o => o.Seed.Malformed == "amount" ? null : o.Sum)
        .With<MakeShopOrder>("payMethod", o => o.PayMethod)
        .With<MakeShopOrder>("paymentStatusCode", o => o.PaymentCode)
        .With<MakeShopOrder>("senderName", o => NameOf(o.Seed.Buyer))
        .With<MakeShopOrder>("senderPrefecture", o => PrefectureOf(o.Seed.Buyer))
        .With<MakeShopOrder>("message", o => NoteOf(o))
        .With<MakeShopOrder>("deliveryInfos", o => o.Seed.Malformed == "missing" ? Array.Empty<MakeShopDelivery>() : o.Deliveries, delivery)
        // By the pattern of receiver…: [A]
        .With<MakeShopOrder>("senderKana", o => $"{o.Seed.Buyer.LastKana} {o.Seed.Buyer.FirstKana}".Trim())
        .With<MakeShopOrder>("senderPost", o => o.Seed.Buyer.PostalCode)
        .With<MakeShopOrder>("senderAddress", o => o.Seed.Buyer.City)
        .With<MakeShopOrder>("senderAddress2", o => $"{o.Seed.Buyer.Street} {o.Seed.Buyer.Building}".Trim())
        .With<MakeShopOrder>("senderTel", o => o.Seed.Buyer.Phone)
        .With<MakeShopOrder>("senderMail", o => o.Seed.Buyer.Email)
        // Amounts: couponDiscount [C, a note], the others [A]
        .With<MakeShopOrder>("usePoint", o => o.Seed.Points)
        .With<MakeShopOrder>("couponDiscount", o => o.Seed.Coupon)
        .With<MakeShopOrder>("paymentCharge", _ => 0m)
        .With<MakeShopOrder>("taxPrice", o => o.Deliveries.SelectMany(d => d.Lines).Sum(l => decimal.Floor(l.UnitPrice * l.Quantity * l.TaxRate / (100 + l.TaxRate))));

    private static GraphType Delivery(MakeShopRules rules, GraphType basket) => new GraphType("DeliveryInfo")
        .With<MakeShopDelivery>("deliveryId", d => d.Id) // the scalar's type is not known
        .With<MakeShopDelivery>("deliveryStatus", d => rules.StatusWords.GetValueOrDefault(d.Status, d.Status))
        .With<MakeShopDelivery>("desiredDeliveryDate", d => d.Order.Seed.RequestedDate is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "--")
        .With<MakeShopDelivery>("desiredDeliveryTimezone", d => d.Order.Seed.TimeSlotText ?? "")
        .With<MakeShopDelivery>("receiverName", d => NameOf(d.Recipient))
        .With<MakeShopDelivery>("receiverPost", d => d.Recipient.PostalCode)
        .With<MakeShopDelivery>("receiverPrefecture", d => PrefectureOf(d.Recipient))
        .With<MakeShopDelivery>("receiverAddress", d => d.Recipient.City)
        .With<MakeShopDelivery>("receiverAddress2", d => $"{d.Recipient.Street} {d.Recipient.Building}".Trim())
        .With<MakeShopDelivery>("receiverTel", d => d.Recipient.Phone)
        .With<MakeShopDelivery>("shippingCharge", d => d.Shipping)
        .With<MakeShopDelivery>("deliverySumPrice", d => d.Sum)
        .With<MakeShopDelivery>("wmsStatus", _ => "")
        .With<MakeShopDelivery>("deliveryMessage", _ => "")
        .With<MakeShopDelivery>("deliveryMethodIds", d => MethodsOf(d.Order.Seed))
        .With<MakeShopDelivery>("slipNumber", d => d.SlipNumber)
        .With<MakeShopDelivery>("deliveryDate", d => d.ShippedAt is { } at ? JapanTime.Text(at, "yyyy-MM-dd") : "--")
        .With<MakeShopDelivery>("estimatedShipmentDate", _ => "--")
        .With<MakeShopDelivery>("basketInfos", d => d.Lines.Select(l => new MakeShopLine(d.Order, l)), basket);

    private static GraphType Basket(GraphType select) => new GraphType("BasketInfo")
        .With<MakeShopLine>("productCode", l => ProductCode(l.Line.Sku))
        .With<MakeShopLine>("productCustomCode", l => l.Line.Sku)
        .With<MakeShopLine>("variationCustomCode", l => l.Line.Option.Length > 0 ? l.Line.Sku : "")
        .With<MakeShopLine>("productName", l => l.Line.Title)
        .With<MakeShopLine>("variationName", l => l.Line.Option)
        .With<MakeShopLine>("amount", l => l.Line.Quantity)
        .With<MakeShopLine>("price", l => l.Line.UnitPrice)
        .With<MakeShopLine>("janCode", _ => "")
        // Asked for by one client's probe, or noted by one client only: [A]
        .With<MakeShopLine>("taxRate", l => l.Line.TaxRate)
        .With<MakeShopLine>("optionCode", _ => "")
        .With<MakeShopLine>("variationJanCode", _ => "")
        .With<MakeShopLine>("customSelects", l => SelectsOf(l.Order.Seed), select);

    private static GraphType Shop()
    {
        var shop = new GraphType("Shop")
            .With<MakeShopShop>("shopName", _ => "見本商店")
            .With<MakeShopShop>("shopUrl", s => $"https://{s.ShopId}.example.invalid/")
            .With<MakeShopShop>("settingOriginalDomain", _ => "")
            .With<MakeShopShop>("openCondition", _ => "Y");
        return new GraphType("GetShopResponse").With<MakeShopShop>("shop", s => s, shop);
    }

    private static GraphType Quantities()
    {
        var variation = new GraphType("VariationQuantity")
            .With<SeedItem>("variationQuantity", i => i.Quantity)
            .With<SeedItem>("variationCustomCode", i => i.Variation1);
        var product = new GraphType("ProductQuantity")
            .With<MakeShopProduct>("systemCode", p => ProductCode(p.Code))
            .With<MakeShopProduct>("customCode", p => p.Code)
            .With<MakeShopProduct>("productName", _ => "見本商品")
            .With<MakeShopProduct>("quantity", p => p.Quantity)
            .With<MakeShopProduct>("variationQuantities", p => p.Variations, variation);
        return new GraphType("SearchProductQuantityResponse")
            .With<MakeShopPage>("page", p => p.Page)
            .With<MakeShopPage>("limit", p => p.Limit)
            .With<MakeShopPage>("productQuantities", p => p.Rows, product);
    }

    private static GraphType Results(string operation, string field, bool perDelivery)
    {
        var row = new GraphType($"{operation}Result")
            .With<MakeShopResult>("displayOrderNumber", r => r.Number)
            .With<MakeShopResult>("message", r => r.Message);
        if (perDelivery)
        {
            row.With<MakeShopResult>("deliveryId", r => r.DeliveryId);
        }

        return new GraphType($"{operation}Response").With<IReadOnlyList<MakeShopResult>>(field, rows => rows, row);
    }

    /// <summary>Only the rows that failed come back.</summary>
    private static GraphType Failures(string operation, string code)
    {
        var row = new GraphType($"{operation}FailResult")
            .With<MakeShopResult>("systemCode", r => r.DeliveryId)
            .With<MakeShopResult>(code, r => r.Number)
            .With<MakeShopResult>("message", r => r.Message);
        return new GraphType($"{operation}Response").With<IReadOnlyList<MakeShopResult>>("failResult", rows => rows, row);
    }

    /// <summary>A product's system code: twelve digits, invented from its own code.</summary>
    public static string ProductCode(string code) =>
        (code.Aggregate(7L, (sum, c) => ((sum * 31) + c) % 1_000_000_000) + 1).ToString("D12", CultureInfo.InvariantCulture);

    private static string NameOf(SeedPerson person) => $"{person.LastName} {person.FirstName}".Trim();

    /// <summary>Tokyo is told in two parts.</summary>
    private static string PrefectureOf(SeedPerson person) => person.Prefecture != "東京都" ? person.Prefecture
        : person.City.Contains('区', StringComparison.Ordinal) ? "東京(23区内)" : "東京(23区外)";

    /// <summary>What follows the double bar is the shop's form, not the buyer.</summary>
    private static string NoteOf(MakeShopOrder order) => order.Seed.BuyerNote is { Length: > 0 } note ? $"{note}||" : "";

    /// <summary>Ids of the shop's own delivery methods; a shop that defines none has none. [A]</summary>
    private static string[] MethodsOf(SeedOrder seed) => seed.DeliveryText is { } text ? [text] : seed.Chilled ? ["クール便"] : [];

    /// <summary>Shops sell wrapping and noshi as a choice on the item. [A] There is no field for them.</summary>
    private static IEnumerable<MakeShopSelect> SelectsOf(SeedOrder seed)
    {
        if (seed.GiftWrap)
        {
            yield return new MakeShopSelect("ラッピング", "希望する");
        }

        if (seed.Noshi is { Length: > 0 } noshi)
        {
            yield return new MakeShopSelect("のし", noshi);
        }
    }
}
