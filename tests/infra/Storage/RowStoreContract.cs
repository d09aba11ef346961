using System.Text;
using Infra.Storage;

namespace Tests.Infra.Storage;

/// <summary>What every row store promises, whatever it is made of.</summary>
public abstract class RowStoreContract : IAsyncLifetime
{
    protected const string Table = "open";
    protected const string Partition = "group-a";

    protected StorageCounter Counter { get; } = new();

    protected IRowStore Rows { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Rows = await MakeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_row_comes_back_as_it_was_written()
    {
        var time = new DateTimeOffset(2026, 11, 24, 10, 30, 0, TimeSpan.FromHours(9)).AddTicks(1234567);
        var columns = new Dictionary<string, object>
        {
            ["state"] = "髙﨑𠮷 \"'<&>",
            ["count"] = 9_007_199_254_740_993L,
            ["ready"] = true,
            ["share"] = 3.0,
            ["placed"] = time,
            ["empty"] = "",
        };
        await CommitAsync(new RowAction.Insert(new Row("o|code'1", null, columns, "body"u8.ToArray())));

        var row = await Rows.FindAsync(Table, Partition, "o|code'1", Cancellation);

        Assert.NotNull(row);
        Assert.Equal("o|code'1", row.Key);
        Assert.Equal(columns.Keys.Order(), row.Columns.Keys.Order());
        Assert.Equal("髙﨑𠮷 \"'<&>", row.Text("state"));
        Assert.Equal(9_007_199_254_740_993L, row.Number("count"));
        Assert.True(row.Flag("ready"));
        Assert.Equal(3.0, Assert.IsType<double>(row.Columns["share"]));
        Assert.Equal(time, row.Time("placed"));
        Assert.Equal(TimeSpan.Zero, row.Time("placed")!.Value.Offset);
        Assert.Equal("body"u8.ToArray(), row.Body.ToArray());
        Assert.False(string.IsNullOrEmpty(row.ETag));
    }

    [Fact]
    public async Task A_row_that_was_never_written_is_not_found_nor_is_its_table()
    {
        Assert.Null(await Rows.FindAsync("nowhere", Partition, "a", Cancellation));
        Assert.Empty((await Rows.ReadAsync("nowhere", Partition, RowRange.Prefix("a"), Cancellation)).Rows);
        await InsertAsync("a");
        Assert.Null(await Rows.FindAsync(Table, Partition, "b", Cancellation));
        Assert.Null(await Rows.FindAsync(Table, "group-b", "a", Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    [InlineData(900_000)]
    public async Task A_body_of_any_size_comes_back_whether_it_shrinks_or_not(int bytes)
    {
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        var text = Encoding.UTF8.GetBytes(new string('日', bytes));
        await CommitAsync(new RowAction.Insert(new Row("noise", noise)), new RowAction.Insert(new Row("text", text)));

        Assert.Equal(noise, (await Rows.FindAsync(Table, Partition, "noise", Cancellation))!.Body.ToArray());
        Assert.Equal(text, (await Rows.FindAsync(Table, Partition, "text", Cancellation))!.Body.ToArray());
    }

    [Fact]
    public async Task A_smaller_body_leaves_nothing_of_the_larger_one_before_it()
    {
        var noise = new byte[200_000];
        new Random(7).NextBytes(noise);
        var tag = (await CommitAsync(new RowAction.Insert(new Row("a", null, new Dictionary<string, object> { ["old"] = 1L }, noise))))[0];

        await CommitAsync(new RowAction.Replace(new Row("a", "small"u8.ToArray()), tag));

        var row = await Rows.FindAsync(Table, Partition, "a", Cancellation);
        Assert.Equal("small"u8.ToArray(), row!.Body.ToArray());
        Assert.Empty(row.Columns);
    }

    [Fact]
    public async Task Every_write_changes_the_ETag_and_says_the_new_one()
    {
        var first = (await CommitAsync(new RowAction.Insert(Some("a"))))[0];
        var second = (await CommitAsync(new RowAction.Replace(Some("a"), first)))[0];
        var third = (await CommitAsync(new RowAction.Upsert(Some("a"))))[0];

        Assert.Equal(3, new HashSet<string> { first, second, third }.Count);
        Assert.Equal(third, (await Rows.FindAsync(Table, Partition, "a", Cancellation))!.ETag);
        Assert.Equal(third, (await Rows.ReadAsync(Table, Partition, RowRange.Prefix("a"), Cancellation)).Rows.Single().ETag);
        Assert.Equal("", (await CommitAsync(new RowAction.Delete("a", third)))[0]);
        Assert.Null(await Rows.FindAsync(Table, Partition, "a", Cancellation));
    }

    [Fact]
    public async Task The_ETags_of_a_batch_stand_in_the_order_of_its_actions()
    {
        await InsertAsync("gone");
        var gone = (await Rows.FindAsync(Table, Partition, "gone", Cancellation))!;

        var tags = await CommitAsync(new RowAction.Insert(Some("z")), new RowAction.Delete("gone", gone.ETag!), new RowAction.Upsert(Some("a")));

        Assert.Equal("", tags[1]);
        Assert.Equal(tags[0], (await Rows.FindAsync(Table, Partition, "z", Cancellation))!.ETag);
        Assert.Equal(tags[2], (await Rows.FindAsync(Table, Partition, "a", Cancellation))!.ETag);
    }

    [Fact]
    public async Task An_insert_that_meets_a_row_is_refused_with_its_index_and_nothing_of_the_batch_is_written()
    {
        await InsertAsync("b");

        var refusal = await RefusedAsync(new RowAction.Insert(Some("a")), new RowAction.Insert(Some("b")), new RowAction.Upsert(Some("c")));

        Assert.Equal((1, "b", RowConflict.Exists), (refusal.Index, refusal.Key, refusal.Conflict));
        Assert.Null(await Rows.FindAsync(Table, Partition, "a", Cancellation));
        Assert.Null(await Rows.FindAsync(Table, Partition, "c", Cancellation));
    }

    [Fact]
    public async Task A_replace_of_a_row_that_has_moved_on_is_refused()
    {
        var old = (await CommitAsync(new RowAction.Insert(Some("a"))))[0];
        await CommitAsync(new RowAction.Replace(Some("a", "newer"), old));

        var refusal = await RefusedAsync(new RowAction.Insert(Some("x")), new RowAction.Insert(Some("y")), new RowAction.Replace(Some("a", "stale"), old));

        Assert.Equal((2, "a", RowConflict.Moved), (refusal.Index, refusal.Key, refusal.Conflict));
        Assert.Equal("newer", Text(await Rows.FindAsync(Table, Partition, "a", Cancellation)));
        Assert.Null(await Rows.FindAsync(Table, Partition, "x", Cancellation));
    }

    [Fact]
    public async Task A_delete_of_a_row_that_has_moved_on_is_refused()
    {
        var old = (await CommitAsync(new RowAction.Insert(Some("a"))))[0];
        await CommitAsync(new RowAction.Replace(Some("a", "newer"), old));

        var refusal = await RefusedAsync(new RowAction.Insert(Some("x")), new RowAction.Delete("a", old));

        Assert.Equal((1, "a", RowConflict.Moved), (refusal.Index, refusal.Key, refusal.Conflict));
        Assert.NotNull(await Rows.FindAsync(Table, Partition, "a", Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_of_a_row_that_is_gone_is_refused(bool delete)
    {
        var tag = (await CommitAsync(new RowAction.Insert(Some("a"))))[0];
        await CommitAsync(new RowAction.Delete("a", tag));

        var refusal = await RefusedAsync(new RowAction.Insert(Some("x")), delete ? new RowAction.Delete("a", tag) : new RowAction.Replace(Some("a"), tag));

        Assert.Equal((1, "a", RowConflict.Gone), (refusal.Index, refusal.Key, refusal.Conflict));
        Assert.Null(await Rows.FindAsync(Table, Partition, "x", Cancellation));
    }

    [Fact]
    public async Task A_row_that_was_deleted_can_be_inserted_again_and_its_old_ETag_stays_dead()
    {
        var old = (await CommitAsync(new RowAction.Insert(Some("a"))))[0];
        await CommitAsync(new RowAction.Delete("a", old));
        await InsertAsync("a");

        Assert.Equal(RowConflict.Moved, (await RefusedAsync(new RowAction.Replace(Some("a"), old))).Conflict);
    }

    [Fact]
    public async Task A_hundred_actions_are_one_batch_and_a_hundred_and_one_are_refused_before_they_are_sent()
    {
        RowAction[] hundred = [.. Enumerable.Range(0, 100).Select(i => new RowAction.Insert(Some($"k{i:d3}")))];
        Assert.Equal(100, (await CommitAsync(hundred)).Count);

        await RefusedBeforeSendingAsync([.. hundred, new RowAction.Insert(Some("more"))]);
        await RefusedBeforeSendingAsync();
    }

    [Fact]
    public async Task One_row_has_one_action_in_a_batch() =>
        await RefusedBeforeSendingAsync(new RowAction.Insert(Some("a")), new RowAction.Delete("a", "W/\"x\""));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u0085b")]
    public async Task A_key_that_the_service_does_not_take_is_refused_before_it_is_sent(string key)
    {
        await RefusedBeforeSendingAsync(new RowAction.Insert(Some(key)));
        await NothingSentAsync<ArgumentException>(() => Rows.FindAsync(Table, Partition, key, Cancellation));
        await NothingSentAsync<ArgumentException>(() => Rows.CommitAsync(Table, key, [new RowAction.Insert(Some("a"))], Cancellation));
        await NothingSentAsync<ArgumentException>(() => Rows.ReadAsync(Table, key, RowRange.Prefix("a"), Cancellation));
    }

    [Fact]
    public async Task A_key_with_half_a_surrogate_pair_is_refused()
    {
        await RefusedBeforeSendingAsync(new RowAction.Insert(Some("half \ud842")));
        await RefusedBeforeSendingAsync(new RowAction.Insert(Some("\udfb7 half")));
        await CommitAsync(new RowAction.Insert(Some("whole 𠮷")));
    }

    [Fact]
    public async Task A_key_has_up_to_512_characters()
    {
        var longest = new string('k', 512);
        await CommitAsync(new RowAction.Insert(Some(longest)));

        Assert.NotNull(await Rows.FindAsync(Table, Partition, longest, Cancellation));
        await RefusedBeforeSendingAsync(new RowAction.Insert(Some(longest + "k")));
    }

    [Theory]
    [InlineData("no-such-name")]
    [InlineData("1st")]
    [InlineData("ab")]
    public async Task A_table_name_that_the_service_does_not_take_is_refused(string table)
    {
        await NothingSentAsync<ArgumentException>(() => Rows.FindAsync(table, Partition, "a", Cancellation));
        await NothingSentAsync<ArgumentException>(() => Rows.CommitAsync(table, Partition, [new RowAction.Insert(Some("a"))], Cancellation));
    }

    [Fact]
    public async Task A_text_column_has_up_to_32768_characters()
    {
        var longest = new string('長', 32_768);
        await CommitAsync(new RowAction.Insert(With("a", "text", longest)));

        Assert.Equal(longest, (await Rows.FindAsync(Table, Partition, "a", Cancellation))!.Text("text"));
        await RefusedBeforeSendingAsync(new RowAction.Insert(With("b", "text", longest + "長")));
    }

    [Theory]
    [InlineData("b0")]
    [InlineData("b12")]
    [InlineData("cid")]
    [InlineData("RowKey")]
    [InlineData("Timestamp")]
    [InlineData("1st")]
    [InlineData("with-hyphen")]
    [InlineData("")]
    public async Task A_column_name_that_means_something_else_is_refused(string name) =>
        await RefusedBeforeSendingAsync(new RowAction.Insert(With("a", name, "x")));

    [Fact]
    public async Task A_column_of_a_kind_that_cannot_be_stored_is_refused()
    {
        await RefusedBeforeSendingAsync(new RowAction.Insert(With("a", "number", 1)));
        await RefusedBeforeSendingAsync(new RowAction.Insert(With("a", "money", 1.5m)));
        await RefusedBeforeSendingAsync(new RowAction.Insert(With("a", "time", DateTimeOffset.MinValue)));
        await RefusedBeforeSendingAsync(new RowAction.Insert(new Row("a", null, Enumerable.Range(0, 201).ToDictionary(i => $"c{i}", _ => (object)1L), default)));
    }

    [Fact]
    public async Task A_row_takes_up_to_one_mebibyte()
    {
        var noise = new byte[(1024 * 1024) - 1000];
        new Random(7).NextBytes(noise);
        await CommitAsync(new RowAction.Insert(new Row("largest", noise)));

        Assert.Equal(noise, (await Rows.FindAsync(Table, Partition, "largest", Cancellation))!.Body.ToArray());
        var more = new byte[1024 * 1024];
        new Random(7).NextBytes(more);
        var refusal = await RefusedBeforeSendingAsync(new RowAction.Insert(new Row("more", more)));
        Assert.Contains("a row takes at most 1048576", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_takes_up_to_four_mebibytes_on_the_wire()
    {
        var noise = new byte[100 * 1024];
        new Random(7).NextBytes(noise);
        RowAction Large(int i) => new RowAction.Insert(new Row($"k{i:d3}", noise));
        await CommitAsync([.. Enumerable.Range(0, 30).Select(Large)]); // 30 × 100 KiB are 4.0 MB in Base64

        await RefusedBeforeSendingAsync([.. Enumerable.Range(100, 31).Select(Large)]);
    }

    [Fact]
    public async Task A_change_always_names_the_version_that_it_rests_on()
    {
        await InsertAsync("a");
        foreach (var none in new[] { "", "*", null })
        {
            await RefusedBeforeSendingAsync(new RowAction.Replace(Some("a"), none!));
            await RefusedBeforeSendingAsync(new RowAction.Delete("a", none!));
        }
    }

    [Fact]
    public async Task A_range_brings_its_rows_in_ordinal_order_and_no_other()
    {
        await InsertAsync("a|1", "a|Z", "a|a", "a|_", "a|é", "a|日", "a|10", "a|2", "a", "b|1", "A|1", "a}");

        var page = await Rows.ReadAsync(Table, Partition, RowRange.Prefix("a|"), Cancellation);

        Assert.Equal(["a|1", "a|10", "a|2", "a|Z", "a|_", "a|a", "a|é", "a|日"], page.Rows.Select(r => r.Key));
        Assert.Null(page.Continuation);
        var some = await Rows.ReadAsync(Table, Partition, new RowRange("a|10", "a|Z"), Cancellation);
        Assert.Equal(["a|10", "a|2"], some.Rows.Select(r => r.Key));
        Assert.Empty((await Rows.ReadAsync(Table, Partition, new RowRange("z", "a"), Cancellation)).Rows);
    }

    [Fact]
    public async Task A_projection_brings_the_columns_asked_for_without_the_body()
    {
        await CommitAsync(new RowAction.Insert(new Row("a", null, new Dictionary<string, object> { ["state"] = "Open", ["count"] = 3L }, "body"u8.ToArray())));

        var some = (await Rows.ReadAsync(Table, Partition, RowRange.Prefix("a") with { Columns = ["state", "never"] }, Cancellation)).Rows.Single();
        var keys = (await Rows.ReadAsync(Table, Partition, RowRange.Prefix("a") with { Columns = [] }, Cancellation)).Rows.Single();

        Assert.Equal(["state"], some.Columns.Keys);
        Assert.Equal("Open", some.Text("state"));
        Assert.True(some.Body.IsEmpty);
        Assert.Equal("a", keys.Key);
        Assert.Empty(keys.Columns);
        var whole = await Rows.FindAsync(Table, Partition, "a", Cancellation);
        Assert.Equal(whole!.ETag, some.ETag);
        Assert.Equal(whole.ETag, keys.ETag);
    }

    [Fact]
    public async Task A_long_range_comes_in_pages_that_continue_where_the_last_one_stopped()
    {
        string[] all = [.. Enumerable.Range(0, 25).Select(i => $"k|{i:d2}")];
        await InsertAsync(all);
        await InsertAsync("other");

        var seen = new List<string>();
        var range = RowRange.Prefix("k|") with { Take = 10 };
        do
        {
            var page = await Rows.ReadAsync(Table, Partition, range, Cancellation);
            Assert.InRange(page.Rows.Count, 0, 10);
            seen.AddRange(page.Rows.Select(r => r.Key));
            range = range with { Continuation = page.Continuation };
        }
        while (range.Continuation is not null);

        Assert.Equal(all, seen);
    }

    [Fact]
    public async Task A_page_of_more_than_a_thousand_rows_is_cut_at_a_thousand()
    {
        for (var batch = 0; batch < 11; batch++)
        {
            await InsertAsync([.. Enumerable.Range(batch * 100, 100).Select(i => $"k{i:d5}")]);
        }

        var page = await Rows.ReadAsync(Table, Partition, RowRange.Prefix("k") with { Take = 5000, Columns = [] }, Cancellation);

        Assert.Equal(1000, page.Rows.Count);
        var rest = await Rows.ReadAsync(Table, Partition, RowRange.Prefix("k") with { Continuation = page.Continuation }, Cancellation);
        Assert.Equal(100, rest.Rows.Count);
        await NothingSentAsync<ArgumentException>(() => Rows.ReadAsync(Table, Partition, RowRange.Prefix("k") with { Take = 0 }, Cancellation));
    }

    [Fact]
    public async Task Partitions_and_tables_do_not_see_each_other()
    {
        await InsertAsync("a");
        await Rows.CommitAsync(Table, "group-b", [new RowAction.Insert(Some("a", "b's"))], Cancellation);
        await Rows.CommitAsync("raw", Partition, [new RowAction.Insert(Some("a", "raw"))], Cancellation);

        Assert.Equal("a", Text(await Rows.FindAsync(Table, Partition, "a", Cancellation)));
        Assert.Equal("b's", Text(await Rows.FindAsync(Table, "group-b", "a", Cancellation)));
        Assert.Equal("raw", Text(await Rows.FindAsync("raw", Partition, "a", Cancellation)));
    }

    [Fact]
    public async Task No_update_is_lost_when_eight_count_on_one_row_at_once()
    {
        await CommitAsync(new RowAction.Insert(With("sum", "n", 0L)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var done = 0; done < 10;)
            {
                await Task.Yield();
                var row = (await Rows.FindAsync(Table, Partition, "sum", Cancellation))!;
                try
                {
                    await CommitAsync(new RowAction.Replace(With("sum", "n", row.Number("n") + 1), row.ETag!));
                    done++;
                }
                catch (RowConflictException moved)
                {
                    Assert.Equal(RowConflict.Moved, moved.Conflict);
                }
            }
        }));

        Assert.Equal(80, (await Rows.FindAsync(Table, Partition, "sum", Cancellation))!.Number("n"));
    }

    [Fact]
    public async Task One_of_eight_who_insert_the_same_row_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            await Task.Yield();
            try
            {
                await CommitAsync(new RowAction.Insert(Some("claim", $"{i}")), new RowAction.Insert(Some($"of-{i}")));
                return i;
            }
            catch (RowConflictException)
            {
                return -1;
            }
        }));

        var winner = Assert.Single(outcomes, o => o >= 0);
        Assert.Equal($"{winner}", Text(await Rows.FindAsync(Table, Partition, "claim", Cancellation)));
        var side = await Rows.ReadAsync(Table, Partition, RowRange.Prefix("of-"), Cancellation);
        Assert.Equal([$"of-{winner}"], side.Rows.Select(r => r.Key));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rows.CommitAsync(Table, Partition, [new RowAction.Insert(Some("a"))], cancelled.Token));

        Assert.Null(await Rows.FindAsync(Table, Partition, "a", Cancellation));
    }

    [Fact]
    public async Task A_known_conversation_gives_the_known_figures()
    {
        await InsertAsync("warm-up"); // the table is there
        Counter.Reset();
        using (StorageCounter.Under("pull"))
        {
            var tag = (await CommitAsync(new RowAction.Insert(With("a", "n", 1L)), new RowAction.Insert(Some("b"))))[0]; // two rows, one request
            await CommitAsync(new RowAction.Replace(With("a", "text", "日本"), tag)); // one row
            await RefusedAsync(new RowAction.Insert(Some("a"))); // no row
            await Rows.FindAsync(Table, Partition, "a", Cancellation);
            await Rows.FindAsync(Table, Partition, "missing", Cancellation);
        }

        using (StorageCounter.Under("bundle"))
        {
            await Rows.ReadAsync(Table, Partition, RowRange.Prefix("a"), Cancellation);
            var tag = (await Rows.FindAsync(Table, Partition, "b", Cancellation))!.ETag!;
            await CommitAsync(new RowAction.Delete("b", tag));
        }

        var counts = Counter.Read();
        Assert.Equal(
            [
                (("bundle", "tables.open.commit"), 1L),
                (("bundle", "tables.open.find"), 1L),
                (("bundle", "tables.open.read"), 1L),
                (("pull", "tables.open.commit"), 3L),
                (("pull", "tables.open.find"), 2L),
            ],
            counts.Requests.Select(r => (r.Key, r.Value)).Order());
        Assert.Equal(8, counts.Total);
        Assert.Equal(3, counts.Rows);

        // n + 8; the body of "b" with its marker byte; text + six bytes of UTF-8; and each row's commit name, 3 + 11.
        Assert.Equal(new RowsWritten(3, (1 + 8) + (1 + 1) + (4 + 6) + (3 * 14)), counts.WrittenBy["pull"]);
        Assert.False(counts.WrittenBy.ContainsKey("bundle") && counts.WrittenBy["bundle"] != default);
    }

    protected abstract ValueTask<IRowStore> MakeAsync();

    protected static Row Some(string key, string? body = null) => new(key, Encoding.UTF8.GetBytes(body ?? key));

    protected static Row With(string key, string column, object value) => new(key, null, new Dictionary<string, object> { [column] = value }, default);

    protected static string Text(Row? row) => Encoding.UTF8.GetString(row!.Body.Span);

    protected Task<IReadOnlyList<string>> CommitAsync(params RowAction[] actions) => Rows.CommitAsync(Table, Partition, actions, Cancellation);

    protected Task InsertAsync(params string[] keys) => CommitAsync([.. keys.Select(k => new RowAction.Insert(Some(k)))]);

    private Task<RowConflictException> RefusedAsync(params RowAction[] actions) => Assert.ThrowsAsync<RowConflictException>(() => CommitAsync(actions));

    private Task<ArgumentException> RefusedBeforeSendingAsync(params RowAction[] actions) => NothingSentAsync<ArgumentException>(() => CommitAsync(actions));

    private async Task<T> NothingSentAsync<T>(Func<Task> call)
        where T : Exception
    {
        var before = Counter.Read().Total;
        var refusal = await Assert.ThrowsAnyAsync<T>(call);
        Assert.Equal(before, Counter.Read().Total);
        return refusal;
    }
}
