using System.Globalization;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Stores;

namespace Infra.Ledger;

/// <summary>Tables, and the row keys of a bundle group's partition. Prefixes say what a row is; ids only. The layout and its measure: docs/architecture.md.</summary>
public static class GroupKeys
{
    /// <summary>The hot table: the open rows of each bundle group in one partition.</summary>
    public const string Open = "open";

    /// <summary>Untouched payloads of the marketplaces, one row an order, same partition key.</summary>
    public const string Raw = "raw";

    /// <summary>Older history entries, moved out in blocks, same partition key.</summary>
    public const string History = "history";

    /// <summary>The archive: rows of closed orders under the same row keys, one partition a store. Point reads only.</summary>
    public const string Closed = "closed";

    public static string Coverage(StoreId store, string lane) => $"a|{store}|c|{lane}";

    public static string Segment(StoreId store, string segment) => $"a|{store}|i|{segment}";

    /// <summary>Coverage and index of a store lie side by side: one range read brings both.</summary>
    public static string PullState(StoreId store) => $"a|{store}|";

    public static string Orders(StoreId store) => $"o|{store}|";

    public static string Order(OrderKey order) => $"o|{order.Store}|{order.Code}";

    public const string Deliveries = "d|";

    /// <summary>All deliveries that were made for an order.</summary>
    public static string DeliveriesOf(OrderKey order) => $"d|{order.Store}|{order.Code}|";

    public static string Delivery(DeliveryId delivery) =>
        string.Create(CultureInfo.InvariantCulture, $"d|{delivery.Store}|{delivery.Code}|{delivery.Number}");

    public static string Key(BundleKey key) => $"k|{key}";

    public const string Candidates = "b|";

    public static string Candidate(BundleKey key) => $"b|{key}";

    public const string Outbox = "x|";

    public static string OutboxRow(string queue, string batch) => $"x|{queue}|{batch}";

    public const string Pushes = "p|";

    /// <summary>All reports on an order, its recipients' side by side.</summary>
    public static string PushesOf(OrderKey order) => $"p|{order.Store}|{order.Code}|";

    /// <param name="part">The number of the order's own delivery; that of the first, or only, one is left out of the key.</param>
    public static string Push(OrderKey order, int revision, int part = 1) => part == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{PushesOf(order)}{revision:D4}")
        : string.Create(CultureInfo.InvariantCulture, $"{PushesOf(order)}{part}-{revision:D4}");

    public const string Attention = "t|";

    public static string AttentionRow(string id) => $"t|{id}";

    public const string Gaps = "g|";

    public static string Gap(StoreId store, string id) => $"g|{store}|{id}";

    public static string HistoryBlocks(OrderKey order) => $"{order.Store}|{order.Code}|";

    public static string HistoryRow(OrderKey order, int first) =>
        string.Create(CultureInfo.InvariantCulture, $"{HistoryBlocks(order)}{first:D6}");

    public static string RawRow(OrderKey order) => $"{order.Store}|{order.Code}";
}
