using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Domain.Marketplaces;
using Infra.Storage;
using Infra.Telemetry;

namespace Infra.Marketplaces;

/// <summary>Gives a marketplace's manifest limits.</summary>
public delegate IReadOnlyList<CallLimit> LimitsOf(string marketplace);

/// <summary>Shares the calls that a marketplace allows among all instances and all kinds of work, so that no limit is ever exceeded and little is left unused.</summary>
/// <remarks>One row a limit and account in table <c>budget</c> says from when calls are unassigned. An instance leases a stretch of that time by one
/// conditional write and spends it call by call without a further write; what it leaves unused expires. Stretches grow with demand.
/// Accounts: a store's own for limits by store and by credential, the marketplace's for limits by application (an installation has one application).</remarks>
public sealed class MarketplaceBudget(IRowStore rows, LimitsOf limits, TimeProvider clock, BudgetOptions options)
{
    public const string Table = "budget";

    /// <summary>More conflicts in a row on one lease point to an error of ours, not to traffic.</summary>
    private const int MostTries = 50;

    private static readonly Gauge<double> UsedShare = LogiTelemetry.Meter.CreateGauge<double>("logi.budget.used", "1", "Share of a marketplace's limit that this instance used in the last minute.");
    private static readonly Histogram<double> Waited = LogiTelemetry.Meter.CreateHistogram<double>("logi.budget.waited", "s", "How long calls waited for the marketplace's limit.");

    private readonly ConcurrentDictionary<string, Desk> _desks = new(StringComparer.Ordinal);
    private readonly string _instance = Guid.NewGuid().ToString("n")[..12];

