using Local.Host;

namespace Tests.System.Host;

/// <summary>The local host treats messages as the real one does. The queue is the in-memory twin on a clock that the test moves.</summary>
public sealed class QueueListenerTests
{
    [Fact]
    public void Reads_the_settings_of_the_projects_own_host_json()
    {
        var settings = QueueRig.Settings;

        Assert.Equal((8, 4, 5), (settings.BatchSize, settings.NewBatchThreshold, settings.MaxDequeueCount));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)), (settings.VisibilityTimeout, settings.FunctionTimeout));
        Assert.Equal("api", settings.RoutePrefix);
    }

    [Fact]
    public async Task Binds_the_body_the_id_and_the_dequeue_count()
    {
        await using var rig = new QueueRig();
        await rig.SendAsync("見本");
        rig.Start();

        var call = await rig.Probe.NextAsync();

        Assert.Equal(("見本", 1L), (call.Body, call.DequeueCount));
        Assert.NotEmpty(call.Id);
        await rig.Watched.SawAsync("delete");
        Assert.Equal(0, await rig.Twin.CountAsync(QueueRig.Queue, QueueRig.None));
    }

    [Fact]
    public async Task Works_on_a_batch_and_takes_the_next_one_only_when_few_enough_are_in_hand()
    {
        const int Messages = 40;
        await using var rig = new QueueRig();
        using var gate = new SemaphoreSlim(0);
        var inHand = 0;
        var most = 0;
        rig.Probe.Work = async _ =>
        {
            var now = Interlocked.Increment(ref inHand);
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
            {
                Interlocked.CompareExchange(ref most, now, seen);
            }

            await gate.WaitAsync();
            Interlocked.Decrement(ref inHand);
        };
        for (var i = 0; i < Messages; i++)
        {
            await rig.SendAsync($"m{i}");
        }

        rig.Start();
        await TakeAsync(8);
        gate.Release(4); // four stay in hand: the threshold
        await TakeAsync(8);
        Assert.Equal(12, Volatile.Read(ref most)); // batchSize + newBatchThreshold

        gate.Release(Messages);
        await TakeAsync(Messages - 16);
        Assert.Equal(12, Volatile.Read(ref most));

        async Task TakeAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await rig.Probe.NextAsync();
            }
        }
    }

    [Fact]
    public async Task A_message_whose_function_fails_comes_again_after_the_visibility_timeout_and_not_before()
    {
        await using var rig = new QueueRig();
        rig.Probe.Work = call => call.DequeueCount == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;
        await rig.SendAsync("m");
        rig.Start();
        var first = await rig.Probe.NextAsync();
        await rig.Watched.SawAsync("hide");

        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        rig.Watched.Forget();
        await rig.Watched.SawAsync("nothing");
        await rig.Watched.SawAsync("nothing"); // this poll began after the clock had moved
        Assert.False(rig.Probe.TryNext(out _));

        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await rig.Probe.NextAsync();
        Assert.Equal((first.Id, 2L), (second.Id, second.DequeueCount));
    }

    [Fact]
    public async Task A_message_that_fails_at_its_last_try_goes_to_the_poison_queue_with_its_body()
    {
        await using var rig = new QueueRig();
        rig.Probe.Work = _ => throw new InvalidOperationException("always");
        await rig.SendAsync("m");
        rig.Start();
        for (var i = 1; i < QueueRig.Settings.MaxDequeueCount; i++)
        {
            Assert.Equal(i, (await rig.Probe.NextAsync()).DequeueCount);
            await rig.Watched.SawAsync("hide");
            rig.Clock.Advance(QueueRig.Settings.VisibilityTimeout);
        }

        Assert.Equal(5, (await rig.Probe.NextAsync()).DequeueCount);
        await rig.Watched.SawAsync("send work-poison");
        await rig.Watched.SawAsync("delete");
        Assert.Equal([("work-poison", "m")], rig.Twin.Dump());
    }

    [Fact]
    public async Task A_cancellation_that_is_not_the_hosts_is_a_failure_like_any_other()
    {
        await using var rig = new QueueRig();
        rig.Probe.Work = _ => throw new TaskCanceledException("a client's own time-out");
        await rig.SendAsync("m");
        rig.Start();
        await rig.Probe.NextAsync();

        await rig.Watched.SawAsync("hide");

        rig.Clock.Advance(QueueRig.Settings.VisibilityTimeout);
        Assert.Equal(2, (await rig.Probe.NextAsync()).DequeueCount);
    }

    [Fact]
    public async Task A_function_that_runs_out_of_time_is_cancelled_and_its_message_never_reaches_the_poison_queue_by_itself()
    {
        await using var rig = new QueueRig(QueueRig.Settings with { MaxDequeueCount = 1 });
        rig.Probe.Work = call => Task.Delay(Timeout.Infinite, call.Cancellation);
        await rig.SendAsync("m");
        rig.Start();
        var call = await rig.Probe.NextAsync();

        rig.Clock.Advance(QueueRig.Settings.FunctionTimeout - TimeSpan.FromSeconds(1));
        Assert.False(call.Cancellation.IsCancellationRequested);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(call.Cancellation.IsCancellationRequested);

        await (await rig.StopAsync());
        Assert.Equal([("work", "m")], rig.Twin.Dump());
    }

    [Fact]
    public async Task Stopping_finishes_the_message_in_hand_and_takes_no_further_one()
    {
        await using var rig = new QueueRig();
        var finish = new TaskCompletionSource();
        rig.Probe.Work = _ => finish.Task;
        await rig.SendAsync("in hand");
        rig.Start();
        var call = await rig.Probe.NextAsync();

        var stopped = await rig.StopAsync();
        await rig.SendAsync("too late");
        Assert.False(stopped.IsCompleted);
        Assert.False(call.Cancellation.IsCancellationRequested);
        finish.SetResult();
        await stopped;

        Assert.Equal([("work", "too late")], rig.Twin.Dump());
        Assert.False(rig.Probe.TryNext(out _));
    }

    [Fact]
    public async Task A_message_that_outlasts_the_grace_is_cancelled_and_stays_in_the_queue()
    {
        await using var rig = new QueueRig();
        rig.Probe.Work = call => Task.Delay(Timeout.Infinite, call.Cancellation);
        await rig.SendAsync("m");
        rig.Start();
        await rig.Probe.NextAsync();

        var stopped = await rig.StopAsync();
        await rig.KillAsync();
        await stopped;

        Assert.Equal([("work", "m")], rig.Twin.Dump());
    }
}
