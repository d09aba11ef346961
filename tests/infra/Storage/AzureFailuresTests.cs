using Azure.Core;
using Infra.Storage;
using Infra.Storage.Azure;
using Tests.Infra.Azurite;

namespace Tests.Infra.Storage;

/// <summary>What the stores make of lost answers and refusals, on the real emulator behind a transport that breaks.</summary>
public sealed class AzureFailuresTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Partition = "group-a";

    private readonly FaultyTransport _wire = new();
    private readonly StorageCounter _counter = new();
    private AzureStorage _storage = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = await azurite.StorageAsync(_counter, options => options with { Transport = _wire, Retries = 2 });
        await CommitAsync(new RowAction.Insert(Some("first"))); // the table is there
        _counter.Reset();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_commit_whose_answer_was_lost_recognises_its_own_rows()
    {
        Once(Fault.LostAnswer);

        var tags = await CommitAsync(new RowAction.Insert(Some("a")), new RowAction.Insert(Some("b")));

        Assert.Equal(tags[0], (await FindAsync("a"))!.ETag);
        Assert.Equal(tags[1], (await FindAsync("b"))!.ETag);
        Assert.Equal(2, _counter.Read().OfOperation("tables.open.commit")); // the retry is counted
        Assert.Equal(1, _counter.Read().OfOperation("tables.open.recheck"));
        Assert.Equal(2, _counter.Read().Rows);
    }

    [Fact]
    public async Task A_replacement_whose_answer_was_lost_recognises_its_own_rows()
    {
        var old = (await CommitAsync(new RowAction.Insert(Some("a")), new RowAction.Insert(Some("x"))))!;
        Once(Fault.LostAnswer);

        var tags = await CommitAsync(new RowAction.Delete("x", old[1]), new RowAction.Replace(Some("a", "new"), old[0]));

        Assert.Equal("", tags[0]);
        Assert.Equal(tags[1], (await FindAsync("a"))!.ETag);
        Assert.Null(await FindAsync("x"));
    }

    [Fact]
    public async Task A_row_that_someone_replaced_between_two_tries_has_an_ETag_that_never_matches()
    {
        var other = await azurite.StorageAsync(new StorageCounter(), options => options with { Prefix = _storage.Prefix });
        var tries = 0;
        _wire.Next = request => IsCommit(request) ? ++tries == 1 ? Fault.LostAnswer : BeforeRetry() : Fault.None;

        Fault BeforeRetry()
        {
            if (tries == 2)
            {
                var row = other.Rows.FindAsync("open", Partition, "a", Cancellation).GetAwaiter().GetResult()!;
                other.Rows.CommitAsync("open", Partition, [new RowAction.Replace(Some("a", "theirs"), row.ETag!)], Cancellation).GetAwaiter().GetResult();
            }

            return Fault.None;
        }

        var tags = await CommitAsync(new RowAction.Insert(Some("a", "mine")), new RowAction.Insert(Some("b")));

        Assert.Equal(tags[1], (await FindAsync("b"))!.ETag);
        _wire.Next = _ => Fault.None;
        var refusal = await Assert.ThrowsAsync<RowConflictException>(() => CommitAsync(new RowAction.Replace(Some("a", "stale"), tags[0])));
        Assert.Equal(RowConflict.Moved, refusal.Conflict);
    }

    [Fact]
    public async Task A_true_conflict_on_a_repeated_request_is_still_a_conflict()
    {
        await CommitAsync(new RowAction.Insert(Some("a", "theirs")));
        Once(Fault.NeverArrives);

        var refusal = await Assert.ThrowsAsync<RowConflictException>(() => CommitAsync(new RowAction.Insert(Some("x")), new RowAction.Insert(Some("a", "mine"))));

        Assert.Equal((1, RowConflict.Exists), (refusal.Index, refusal.Conflict));
        Assert.Null(await FindAsync("x"));
    }

    [Fact]
    public async Task A_conflict_without_a_retry_costs_no_further_request()
    {
        await CommitAsync(new RowAction.Insert(Some("a")));
        _counter.Reset();

        await Assert.ThrowsAsync<RowConflictException>(() => CommitAsync(new RowAction.Insert(Some("a"))));

        Assert.Equal(1, _counter.Read().Total);
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_unknown_and_not_a_conflict()
    {
        var tag = (await CommitAsync(new RowAction.Insert(Some("a"))))[0];
        Once(Fault.LostAnswer);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => CommitAsync(new RowAction.Delete("a", tag)));

        Assert.Null(await FindAsync("a"));
    }

    [Theory]
    [InlineData(Fault.Busy)]
    [InlineData(Fault.NeverArrives)]
    [InlineData(Fault.LostAnswer)]
    public async Task A_service_that_stays_away_is_unavailable_after_its_retries(Fault fault)
    {
        _wire.Next = _ => fault;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => FindAsync("first"));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _storage.Rows.ReadAsync("open", Partition, RowRange.Prefix("f"), Cancellation));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => CommitAsync(new RowAction.Upsert(Some("a"))));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _storage.Queue.SendAsync("order-pull", "{}", TimeSpan.Zero, Cancellation));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _storage.Queue.ReceiveAsync("order-pull", 1, TimeSpan.FromSeconds(5), Cancellation));

        Assert.Equal(3, _counter.Read().OfOperation("tables.open.find"));
        Assert.Equal(3, _counter.Read().OfOperation("tables.open.commit"));
        Assert.Equal(3, _counter.Read().OfOperation("queues.order-pull.send"));
    }

    [Fact]
    public async Task A_service_that_hangs_is_unavailable_once_its_time_is_over()
    {
        var storage = await azurite.StorageAsync(_counter, options => options with { Transport = new FaultyTransport { Next = _ => Fault.Hangs }, Retries = 1, Timeout = TimeSpan.FromMilliseconds(50) });

        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.Rows.FindAsync("open", Partition, "a", Cancellation));

        Assert.Equal(2, _counter.Read().OfOperation("tables.open.find"));
    }

    [Fact]
    public async Task Who_cancels_gets_a_cancellation_and_no_outage()
    {
        var storage = await azurite.StorageAsync(_counter, options => options with { Transport = new FaultyTransport { Next = _ => Fault.Hangs } });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => storage.Rows.FindAsync("open", Partition, "a", patience.Token));
    }

    [Fact]
    public async Task A_message_whose_deletion_went_unanswered_counts_as_deleted()
    {
        await _storage.Queue.SendAsync("order-pull", "{}", TimeSpan.Zero, Cancellation);
        var taken = Assert.Single(await _storage.Queue.ReceiveAsync("order-pull", 1, TimeSpan.FromMinutes(1), Cancellation));
        Once(Fault.LostAnswer);

        Assert.True(await _storage.Queue.DeleteAsync("order-pull", taken, Cancellation));
    }

    [Fact]
    public async Task The_size_of_a_batch_is_never_underestimated()
    {
        var columns = new Dictionary<string, object>
        {
            ["text"] = string.Concat(Enumerable.Repeat("髙<\"a", 50)),
            ["long"] = long.MinValue,
            ["flag"] = true,
            ["share"] = double.MaxValue,
            ["at"] = DateTimeOffset.MaxValue,
        };
        RowAction[] inserts = [.. Enumerable.Range(0, 50).Select(i => new RowAction.Insert(new Row($"日本'{i:d3}|x", null, columns, Noise(3000))))];
        var tags = await CommitAsync(inserts);
        CheckEstimate();

        await CommitAsync([.. inserts.Cast<RowAction.Insert>().Select((insert, i) => new RowAction.Replace(insert.Row, tags[i]))]);
        CheckEstimate();

        void CheckEstimate()
        {
            var estimate = inserts.Cast<RowAction.Insert>().Sum(insert => RowLimits.BatchBytes(Partition, insert.Row));
            Assert.InRange(estimate, _wire.LargestRequest, _wire.LargestRequest * 1.2);
        }
    }

    private static Row Some(string key, string? body = null) => new(key, System.Text.Encoding.UTF8.GetBytes(body ?? key));

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static bool IsCommit(Request request) => request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal);

    private Task<Row?> FindAsync(string key) => _storage.Rows.FindAsync("open", Partition, key, Cancellation);

    private Task<IReadOnlyList<string>> CommitAsync(params RowAction[] actions) => _storage.Rows.CommitAsync("open", Partition, actions, Cancellation);

    private void Once(Fault fault)
    {
        var done = false;
        _wire.Next = _ =>
        {
            var now = done ? Fault.None : fault;
            done = true;
            return now;
        };
    }
}
