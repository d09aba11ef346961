using Infra.Storage;

namespace Tests.Infra.Storage;

/// <summary>What every message queue promises, whatever it is made of.</summary>
public abstract class MessageQueueContract : IAsyncLifetime
{
    protected const string Name = "order-pull";

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    protected StorageCounter Counter { get; } = new();

    protected IMessageQueue Queue { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Queue = await MakeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_message_comes_back_as_it_was_sent_and_is_gone_once_deleted()
    {
        await SendAsync("{\"text\":\"髙﨑𠮷 <&>\"}");

        var message = Assert.Single(await ReceiveAsync());
        Assert.Equal("{\"text\":\"髙﨑𠮷 <&>\"}", message.Body);
        Assert.Equal(1, message.DequeueCount);
        Assert.True(await Queue.DeleteAsync(Name, message, Cancellation));

        Assert.Equal(0, await Queue.CountAsync(Name, Cancellation));
        Assert.False(await Queue.DeleteAsync(Name, message, Cancellation));
    }

    [Fact]
    public async Task An_unknown_queue_is_empty()
    {
        Assert.Empty(await ReceiveAsync());
        Assert.Equal(0, await Queue.CountAsync(Name, Cancellation));
        Assert.False(await Queue.DeleteAsync(Name, new QueuedMessage(Guid.NewGuid().ToString(), "none", "", 1, default), Cancellation));
    }

    [Fact]
    public async Task A_taken_message_is_hidden_comes_back_and_counts_its_takings()
    {
        await SendAsync("a");
        var first = Assert.Single(await Queue.ReceiveAsync(Name, 1, TimeSpan.FromSeconds(1), Cancellation));
        Assert.Empty(await ReceiveAsync());

        await LetPassAsync(TimeSpan.FromSeconds(1.1));

        var second = Assert.Single(await ReceiveAsync());
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, second.DequeueCount);
        Assert.NotEqual(first.PopReceipt, second.PopReceipt);
    }

    [Fact]
    public async Task Who_lost_the_message_can_neither_delete_nor_hide_it()
    {
        await SendAsync("a");
        var first = Assert.Single(await Queue.ReceiveAsync(Name, 1, TimeSpan.FromSeconds(1), Cancellation));
        await LetPassAsync(TimeSpan.FromSeconds(1.1));
        var second = Assert.Single(await ReceiveAsync());

        Assert.False(await Queue.DeleteAsync(Name, first, Cancellation));
        Assert.Null(await Queue.HideAsync(Name, first, Long, Cancellation));
        Assert.True(await Queue.DeleteAsync(Name, second, Cancellation));
    }

    [Fact]
    public async Task A_delayed_message_shows_itself_when_its_time_has_come()
    {
        await Queue.SendAsync(Name, "later", TimeSpan.FromMilliseconds(900), Cancellation); // waits a whole second
        await Queue.SendAsync(Name, "now", TimeSpan.Zero, Cancellation);
        Assert.Equal("now", Assert.Single(await ReceiveAsync()).Body);
        Assert.Equal(2, await Queue.CountAsync(Name, Cancellation));

        await LetPassAsync(TimeSpan.FromSeconds(1.1));

        Assert.Equal("later", Assert.Single(await ReceiveAsync()).Body);
    }

    [Fact]
    public async Task A_message_handed_back_is_visible_at_once_with_its_body()
    {
        await SendAsync("again");
        var taken = Assert.Single(await ReceiveAsync());

        var handedBack = await Queue.HideAsync(Name, taken, TimeSpan.Zero, Cancellation);

        Assert.NotNull(handedBack);
        Assert.False(await Queue.DeleteAsync(Name, taken, Cancellation)); // its receipt is spent
        var retaken = Assert.Single(await ReceiveAsync());
        Assert.Equal("again", retaken.Body);
        Assert.Equal(2, retaken.DequeueCount);
    }

    [Fact]
    public async Task A_message_hidden_for_longer_stays_with_its_holder()
    {
        await SendAsync("a");
        var taken = Assert.Single(await Queue.ReceiveAsync(Name, 1, TimeSpan.FromSeconds(1), Cancellation));
        var held = await Queue.HideAsync(Name, taken, Long, Cancellation);
        await LetPassAsync(TimeSpan.FromSeconds(1.1));

        Assert.Empty(await ReceiveAsync());
        Assert.True(await Queue.DeleteAsync(Name, held!, Cancellation));
    }

