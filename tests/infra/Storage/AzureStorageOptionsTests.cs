using Infra.Storage;
using Infra.Storage.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tests.Infra.Azurite;

namespace Tests.Infra.Storage;

public sealed class AzureStorageOptionsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_connection_string_goes_before_everything() =>
        Assert.Equal("UseDevelopmentStorage=true", From(("AzureWebJobsStorage", "UseDevelopmentStorage=true"), ("AzureWebJobsStorage:accountName", "x")).ConnectionString);

    [Fact]
    public void An_account_s_name_gives_its_three_addresses_and_an_address_of_its_own_goes_first()
    {
        var options = From(("AzureWebJobsStorage:accountName", "logistore"), ("AzureWebJobsStorage:queueServiceUri", "https://elsewhere.test/"));

        Assert.Equal("https://logistore.table.core.windows.net/", options.TableAddress!.ToString());
        Assert.Equal("https://elsewhere.test/", options.QueueAddress!.ToString());
        Assert.Equal("https://logistore.blob.core.windows.net/", options.BlobAddress!.ToString());
        Assert.Null(options.ConnectionString);
    }

    [Fact]
    public void Without_an_account_it_says_what_to_set()
    {
        var refusal = Assert.Throws<ArgumentException>(() => From());

        Assert.Contains("AzureWebJobsStorage__accountName", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_registered_stores_rows_and_messages()
    {
        var connection = (await azurite.ProcessAsync()).ConnectionString;
        var configuration = Configuration(("AzureWebJobsStorage", connection));
        await using var services = new ServiceCollection().AddAzureStorage(configuration).BuildServiceProvider();
        var key = $"{Guid.NewGuid():n}";

        await services.GetRequiredService<IRowStore>().CommitAsync("registered", "p", [new RowAction.Insert(new Row(key, default))], Cancellation);

        Assert.NotNull(await services.GetRequiredService<IRowStore>().FindAsync("registered", "p", key, Cancellation));
        Assert.Equal(0, await services.GetRequiredService<IMessageQueue>().CountAsync("nothing-here", Cancellation));
        Assert.True(services.GetRequiredService<StorageCounter>().Read().Total >= 3);
    }

    [Fact]
    public async Task A_measured_run_drops_its_own_tables_and_queues_and_no_other_s()
    {
        var kept = await azurite.StorageAsync(new StorageCounter());
        var dropped = await azurite.StorageAsync(new StorageCounter());
        foreach (var storage in new[] { kept, dropped })
        {
            await storage.Rows.CommitAsync("open", "p", [new RowAction.Insert(new Row("a", default))], Cancellation);
            await storage.Queue.SendAsync("order-pull", "{}", TimeSpan.Zero, Cancellation);
        }

        await dropped.DropAllAsync(Cancellation);

        Assert.Null(await dropped.Rows.FindAsync("open", "p", "a", Cancellation));
        Assert.Equal(0, await dropped.Queue.CountAsync("order-pull", Cancellation));
        Assert.NotNull(await kept.Rows.FindAsync("open", "p", "a", Cancellation));
        Assert.Equal(1, await kept.Queue.CountAsync("order-pull", Cancellation));
    }

    [Fact]
    public async Task Blobs_are_counted_by_container_and_verb()
    {
        var counter = new StorageCounter();
        var storage = await azurite.StorageAsync(counter);
        var container = storage.Blobs.GetBlobContainerClient($"c{Guid.NewGuid():n}");

        using (StorageCounter.Under("manage"))
        {
            await container.CreateAsync(cancellationToken: Cancellation);
        }

        Assert.Equal([(("manage", $"blobs.{container.Name}.put"), 1L)], counter.Read().Requests.Select(r => (r.Key, r.Value)));
    }

    private static AzureStorageOptions From(params (string Key, string Value)[] settings) => AzureStorageOptions.From(Configuration(settings));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
