using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>The mutations: each row by itself, a message where it failed, null where it is done.</summary>
internal sealed class MakeShopWrites(MakeShopShop shop, DateTimeOffset now)
{
    private readonly List<JournalEffect> _effects = [];

    public IReadOnlyList<JournalEffect> Effects => _effects;

    /// <summary>updateOrderAttribute: slip number and carrier of a ship-to. Only what is named changes.</summary>
    public IReadOnlyList<MakeShopResult> Attributes(JsonElement input) =>
        [.. MakeShopInput.Items(input, "updateOrderAttributes").Select(row => new MakeShopResult(NumberOf(row), null, Attribute(row)))];

    /// <summary>updateOrderDeliveryStatus.</summary>
    public IReadOnlyList<MakeShopResult> Statuses(JsonElement input) =>
        [.. MakeShopInput.Items(input, "updateOrderDeliveryStatusRequests").Select(row => new MakeShopResult(NumberOf(row), MakeShopInput.Text(row, "deliveryId"), Status(row)))];

    /// <summary>cancelOrder: whole orders that are not shipped.</summary>
    public IReadOnlyList<MakeShopResult> Cancels(JsonElement input) =>
        [.. MakeShopInput.Items(input, "cancelOrders").Select(row => new MakeShopResult(NumberOf(row), null, Cancel(row)))];

    /// <summary>updateProductQuantity: the failed rows.</summary>
    public IReadOnlyList<MakeShopResult> Products(JsonElement input) => Failed(input, "productQuantities", row =>
    {
        var bySystem = MakeShopInput.Text(row, "productKeyType") == "0";
        var code = MakeShopInput.Text(row, bySystem ? "systemCode" : "customCode") ?? "";
        var item = shop.Items.FirstOrDefault(i => i.Variation1.Length == 0 && (bySystem ? MakeShopSchema.ProductCode(i.Code) : i.Code) == code);
        return (code, bySystem ? code : null, item);
    });

    /// <summary>updateVariationQuantity: the failed rows. [A]</summary>
    public IReadOnlyList<MakeShopResult> Variations(JsonElement input) => Failed(input, "variationQuantities", row =>
    {
        var code = MakeShopInput.Text(row, "variationCustomCode") ?? "";
        return (code, null, shop.Items.FirstOrDefault(i => i.Variation1.Length > 0 && i.Variation1 == code));
    });

    private static string NumberOf(JsonElement row) => MakeShopInput.Text(row, "displayOrderNumber") ?? "";

    private string? Attribute(JsonElement row)
    {
        if (Open(row) is not ({ } order, null))
        {
            return Open(row).Fault;
        }

        foreach (var info in MakeShopInput.Items(row, "deliveryRequestInfos"))
        {
            if (DeliveryOf(order, info) is not { } delivery)
            {
                return "配送先が指定されていないか、存在しません。";
            }

            var carrier = MakeShopInput.Text(info, "deliveryCompanyCode");
            if (carrier is not null && !Limits.Carriers.Contains(carrier))
            {
                return "配送会社コードが正しくありません。";
            }

            var slip = MakeShopInput.Text(info, "slipNumber");
            var before = $"{delivery.Carrier} {delivery.SlipNumber}".Trim();
            (delivery.Carrier, delivery.SlipNumber) = (carrier ?? delivery.Carrier, slip ?? delivery.SlipNumber);
            var after = $"{delivery.Carrier} {delivery.SlipNumber}".Trim();
            if (before != after)
            {
                _effects.Add(order.Effect(EffectKind.Number, delivery.Id, before, after));
            }
        }

        return null;
    }

    private string? Status(JsonElement row)
    {
        if (Open(row) is not ({ } order, null))
        {
            return Open(row).Fault;
        }

        if (DeliveryOf(order, row) is not { } delivery)
        {
            return "配送先が指定されていないか、存在しません。";
        }

        // NOT_YET and COMPLETED [C], the other two [A].
        var wanted = MakeShopInput.Text(row, "deliveryStatus") switch { "NOT_YET" or "INSTRUCTED" => "N", "COMPLETED" => "Y", "RETURNED" => "R", _ => "" };
        if (wanted.Length == 0)
        {
            return "配送状況が正しくありません。";
        }

        if (wanted == delivery.Status)
        {
            return null;
        }

        if ((delivery.Status, wanted) is not (("N", "Y") or ("Y", "R")))
        {
            return "この配送状況には変更できません。"; // what is shipped does not become unshipped [A]
        }

        _effects.Add(order.Effect(EffectKind.Status, delivery.Id, delivery.Status, wanted));
        delivery.Status = wanted;
        if (wanted == "Y")
        {
            delivery.ShippedAt = now;
            if (Limits.ShippedSendsMail)
            {
                _effects.Add(order.Effect(EffectKind.Mail, delivery.Id, "", "発送のお知らせ"));
            }

            if (Limits.CompletionCaptures && order.PaymentCode == "0004" && !order.Captured)
            {
                order.Captured = true;
                _effects.Add(order.Effect(EffectKind.Capture, "", "", "売上確定"));
            }
        }

        return null;
    }

    private string? Cancel(JsonElement row)
    {
        if (Open(row) is not ({ } order, null))
        {
            return Open(row).Fault;
        }

        if (order.HasStatus("Y"))
        {
            return "発送済みの注文はキャンセルできません。";
        }

        _effects.AddRange(order.Cancel());
        return null;
    }

    private (MakeShopOrder? Order, string? Fault) Open(JsonElement row) => shop.Find(NumberOf(row)) switch
    {
        { Cancelled: true } order => (order, "キャンセル済みの注文です。"),
        { } order when order.PlacedAt <= now => (order, null),
        _ => (null, "該当する注文がありません。"),
    };

    /// <summary>The one ship-to may be left unnamed. [C]</summary>
    private static MakeShopDelivery? DeliveryOf(MakeShopOrder order, JsonElement row) => MakeShopInput.Text(row, "deliveryId") switch
    {
        null => order.Deliveries.Count == 1 ? order.Deliveries[0] : null,
        var id => order.Deliveries.FirstOrDefault(d => d.Id == id),
    };

    private List<MakeShopResult> Failed(JsonElement input, string key, Func<JsonElement, (string Code, string? SystemCode, SeedItem? Item)> find)
    {
        var failed = new List<MakeShopResult>();
        foreach (var row in MakeShopInput.Items(input, key))
        {
            var (code, system, item) = find(row);
            var quantity = MakeShopInput.Number(row, "quantity", -1, senseless: -1);
            var type = MakeShopInput.Number(row, "quantityCalculationType", 0, senseless: 0);
            if (item is null)
            {
                failed.Add(new MakeShopResult(code, system, "該当する商品がありません。"));
            }
            else if (quantity < 0)
            {
                failed.Add(new MakeShopResult(code, system, "数量が正しくありません。"));
            }
            else if (type is not (1 or 2))
            {
                failed.Add(new MakeShopResult(code, system, "計算方法が正しくありません。"));
            }
            else
            {
                shop.Put(item with { Quantity = type == Limits.ReplacesQuantity ? quantity : item.Quantity + quantity });
            }
        }

        return failed;
    }
}