    /// <summary>Waits until the call may be made. Dispose the ticket when the call has ended.</summary>
    /// <exception cref="BudgetSpentException">It would have to wait longer than <see cref="BudgetOptions.LongestWait"/>.</exception>
    /// <exception cref="StorageUnavailableException">The lease could not be agreed on; no call may be made.</exception>
    public async Task<BudgetTicket> TakeAsync(MarketplaceCall call, CancellationToken cancellation)
    {
        var desk = _desks.GetOrAdd(call.Marketplace, code => new Desk(code, limits(code), options));
        var bound = desk.LimitsOf(call);
        if (bound.Count == 0)
        {
            return new BudgetTicket(clock.GetUtcNow(), []);
        }

        var oneAtATime = new List<LeasedLimit>();
        var asked = clock.GetUtcNow();
        try
        {
            // In the order of their keys, so that two callers never wait for each other.
            foreach (var limit in bound.Where(l => l.InFlight is not null))
            {
                await limit.InFlight!.WaitAsync(cancellation);
                oneAtATime.Add(limit);
            }

            var at = await ReserveAsync(desk, bound, cancellation);
            if (at - clock.GetUtcNow() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, clock, cancellation);
            }

            Waited.Record((clock.GetUtcNow() - asked).TotalSeconds, new KeyValuePair<string, object?>("marketplace", call.Marketplace));
            return new BudgetTicket(at, oneAtATime);
        }
        catch
        {
            new BudgetTicket(asked, oneAtATime).Dispose();
            throw;
        }
    }

    /// <summary>The largest share of the call's limits that this instance used in the last minute, 0 to 1; null where no limit has a rate.</summary>
    public async Task<double?> UsedAsync(MarketplaceCall call, CancellationToken cancellation)
    {
        var desk = _desks.GetOrAdd(call.Marketplace, code => new Desk(code, limits(code), options));
        await desk.Gate.WaitAsync(cancellation);
        try
        {
            return desk.LimitsOf(call).Max(l => l.Used(clock.GetUtcNow()));
        }
        finally
        {
            desk.Gate.Release();
        }
    }

    /// <summary>What all instances together have taken of a marketplace's limits. One request.</summary>
    public async Task<IReadOnlyList<BudgetUsage>> ReadAsync(string marketplace, CancellationToken cancellation)
    {
        var page = await rows.ReadAsync(Table, marketplace, new RowRange(" ", "~"), cancellation);
        return [.. page.Rows.Select(row => (row.Key, Row: BudgetRow.Of(row))).Select(r => new BudgetUsage(r.Key, r.Row.Day, r.Row.Count, r.Row.NextFree))];
    }

    private async Task<DateTimeOffset> ReserveAsync(Desk desk, IReadOnlyList<LeasedLimit> bound, CancellationToken cancellation)
    {
        foreach (var limit in bound)
        {
            limit.AddWaiting(1);
        }

        try
        {
            await desk.Gate.WaitAsync(cancellation);
        }
        catch
        {
            foreach (var limit in bound)
            {
                limit.AddWaiting(-1);
            }

            throw;
        }

        try
        {
            for (var tries = 0; tries < MostTries; tries++)
            {
                var now = clock.GetUtcNow();
                var (at, needy) = EarliestFor(bound, now);
                if (needy.Count == 0)
                {
                    RefuseIfLate(bound[0].Key, now, at);
                    Use(desk, bound, now, at);
                    return at;
                }

                await LeaseAsync(desk, needy, now, at, cancellation);
            }

            throw new StorageUnavailableException($"The budget of {desk.Marketplace} could not be agreed on in {MostTries} tries.");
        }
        finally
        {
            desk.Gate.Release();
            foreach (var limit in bound)
            {
                limit.AddWaiting(-1);
            }
        }
    }

    /// <summary>The earliest time that suits every lease, and the limits that have no lease for it.</summary>
    private static (DateTimeOffset At, IReadOnlyList<LeasedLimit> Needy) EarliestFor(IReadOnlyList<LeasedLimit> bound, DateTimeOffset now)
    {
        var at = now;
        while (true)
        {
            var times = bound.Select(l => l.Earliest(at)).ToList();
            var latest = times.Max() ?? at;
            if (latest == at || times.Contains(null))
            {
                return (latest, [.. bound.Where((_, i) => times[i] is null)]);
            }

            at = latest;
        }
    }

    private static void Use(Desk desk, IReadOnlyList<LeasedLimit> bound, DateTimeOffset now, DateTimeOffset at)
    {
        foreach (var limit in bound)
        {
            limit.Use(at);
            if (limit.Used(now) is { } share)
            {
                UsedShare.Record(share, new("marketplace", desk.Marketplace), new("limit", limit.Key));
            }
        }
    }

    /// <summary>Leases a stretch that begins at one time for all limits that need one, by one transaction.</summary>
    private async Task LeaseAsync(Desk desk, IReadOnlyList<LeasedLimit> needy, DateTimeOffset now, DateTimeOffset from, CancellationToken cancellation)
    {
        using var label = StorageCounter.Under("budget");
        foreach (var limit in needy.Where(l => l.Row is null))
        {
            var row = await rows.FindAsync(Table, desk.Marketplace, limit.Key, cancellation);
            (limit.Row, limit.ETag) = (row is null ? BudgetRow.Untouched : BudgetRow.Of(row), row?.ETag);
        }

        var leases = Plan(needy, from);
        RefuseIfLate(needy[0].Key, now, leases[0].From);
        RowAction[] actions =
        [
            .. needy.Select((limit, i) => leases[i].After.ToRow(limit.Key) is var row && limit.ETag is { } etag
                ? (RowAction)new RowAction.Replace(row, etag)
                : new RowAction.Insert(row)),
        ];
        try
        {
            var tags = await rows.CommitAsync(Table, desk.Marketplace, actions, cancellation);
            for (var i = 0; i < needy.Count; i++)
            {
                needy[i].Take(leases[i]);
                needy[i].ETag = tags[i];
            }
        }
        catch (RowConflictException conflict)
        {
            needy.Single(l => l.Key == conflict.Key).Row = null; // another instance was first: read again
        }
        catch (StorageUnavailableException)
        {
            foreach (var limit in needy)
            {
                limit.Row = null; // perhaps written, perhaps not
            }

            throw;
        }
    }

    private List<Lease> Plan(IReadOnlyList<LeasedLimit> needy, DateTimeOffset from)
    {
        while (true)
        {
            var leases = needy.Select(l => l.Plan(from, _instance)).ToList();
            var latest = leases.Max(l => l.From);
            if (latest == from || leases.TrueForAll(l => l.From == latest))
            {
                return leases;
            }

            from = latest;
        }
    }

    private void RefuseIfLate(string limit, DateTimeOffset now, DateTimeOffset at)
    {
        if (at - now > options.LongestWait)
        {
            throw new BudgetSpentException(limit, at);
        }
    }

    /// <summary>The limits of one marketplace, by account; one gate for all of them, since a call can be bound by several.</summary>
    private sealed class Desk(string marketplace, IReadOnlyList<CallLimit> manifest, BudgetOptions options)
    {
        private readonly ConcurrentDictionary<string, LeasedLimit> _limits = new(StringComparer.Ordinal);

        public string Marketplace { get; } = marketplace;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public IReadOnlyList<LeasedLimit> LimitsOf(MarketplaceCall call) =>
        [
            .. manifest
                .Where(l => l.Endpoint is null || l.Endpoint == call.Endpoint)
                .Select(l => _limits.GetOrAdd(KeyOf(l, call), key => new LeasedLimit(key, l, options)))
                .OrderBy(l => l.Key, StringComparer.Ordinal),
        ];

        private static string KeyOf(CallLimit limit, MarketplaceCall call)
        {
            var account = limit.Counts is LimitScope.Application ? "application" : call.Store.Value;
            return limit.EachEndpoint ? $"{account}|{limit.Id}|{Plain(call.Endpoint)}" : $"{account}|{limit.Id}";
        }

        /// <summary>An endpoint's name may hold characters that a row key may not.</summary>
        private static string Plain(string endpoint) => string.Concat(endpoint.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
    }
}