    [Fact]
    public async Task Thirty_two_messages_come_at_once_each_to_one_taker()
    {
        for (var i = 0; i < 40; i++)
        {
            await SendAsync($"{i}");
        }

        var takings = await Task.WhenAll(ReceiveAsync(), ReceiveAsync());

        Assert.All(takings, t => Assert.InRange(t.Count, 0, 32));
        var bodies = takings.SelectMany(t => t).Select(m => m.Body).ToList();
        Assert.Equal(bodies.Distinct().Count(), bodies.Count);
        Assert.Equal(40, bodies.Count + (await ReceiveAsync()).Count);
    }

    [Fact]
    public async Task A_message_takes_up_to_48_KiB()
    {
        var largest = new string('日', 16 * 1024);
        await SendAsync(largest);
        Assert.Equal(largest, Assert.Single(await ReceiveAsync()).Body);

        await NothingSentAsync(() => SendAsync(largest + "x"));
    }

    [Fact]
    public async Task What_the_service_does_not_take_is_refused_before_it_is_sent()
    {
        await NothingSentAsync(() => Queue.SendAsync(Name, "a", TimeSpan.FromSeconds(-1), Cancellation));
        await NothingSentAsync(() => Queue.SendAsync(Name, "a", TimeSpan.FromDays(7.1), Cancellation));
        await NothingSentAsync(() => Queue.ReceiveAsync(Name, 0, Long, Cancellation));
        await NothingSentAsync(() => Queue.ReceiveAsync(Name, 33, Long, Cancellation));
        await NothingSentAsync(() => Queue.ReceiveAsync(Name, 1, TimeSpan.Zero, Cancellation));
        await NothingSentAsync(() => Queue.SendAsync("Order_Pull", "a", TimeSpan.Zero, Cancellation));
        await NothingSentAsync(() => Queue.SendAsync("order--pull", "a", TimeSpan.Zero, Cancellation));
        await NothingSentAsync(() => Queue.ReceiveAsync("ab", 1, Long, Cancellation));
    }

    [Fact]
    public async Task A_known_conversation_gives_the_known_figures()
    {
        await SendAsync("warm-up"); // the queue is there
        Assert.True(await Queue.DeleteAsync(Name, Assert.Single(await ReceiveAsync()), Cancellation));
        Counter.Reset();
        using (StorageCounter.Under("clock"))
        {
            await SendAsync("a");
            await SendAsync("b");
        }

        using (StorageCounter.Under("pull"))
        {
            var taken = await ReceiveAsync();
            await Queue.DeleteAsync(Name, taken[0], Cancellation);
            await Queue.HideAsync(Name, taken[1], Long, Cancellation);
        }

        await ReceiveAsync();
        await Queue.CountAsync(Name, Cancellation);

        Assert.Equal(
            [
                (("clock", "queues.order-pull.send"), 2L),
                (("other", "queues.order-pull.count"), 1L),
                (("other", "queues.order-pull.receive"), 1L),
                (("pull", "queues.order-pull.delete"), 1L),
                (("pull", "queues.order-pull.receive"), 1L),
                (("pull", "queues.order-pull.update"), 1L),
            ],
            Counter.Read().Requests.Select(r => (r.Key, r.Value)).Order());
    }

    protected abstract ValueTask<IMessageQueue> MakeAsync();

    /// <summary>Moves the queue's clock. The emulator knows only the real one.</summary>
    protected abstract Task LetPassAsync(TimeSpan span);

    private Task SendAsync(string body) => Queue.SendAsync(Name, body, TimeSpan.Zero, Cancellation);

    private Task<IReadOnlyList<QueuedMessage>> ReceiveAsync() => Queue.ReceiveAsync(Name, 32, Long, Cancellation);

    private async Task NothingSentAsync(Func<Task> call)
    {
        var before = Counter.Read().Total;
        await Assert.ThrowsAnyAsync<ArgumentException>(call);
        Assert.Equal(before, Counter.Read().Total);
    }
}
