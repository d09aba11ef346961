using System.Collections.Immutable;
using Domain.Orders;

namespace Infra.Ledger;

/// <summary>Older entries of an order's history that were moved out of its row.</summary>
/// <param name="First">The place of the first entry in the whole history, counted from 0.</param>
public sealed record HistoryBlock(OrderKey Order, int First, ImmutableArray<HistoryEntry> Entries);
