using System.Security.Cryptography;
using System.Text;
using Domain.Coverage;
using Domain.Orders;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Pull;

/// <summary>What a store's partition already knows of the window: coverage of each lane and the packed index, read in one range.</summary>
public sealed class WindowIndex
{
    private readonly Dictionary<OrderCode, (IndexSegment Segment, int Place)> _places = [];
    private readonly List<IndexSegment> _segments = [];
    private readonly Dictionary<string, (LaneCoverage Coverage, string? ETag)> _lanes = new(StringComparer.Ordinal);

    public IReadOnlyList<IndexSegment> Segments => _segments;

    /// <summary>The newest segment, which takes a trickle of orders.</summary>
    public IndexSegment? Last => _segments.Count == 0 ? null : _segments[^1];

    public static async Task<WindowIndex> ReadAsync(GroupLedger ledger, Store store, CancellationToken cancellation)
    {
        var index = new WindowIndex();
        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.PullState(store.Id)), cancellation))
        {
            if (row.Key.StartsWith(GroupKeys.Coverage(store.Id, ""), StringComparison.Ordinal))
            {
                var coverage = Codecs.Coverage(store.Id).Decode(row);
                index._lanes[coverage.Lane] = (coverage, row.ETag);
            }
            else
            {
                index.Add(IndexSegment.Decode(row));
            }
        }

        return index;
    }

    public (LaneCoverage Coverage, string? ETag)? Lane(string lane) => _lanes.TryGetValue(lane, out var found) ? found : null;

    public void Set(LaneCoverage coverage, string? etag) => _lanes[coverage.Lane] = (coverage, etag);

    /// <summary>Becomes what another reading found.</summary>
    public void TakeOver(WindowIndex fresh)
    {
        _segments.Clear();
        _places.Clear();
        foreach (var segment in fresh._segments)
        {
            Add(segment);
        }

        foreach (var (lane, coverage) in fresh._lanes)
        {
            _lanes[lane] = coverage;
        }
    }

    public IndexLine? Find(OrderCode code) => _places.TryGetValue(code, out var place) ? place.Segment.Lines[place.Place] : null;

    public (IndexSegment Segment, int Place)? PlaceOf(OrderCode code) => _places.TryGetValue(code, out var place) ? place : null;

    public void Add(IndexSegment segment)
    {
        _segments.Add(segment);
        for (var i = 0; i < segment.Lines.Count; i++)
        {
            _places[segment.Lines[i].Code] = (segment, i);
        }
    }

    public void Remove(IndexSegment segment)
    {
        _segments.Remove(segment);
        foreach (var line in segment.Lines)
        {
            if (_places.TryGetValue(line.Code, out var place) && place.Segment == segment)
            {
                _places.Remove(line.Code);
            }
        }
    }

    /// <summary>A short stand-in for a text that is only ever compared.</summary>
    public static ulong HashOf(string text) => HashOf(Encoding.UTF8.GetBytes(text));

    public static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return BitConverter.ToUInt64(hash);
    }
}
