using System.Collections.Concurrent;
using Domain.Marketplaces;
using Domain.Stores;
using Domain.Time;
using Infra.Marketplaces;
using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace Tests.Infra.Marketplaces;

public sealed class MarketplaceBudgetTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero); // 10:00 JST
    private static readonly StoreId Store = StoreId.Parse("test-honten");

    private readonly StorageCounter _counter = new();
    private readonly ConcurrentBag<(string Endpoint, StoreId Store, DateTimeOffset At)> _calls = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 4)]
    [InlineData(3, 4)]
    [InlineData(20, 8)]
    public async Task Three_instances_that_catch_up_use_a_limit_to_95_percent_and_never_exceed_it(int perSecond, int workersEach)
    {
        var limit = Limit("all", perSecond);
        await CatchUpAsync(TimeSpan.FromMinutes(10), instances: 3, workersEach, [limit], (_, _) => Call("list"));

        var calls = Times();
        var share = calls.Count / (perSecond * 600.0);
        output.WriteLine($"{calls.Count} calls, {share:P1} of the limit, {_counter.Read().Total} storage requests = {(double)_counter.Read().Total / calls.Count:F3} a call");
        NeverExceeds(calls, perSecond);
        Assert.InRange(share, 0.95, 1.0 + (1 / (perSecond * 600.0)));
        Assert.True(_counter.Read().Total < calls.Count * 0.35, $"{_counter.Read().Total} storage requests for {calls.Count} calls");
    }

    [Fact]
    public async Task Instances_that_start_and_stop_by_chance_never_exceed_the_limit()
    {
        var random = new Random(42);
        await CatchUpAsync(TimeSpan.FromMinutes(30), instances: 4, workersEach: 3, [Limit("all", 7)], (_, _) => Call("list"), rest: () =>
            random.Next(20) switch
            {
                0 => TimeSpan.FromSeconds(random.Next(1, 90)),
                < 8 => TimeSpan.FromMilliseconds(random.Next(1, 900)),
                _ => TimeSpan.Zero,
            });

        NeverExceeds(Times(), 7);
    }

    [Fact]
    public async Task One_slow_instance_does_not_write_for_each_of_its_calls()
    {
        await CatchUpAsync(TimeSpan.FromMinutes(10), instances: 1, workersEach: 1, [Limit("all", 5)], (_, _) => Call("list"), rest: () => TimeSpan.FromSeconds(0.5));

        Assert.InRange(_calls.Count, 1190, 1201);
        Assert.True(_counter.Read().Total < _calls.Count / 15, $"{_counter.Read().Total} storage requests for {_calls.Count} calls");
    }

    [Fact]
    public async Task A_single_call_takes_one_lease_write_and_waits_for_nothing()
    {
        var clock = new FakeTimeProvider(Start);
        var budget = Budget(new InMemoryRowStore(_counter), clock, Limit("all", 1), Day("day", 1000));
        using (await budget.TakeAsync(Call("list"), Cancellation))
        {
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        _counter.Reset();
        using (await budget.TakeAsync(Call("list"), Cancellation))
        {
        }

        Assert.Equal(1, _counter.Read().OfOperation("tables.budget.commit"));
        Assert.Equal(1, _counter.Read().Total);
        Assert.Equal(1, _counter.Read().Of("budget"));
    }

    [Fact]
    public async Task Several_limits_at_once_are_all_kept()
    {
        CallLimit[] limits = [Limit("each", 1) with { EachEndpoint = true }, Limit("all", 3), Day("day", 900, LimitScope.Application)];
        string[] endpoints = ["list", "detail", "ship", "V1/orders"];

        // Two rates at once overlap only in part (about half of the smaller one is used), so the day's number needs more than the five minutes of the rate alone.
        await CatchUpAsync(TimeSpan.FromMinutes(20), instances: 2, workersEach: 4, limits, (_, worker) => Call(endpoints[worker]));

        NeverExceeds(Times(), 3);
        Assert.All(endpoints, e => NeverExceeds(Times(e), 1));
        Assert.InRange(_calls.Count, 855, 900);
    }

    [Fact]
    public async Task A_limit_of_an_endpoint_leaves_the_others_alone_and_a_limit_of_a_store_the_other_stores()
    {
        var clock = new FakeTimeProvider(Start);
        var budget = Budget(new InMemoryRowStore(_counter), clock, Limit("ship", 1) with { Endpoint = "ship" });
        var other = StoreId.Parse("test-second");

        using var first = await budget.TakeAsync(Call("ship"), Cancellation);
        using var elsewhere = await budget.TakeAsync(Call("list"), Cancellation);
        using var neighbour = await budget.TakeAsync(Call("ship") with { Store = other }, Cancellation);
        var second = budget.TakeAsync(Call("ship"), Cancellation);

        Assert.Equal([Start, Start, Start], new[] { first.At, elsewhere.At, neighbour.At });
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Start.AddSeconds(1), (await second).At);
    }

    [Fact]
    public async Task A_day_holds_its_number_of_calls_and_the_next_day_begins_at_midnight_in_Japan()
    {
        var begin = Jst.At(new DateOnly(2026, 11, 24), new TimeOnly(23, 50));
        await CatchUpAsync(TimeSpan.FromMinutes(30), instances: 3, workersEach: 2, [Limit("all", 5), Day("day", 1000, LimitScope.Application)], (_, _) => Call("list"), begin: begin);

        var days = Times().GroupBy(Jst.DayOf).ToDictionary(d => d.Key, d => d.Count());
        output.WriteLine(string.Join(", ", days));
        Assert.InRange(days[new DateOnly(2026, 11, 24)], 950, 1000);
        Assert.InRange(days[new DateOnly(2026, 11, 25)], 950, 1000);
        NeverExceeds(Times(), 5);
    }

    [Fact]
    public async Task Who_would_wait_too_long_is_told_the_time_and_takes_nothing()
    {
        var clock = new FakeTimeProvider(Start);
        var rows = new InMemoryRowStore(_counter);
        var budget = Budget(rows, clock, Day("day", 1));
        (await budget.TakeAsync(Call("list"), Cancellation)).Dispose();
        var before = await budget.ReadAsync("test-market", Cancellation);

        var refusal = await Assert.ThrowsAsync<BudgetSpentException>(() => budget.TakeAsync(Call("list"), Cancellation));

        Assert.Equal(Jst.StartOf(new DateOnly(2026, 11, 25)), refusal.NotBefore);
        Assert.Equal(before, await budget.ReadAsync("test-market", Cancellation));
    }

    [Fact]
    public async Task The_margin_is_left_unused()
    {
        var clock = new FakeTimeProvider(Start);
        var budget = new MarketplaceBudget(new InMemoryRowStore(_counter), _ => [Limit("all", 1)], clock, new BudgetOptions { MarginPercent = 20 });
        using var first = await budget.TakeAsync(Call("list"), Cancellation);
        var second = budget.TakeAsync(Call("list"), Cancellation);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.25));
        Assert.Equal(Start.AddSeconds(1.25), (await second).At);
    }

    [Fact]
    public async Task The_margin_of_a_days_number_is_left_unused()
    {
        var budget = new MarketplaceBudget(
            new InMemoryRowStore(_counter), _ => [Day("day", 10)], new FakeTimeProvider(Start), new BudgetOptions { MarginPercent = 20 });
        for (var i = 0; i < 8; i++)
        {
            (await budget.TakeAsync(Call("list"), Cancellation)).Dispose();
        }

        await Assert.ThrowsAsync<BudgetSpentException>(() => budget.TakeAsync(Call("list"), Cancellation));
    }

    [Fact]
    public async Task A_serial_limit_has_one_call_in_flight_whatever_the_rate_allows()
    {
        var clock = new FakeTimeProvider(Start);
        var budget = Budget(new InMemoryRowStore(_counter), clock, Limit("all", 1) with { Serial = true });
        var first = await budget.TakeAsync(Call("list"), Cancellation);
        var second = budget.TakeAsync(Call("ship"), Cancellation);

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(second.IsCompleted);
        first.Dispose();

        Assert.Equal(Start.AddSeconds(10), (await second).At);
    }

    [Fact]
    public async Task A_serial_limit_lets_another_instance_begin_only_when_the_last_call_must_have_ended()
    {
        var clock = new FakeTimeProvider(Start);
        var rows = new InMemoryRowStore(_counter);
        var limit = Limit("all", 1) with { Serial = true };
        using var first = await Budget(rows, clock, limit).TakeAsync(Call("list"), Cancellation);
        var second = Budget(rows, clock, limit).TakeAsync(Call("list"), Cancellation);

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Start.AddSeconds(31), (await second).At);
    }

    [Fact]
    public async Task A_cancelled_call_gives_its_turn_back()
    {
        var clock = new FakeTimeProvider(Start);
        var budget = Budget(new InMemoryRowStore(_counter), clock, Limit("all", 1) with { Serial = true });
        (await budget.TakeAsync(Call("list"), Cancellation)).Dispose();
        using var impatience = new CancellationTokenSource();
        var second = budget.TakeAsync(Call("list"), impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Start.AddSeconds(5), (await budget.TakeAsync(Call("list"), Cancellation)).At);
    }

    [Fact]
    public async Task What_was_used_is_visible()
    {
        var clock = new FakeTimeProvider(Start);
        var budget = Budget(new InMemoryRowStore(_counter), clock, Limit("all", 1), Day("day", 1000));
        for (var i = 0; i < 30; i++)
        {
            (await budget.TakeAsync(Call("list"), Cancellation)).Dispose();
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0.5, await budget.UsedAsync(Call("list"), Cancellation));
        var usage = await budget.ReadAsync("test-market", Cancellation);
        Assert.Equal(["test-honten|all", "test-honten|day"], usage.Select(u => u.Limit));
        Assert.All(usage, u => Assert.InRange(u.Taken, 30, 62));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await budget.UsedAsync(Call("list"), Cancellation));
    }

    [Fact]
    public async Task Without_storage_no_call_is_made()
    {
        var budget = Budget(new BrokenRows(), new FakeTimeProvider(Start), Limit("all", 1));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => budget.TakeAsync(Call("list"), Cancellation));
    }

    private static MarketplaceCall Call(string endpoint) => new(Store, "test-market", endpoint, CallKind.Read);

    private static CallLimit Limit(string id, double perSecond) => new(id, null, LimitScope.Store, perSecond, null, false, "seen");

    private static CallLimit Day(string id, int perDay, LimitScope scope = LimitScope.Store) => new(id, null, scope, null, perDay, false, "seen");

    private static MarketplaceBudget Budget(IRowStore rows, TimeProvider clock, params CallLimit[] limits) =>
        new(rows, _ => limits, clock, new BudgetOptions { MarginPercent = 0 });

    /// <summary>No stretch of a second, a minute or ten minutes holds more calls than the limit allows.</summary>
    private static void NeverExceeds(List<DateTimeOffset> times, int perSecond)
    {
        foreach (var seconds in new[] { 1, 60, 600 })
        {
            for (var i = 0; i + (perSecond * seconds) < times.Count; i++)
            {
                var span = times[i + (perSecond * seconds)] - times[i];
                Assert.True(span >= TimeSpan.FromSeconds(seconds), $"{(perSecond * seconds) + 1} calls within {span} from {times[i]:O}");
            }
        }
    }

    private List<DateTimeOffset> Times(string? endpoint = null) => [.. _calls.Where(c => endpoint is null || c.Endpoint == endpoint).Select(c => c.At).Order()];

    /// <summary>Workers of several instances that always have a next call to make.</summary>
    private async Task CatchUpAsync(
        TimeSpan span, int instances, int workersEach, CallLimit[] limits, Func<int, int, MarketplaceCall> next, Func<TimeSpan>? rest = null, DateTimeOffset? begin = null)
    {
        var clock = new SimulatedTime(begin ?? Start);
        var end = clock.GetUtcNow() + span;
        var rows = new InMemoryRowStore(_counter);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var workers = Enumerable.Range(0, instances).SelectMany(instance =>
        {
            var budget = Budget(rows, clock, limits);
            return Enumerable.Range(0, workersEach).Select(worker => Task.Run(() => WorkAsync(budget, instance, worker), Cancellation));
        }).ToList();
        clock.RunUntil(end, () => workers.Count(w => !w.IsCompleted));
        await over.CancelAsync();
        await Task.WhenAll(workers);

        async Task WorkAsync(MarketplaceBudget budget, int instance, int worker)
        {
            try
            {
                while (true)
                {
                    await OneCallAsync(budget, next(instance, worker));
                }
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // the time is over
            }
        }

        async Task OneCallAsync(MarketplaceBudget budget, MarketplaceCall call)
        {
            TimeSpan pause;
            try
            {
                using var ticket = await budget.TakeAsync(call, over.Token);
                _calls.Add((call.Endpoint, call.Store, clock.GetUtcNow()));
                lock (clock)
                {
                    pause = rest?.Invoke() ?? TimeSpan.Zero;
                }
            }
            catch (BudgetSpentException spent)
            {
                pause = spent.NotBefore - clock.GetUtcNow();
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, over.Token);
            }
        }
    }

    private sealed class BrokenRows : IRowStore
    {
        public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) => throw new StorageUnavailableException("away");

        public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) => throw new StorageUnavailableException("away");

        public Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation) =>
            throw new StorageUnavailableException("away");
    }
}
