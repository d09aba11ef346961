using System.Text.Json;
using Domain.Deliveries;
using Domain.Time;
using Functions;
using Functions.Clocks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Clocks;

/// <summary>How long an order waits, in simulated time, from the moment the marketplace's search returns it until it is released or locked: a whole day of a store that sells day and night.</summary>
public sealed class FreshnessTests(ITestOutputHelper output)
{
    private const int Orders = 300;

    private static readonly DateTimeOffset Midnight = new(2026, 11, 24, 0, 0, 0, TimeSpan.FromHours(9));

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Of_a_hundred_orders_95_wait_two_minutes_at_most_by_day_and_a_poll_period_and_a_minute_by_night()
    {
        var waited = await SimulateAsync(new Random(1));

        var day = waited.Where(w => Jst.In(w.VisibleFrom).Hour >= 7).Select(w => w.Waited).Order().ToList();
        var night = waited.Where(w => Jst.In(w.VisibleFrom).Hour < 7).Select(w => w.Waited).Order().ToList();
        output.WriteLine($"p95 by day {Percentile(day)}, by night {Percentile(night)}; longest {day[^1]} and {night[^1]}");
        Assert.Equal(Orders, day.Count + night.Count);
        Assert.True(Percentile(day) <= TimeSpan.FromMinutes(2), $"by day {Percentile(day)}");
        Assert.True(Percentile(night) <= TimeSpan.FromMinutes(11), $"by night {Percentile(night)}");
    }

    private static TimeSpan Percentile(List<TimeSpan> sorted) => sorted[(int)Math.Ceiling(sorted.Count * 0.95) - 1];

    /// <summary>Both clocks run, the timer a few seconds late as it is on the platform; every message is worked off when it becomes visible.</summary>
    private static async Task<List<(DateTimeOffset VisibleFrom, TimeSpan Waited)>> SimulateAsync(Random random)
    {
        var clock = new FakeTimeProvider(Midnight.ToUniversalTime());
        using var shop = await new Shop(clock: clock).OpenAsync();
        var hidden = new Dictionary<string, DateTimeOffset>();
        for (var i = 0; i < Orders; i++)
        {
            var code = $"N{i:D4}";
            var placed = Midnight.AddSeconds(random.Next((24 * 3600) - 120)).ToUniversalTime();
            hidden[code] = placed.AddSeconds(random.Next(0, 50)); // within the lane's settle time
            shop.Market.Place(Shop.Order(code, placed), hidden[code]);
        }

        var waited = new List<(DateTimeOffset, TimeSpan)>();
        var visible = new HashSet<string>();
        var timer = clock.GetUtcNow();
        for (var now = clock.GetUtcNow(); waited.Count < Orders && now < Midnight.AddHours(25); now += Step)
        {
            clock.SetUtcNow(now);
            if (now >= timer)
            {
                await shop.Get<ClockFunctions>().TickAsync(new TimerInfo(), Shop.None);
                timer = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(1).AddSeconds(random.Next(0, 10));
            }

            foreach (var beat in await shop.Queue.ReceiveAsync(Queues.Heartbeat, 1, TimeSpan.FromMinutes(5), Shop.None))
            {
                await shop.Get<ClockFunctions>().BeatAsync(JsonSerializer.Deserialize(beat.Body, MessageJson.Default.HeartbeatMessage)!, Shop.None);
                await shop.Queue.DeleteAsync(Queues.Heartbeat, beat, Shop.None);
            }

            await shop.DrainAsync();
            visible.UnionWith(hidden.Where(h => h.Value <= now).Select(h => h.Key));
            foreach (var code in visible.ToList())
            {
                if (await shop.DeliveryAsync(code) is { State: DeliveryState.Waiting })
                {
                    waited.Add((hidden[code], now - hidden[code]));
                    visible.Remove(code);
                    hidden.Remove(code);
                }
            }
        }

        return waited;
    }
}
