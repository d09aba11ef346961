using Domain.Attention;
using Functions;
using Functions.Attention;
using Infra.Storage;
using Infra.Storage.InMemory;
using Tests.Functions.Crash;
using Tests.Functions.World;

namespace Tests.Functions.Attention;

/// <summary>No message ends where nobody looks, however its function dies.</summary>
public sealed class LastTriesTests
{
    [Fact]
    public async Task A_message_whose_function_runs_out_of_time_at_every_try_stands_in_attention_and_a_retry_does_its_work()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(3);
        shop.Market.Before = _ => throw new OperationCanceledException("out of time");
        await SendPullAsync(shop);
        for (var tries = 1; tries <= LastTries.MostDequeues; tries++)
        {
            var message = await TakeAsync(shop);
            Assert.Equal(tries, message.DequeueCount);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.WorkAsync(Queues.OrderPull, message));
            Assert.Equal(tries == LastTries.MostDequeues, (await shop.AttentionAsync()).Count > 0);
        }

        var item = Assert.Single(await shop.AttentionAsync());
        Assert.Equal(AttentionKind.MessageFailed, item.Kind);
        shop.Market.Before = _ => { };
        Assert.True(await shop.Get<AttentionList>().RetryAsync(item.Id, Shop.None));
        await shop.DrainAsync();
        Assert.Equal(3, (await shop.OrdersAsync()).Count);
        Assert.Empty(await shop.AttentionAsync());
    }

    [Fact]
    public async Task A_message_whose_process_is_killed_at_every_try_stands_in_attention()
    {
        var rows = new InMemoryRowStore(new StorageCounter());
        using var alive = await new Shop(rows).OpenAsync();
        alive.Place(3);
        await SendPullAsync(alive);
        for (var tries = 1; tries <= LastTries.MostDequeues; tries++)
        {
            var breaker = new Breaker();
            using var process = new Shop(new BreakingRows(rows, breaker), alive.Queue, alive.Clock, alive.Counter, alive.Market);
            alive.Market.Before = _ => breaker.Kill();
            var message = await TakeAsync(alive);
            await Assert.ThrowsAsync<ProcessDiedException>(() => process.WorkAsync(Queues.OrderPull, message));
        }

        Assert.Equal(AttentionKind.MessageFailed, Assert.Single(await alive.AttentionAsync()).Kind);
    }

    [Fact]
    public async Task A_message_that_goes_through_at_its_last_try_leaves_no_trace()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(3);
        await SendPullAsync(shop);
        QueuedMessage? message = null;
        for (var tries = 1; tries <= LastTries.MostDequeues; tries++)
        {
            message = await TakeAsync(shop);
        }

        await shop.WorkAsync(Queues.OrderPull, message!);

        Assert.Equal(3, (await shop.OrdersAsync()).Count);
        Assert.Empty(await shop.AttentionAsync());
    }

    [Fact]
    public async Task What_reaches_a_poison_queue_all_the_same_stands_in_attention_once()
    {
        using var shop = await new Shop().OpenAsync();
        var poison = new PoisonFunctions(shop.Get<AttentionList>(), shop.Clock);

        await poison.PushAsync("""{"group":"test-honten","batch":"b1"}""", "m1", Shop.None);
        await poison.PushAsync("""{"group":"test-honten","batch":"b1"}""", "m1", Shop.None);

        Assert.Equal(2, Assert.Single(await shop.AttentionAsync()).Count);
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_stands_in_attention_at_its_first_try()
    {
        using var shop = await new Shop().OpenAsync();
        await shop.Queue.SendAsync(Queues.Bundling, "{not json", TimeSpan.Zero, Shop.None);

        await shop.DrainAsync();

        Assert.Contains("unreadable message", Assert.Single(await shop.AttentionAsync()).Detail, StringComparison.Ordinal);
    }

    private static Task SendPullAsync(Shop shop) => shop.Get<Dispatch>().SendAsync(new PullMessage(shop.Store.Id.Value), TimeSpan.Zero, Shop.None);

    /// <summary>Takes the message once more, its last taker's time being over.</summary>
    private static async Task<QueuedMessage> TakeAsync(Shop shop)
    {
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        return (await shop.Queue.ReceiveAsync(Queues.OrderPull, 1, TimeSpan.FromMinutes(1), Shop.None))[0];
    }
}
