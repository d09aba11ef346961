using Domain.Marketplaces;
using Functions.Attention;
using Functions.Clocks;
using Infra.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Manage;

/// <param name="TimerSeconds">Seconds since the timer last fired; null = never.</param>
/// <param name="HeartbeatSeconds">Seconds since the heartbeat last beat; null = never.</param>
/// <param name="Healthy">At least one clock is younger than five minutes, and no store is paused or failing.</param>
public sealed record Health(bool Healthy, double? TimerSeconds, double? HeartbeatSeconds, bool StopAll, int Attention, IReadOnlyList<StoreHealth> Stores);

/// <param name="State"><c>ok</c>, <c>paused</c> (a credential), <c>failing</c> (the marketplace), <c>unconfirmed</c> (仕様未確認: not called yet), <c>watching</c> or <c>off</c>.</param>
public sealed record StoreHealth(string Store, string Marketplace, string State, string? Reason, DateTimeOffset? Since);

/// <summary>稼働状況.</summary>
public sealed class HealthEndpoint(Heartbeat heartbeat, StoreRegistry registry, MarketplaceDirectory marketplaces, AttentionList attention, TimeProvider clock)
{
    [Function("manage-health"), Allow(Role.Viewer, Role.Staff, Role.Warehouse, HostKey = true), EndpointSummary("稼働状況")]
    public async Task<Ok<Health>> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/health")] HttpRequest request, CancellationToken cancellation)
    {
        _ = request;
        var now = clock.GetUtcNow();
        var book = await registry.ReadAsync(cancellation);
        var (timer, beat) = await heartbeat.AgesAsync(cancellation);
        var stores = book.Stores.Values
            .OrderBy(s => s.Id.Value, StringComparer.Ordinal)
            .Select(s =>
            {
                var status = book.Statuses.GetValueOrDefault(s.Id);
                var manifest = marketplaces.Of(s).Manifest;
                var state = !manifest.IsConfirmed(s) ? "unconfirmed"
                    : status?.CredentialFault is not null ? "paused"
                    : status?.LastFailure is not null ? "failing"
                    : !s.Switches.Pull || book.StopAll ? "off"
                    : s.IsLive ? "ok" : "watching";
                return new StoreHealth(s.Id.Value, manifest.Code, state, manifest.IsConfirmed(s) ? status?.CredentialFault ?? status?.LastFailure : Unconfirmed.Mark, status?.PausedAt ?? status?.FailingSince);
            })
            .ToList();
        var youngest = new[] { timer, beat }.Max();
        return TypedResults.Ok(new Health(
            youngest is { } at && now - at < TimeSpan.FromMinutes(5) && stores.All(s => s.State is not ("paused" or "failing")),
            Age(timer),
            Age(beat),
            book.StopAll,
            (await attention.ReadAsync(cancellation)).Count,
            stores));

        double? Age(DateTimeOffset? at) => at is { } then ? Math.Round((now - then).TotalSeconds, 1) : null;
    }
}
