using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Functions.Bundle;
using Functions.Cancel;
using Functions.Manage;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Warehouse;

public sealed record HandOverForm(IReadOnlyList<string> Deliveries);

/// <param name="Refusals">In Japanese; empty = it is in work.</param>
public sealed record HandOverLine(string Delivery, bool Done, IReadOnlyList<string> Refusals);

/// <param name="ShippedAt">Null = now.</param>
public sealed record ShipmentFormLine(string Delivery, string Service, string TrackingNumber, DateTimeOffset? ShippedAt = null);

public sealed record ShipmentForm(IReadOnlyList<ShipmentFormLine> Shipments);

/// <param name="Recorded">Recorded now, or before with the same number.</param>
public sealed record ShipmentLineResult(string Delivery, bool Recorded, string? Refusal, string? Warning);

/// <param name="Requests">The exact requests that a shipment with this number would send, secrets masked.</param>
public sealed record PushPreview(string Delivery, IReadOnlyList<string> Requests);

/// <summary>出荷伝票 and 出荷実績, for staff and warehouse.</summary>
public sealed class WarehouseEndpoints(
    StoreRegistry registry, GroupLedger ledger, HandOver handOver, RecordShipments record, OrderRevision revision,
    MarketplaceDirectory marketplaces, CredentialsOf credentials, Audit audit, TimeProvider clock)
{
    private const int MostAtOnce = 200;

    /// <summary>A shipment reported later than this is a slip of the pen: no marketplace takes it.</summary>
    private const int OldestShipmentDays = 90;

    /// <summary>Deliveries by state (<c>state</c>), or only the released ones (<c>released=true</c>). A warehouse key sees the released and its own work, of its own warehouses.</summary>
    [Function("manage-deliveries-list"), Allow(Role.Viewer, Role.Staff, Role.Warehouse), EndpointSummary("出荷伝票の一覧")]
    [Query("state", "配送ステータス", OneOf = typeof(DeliveryState))]
    [Query("released", "true = 出荷指示できるものだけ")]
    [Query("take", "1回の件数（1～500、既定100）")]
    [Query("continuation", "前の応答の continuation")]
    public async Task<Ok<DeliveryPageView>> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/deliveries")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = Caller.Of(request);
        var state = request.Query["state"].ToString() is { Length: > 0 } s ? Answers.EnumOf<DeliveryState>("state", s) : (DeliveryState?)null;
        var releasedOnly = request.Query["released"].ToString() == "true";
        var take = Answers.TakeOf(request);
        var place = Answers.ContinuationOf(request, IsPlace)?.Split(' ');
        var book = await registry.ReadAsync(cancellation);
        var found = new List<DeliveryView>();
        foreach (var group in book.Groups.OrderBy(g => g.Value, StringComparer.Ordinal))
        {
            if (place is not null && string.CompareOrdinal(group.Value, place[0]) < 0)
            {
                continue;
            }

            var locked = await ledger.LockedAsync(group, cancellation);
            var range = RowRange.Prefix(GroupKeys.Deliveries);
            range = place is not null && group.Value == place[0] ? range with { From = place[1] } : range;
            var unit = new LedgerUnit(ledger.Rows, group);
            await foreach (var row in ledger.RangeAsync(group, range, cancellation))
            {
                if (state is { } wanted && row.Text("state") != wanted.ToString())
                {
                    continue;
                }

                var delivery = Codecs.Delivery.Decode(row);
                if (delivery.Members.Any(m => book.Find(m.Order.Store) is null))
                {
                    continue; // its store was removed
                }

                var bars = Release.BarsOf(delivery, book.Stores, book.StopAll, locked.Contains(delivery.Id));
                if ((releasedOnly && bars.Length > 0) || !MaySee(caller, delivery, bars.Length == 0))
                {
                    continue;
                }

                if (found.Count == take)
                {
                    return TypedResults.Ok(new DeliveryPageView(found, Answers.Continue($"{group} {row.Key}")));
                }

                if (await PartsAsync(unit, delivery, cancellation) is { Count: > 0 } parts)
                {
                    found.Add(DeliveryView.Of(delivery, [.. parts.Select(p => p.Part)], book.Stores, bars, caller));
                }
            }
        }

        return TypedResults.Ok(new DeliveryPageView(found, null));
    }

    /// <summary>出荷指示: hands deliveries over to the warehouse; each passes the ship gate.</summary>
    [Function("manage-deliveries-hand-over"), Allow(Role.Staff, Role.Warehouse), EndpointSummary("出荷指示（倉庫に渡す）"), Takes(typeof(HandOverForm))]
    public async Task<Ok<List<HandOverLine>>> HandOverAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/deliveries/hand-over")] HttpRequest request, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<HandOverForm>(request, cancellation);
        CheckCount(form.Deliveries.Count, "deliveries");
        var caller = Caller.Of(request);
        var book = await registry.ReadAsync(cancellation);
        var lines = new List<HandOverLine>();
        foreach (var ofGroup in form.Deliveries.Select(Answers.DeliveryOf).GroupBy(d => Answers.Find(book, d.Store).Group))
        {
            await CheckWarehouseAsync(caller, ofGroup.Key, ofGroup, cancellation);
            var results = await handOver.RunAsync(ofGroup.Key, [.. ofGroup], caller.Name, cancellation);
            lines.AddRange(results.Select(r => new HandOverLine(r.Delivery.ToString(), r.Done, r.Refusals)));
        }

        await audit.WriteAsync(caller, "deliveries/hand-over", "", string.Join(' ', lines.Select(l => $"{l.Delivery}:{(l.Done ? "in-work" : "refused")}")), cancellation);
        return TypedResults.Ok(lines);
    }

    /// <summary>出荷待ちに戻す: the warehouse gives a delivery back.</summary>
    [Function("manage-delivery-give-back"), Allow(Role.Staff, Role.Warehouse), EndpointSummary("出荷待ちに戻す")]
    public async Task<NoContent> GiveBackAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/deliveries/{id}/give-back")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var caller = Caller.Of(request);
        var delivery = Answers.DeliveryOf(id);
        var group = Answers.Find(await registry.ReadAsync(cancellation), delivery.Store).Group;
        await CheckWarehouseAsync(caller, group, [delivery], cancellation);
        await handOver.GiveBackAsync(group, delivery, revision, caller.Name, cancellation);
        await audit.WriteAsync(caller, $"deliveries/{id}/give-back", nameof(DeliveryState.InWork), nameof(DeliveryState.Waiting), cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>出荷実績: carrier and tracking number of what left. The same again changes nothing; another number is a correction.</summary>
    [Function("manage-shipments-record"), Allow(Role.Staff, Role.Warehouse), EndpointSummary("出荷実績の登録"), Takes(typeof(ShipmentForm))]
    public async Task<Ok<List<ShipmentLineResult>>> RecordAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/shipments")] HttpRequest request, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<ShipmentForm>(request, cancellation);
        CheckCount(form.Shipments.Count, "shipments");
        var caller = Caller.Of(request);
        var book = await registry.ReadAsync(cancellation);
        var results = new List<ShipmentLineResult>();
        foreach (var ofGroup in form.Shipments.Select(LineOf).GroupBy(l => Answers.Find(book, l.Delivery.Store).Group))
        {
            await CheckWarehouseAsync(caller, ofGroup.Key, ofGroup.Select(l => l.Delivery), cancellation);
            var done = await record.RunAsync(ofGroup.Key, [.. ofGroup], caller.Name, cancellation);
            results.AddRange(done.Select(r => new ShipmentLineResult(r.Delivery.ToString(), r.Refusal is null, r.Refusal, r.Warning)));
        }

        await audit.WriteAsync(caller, "shipments", "", string.Join(' ', results.Select(r => $"{r.Delivery}:{(r.Recorded ? "shipped" : "refused")}")), cancellation);
        return TypedResults.Ok(results);
    }

    /// <summary>試し実行: what would be sent to the marketplaces for this delivery and number; sends nothing.</summary>
    [Function("manage-delivery-push-preview"), Allow(Role.Staff), EndpointSummary("出荷通知の試し実行（送信しない）")]
    [Query("service", "配送サービス（例 yamato）", Required = true)]
    [Query("trackingNumber", "送り状番号", Required = true)]
    public async Task<Results<Ok<PushPreview>, ProblemHttpResult>> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/deliveries/{id}/push-preview")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var deliveryId = Answers.DeliveryOf(id);
        var line = LineOf(new ShipmentFormLine(id, request.Query["service"].ToString(), request.Query["trackingNumber"].ToString()));
        var unit = new LedgerUnit(ledger.Rows, Answers.Find(book, deliveryId.Store).Group);
        if (await unit.DeliveryAsync(deliveryId, cancellation) is not { } delivery)
        {
            return Answers.NotFound($"出荷伝票 {id} はありません。");
        }

        var requests = new List<string>();
        foreach (var (order, part) in await PartsAsync(unit, delivery, cancellation))
        {
            var store = book.Find(order.Key.Store)!;
            var market = marketplaces.Of(store);
            var access = new StoreAccess(store, market.Manifest, credentials(store));
            var reference = ShipGate.ReferenceOf(order) with { LineIds = [.. part.Lines.Select(l => l.LineId)] };
            var report = new ShipmentReport(reference, line.Service, line.Number.Value, Domain.Time.Jst.DayOf(order.ImportedAt), part.Destination);
            var completes = store.CompleteAfterPush && !order.Plans.Any(p => p.IsOpen && p.Number != part.Number);
            requests.AddRange(market.Manifest.PushSteps.Where(s => completes || !s.Optional).Select(s => market.Shipments!.Preview(access, s.Step, report)));
        }

        return TypedResults.Ok(new PushPreview(id, requests));
    }

    /// <summary>A group and the key of the delivery to go on with.</summary>
    private static bool IsPlace(string place) =>
        place.Split(' ') is [var group, var key] && StoreId.TryParse(group, out _) && key.StartsWith(GroupKeys.Deliveries, StringComparison.Ordinal)
        && key.Split('|') is [_, var store, var code, var number] && DeliveryId.TryParse($"{store}~{code}~{number}", out _);

    private ShipmentLine LineOf(ShipmentFormLine? line)
    {
        if (line is null)
        {
            throw new BadRequestException("shipments", "出荷実績に空の行があります。");
        }

        var delivery = Answers.DeliveryOf(line.Delivery);
        if (!CarrierServices.Knows(line.Service))
        {
            throw new BadRequestException("service", $"配送会社「{line.Service}」は登録されていません。例: yamato, sagawa, jp-yupack");
        }

        if (line.ShippedAt is { } at && (at < clock.GetUtcNow().AddDays(-OldestShipmentDays) || at > clock.GetUtcNow().AddDays(1)))
        {
            throw new BadRequestException("shippedAt", $"出荷伝票 {line.Delivery} の出荷日時は、{OldestShipmentDays}日前から明日までで入力してください。");
        }

        return TrackingNumber.TryParse(line.TrackingNumber, out var number)
            ? new ShipmentLine(delivery, line.Service, number, line.ShippedAt)
            : throw new BadRequestException("trackingNumber", $"出荷伝票 {line.Delivery} の送り状番号が正しくありません。英数字8～30文字で入力してください。");
    }

    private static void CheckCount(int count, string field)
    {
        if (count is 0 or > MostAtOnce)
        {
            throw new BadRequestException(field, $"1回に1～{MostAtOnce}件まで指定できます（指定: {count}件）。");
        }
    }

    private static bool MaySee(Caller caller, OutboundDelivery delivery, bool released) =>
        caller.Role is not Role.Warehouse
        || (caller.Warehouses.Contains(delivery.Warehouse) && (released || delivery.State is DeliveryState.InWork or DeliveryState.Shipped));

    private async Task CheckWarehouseAsync(Caller caller, BundleGroupId group, IEnumerable<DeliveryId> deliveries, CancellationToken cancellation)
    {
        if (caller.Role is not Role.Warehouse)
        {
            return;
        }

        var unit = new LedgerUnit(ledger.Rows, group);
        foreach (var id in deliveries)
        {
            if (await unit.DeliveryAsync(id, cancellation) is { } delivery && !caller.Warehouses.Contains(delivery.Warehouse))
            {
                throw new Domain.RefusalException("other-warehouse", $"出荷伝票 {id} は他の倉庫の担当です。");
            }
        }
    }

    private static async Task<List<(SalesOrder Order, OrderPart Part)>> PartsAsync(LedgerUnit unit, OutboundDelivery delivery, CancellationToken cancellation)
    {
        var parts = new List<(SalesOrder, OrderPart)>();
        foreach (var member in delivery.Members)
        {
            if (await unit.OrderAsync(member.Order, cancellation) is { } order)
            {
                parts.Add((order, order.Part(member.Number)));
            }
        }

        return parts;
    }
}
