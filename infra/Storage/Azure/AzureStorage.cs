using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Infra.Storage.Azure;

/// <summary>One storage account (or the emulator): its rows, its queues and its blobs, every request counted.</summary>
public sealed class AzureStorage
{
    private readonly TableServiceClient _tables;
    private readonly QueueServiceClient _queues;

    /// <param name="credential">Needed where the options name addresses instead of a connection string.</param>
    public AzureStorage(AzureStorageOptions options, StorageCounter counter, TokenCredential? credential = null)
    {
        Prefix = options.Prefix;
        var tables = Prepared(new TableClientOptions(), "tables");
        var queues = Prepared(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }, "queues"); // AzureMessageQueue encodes by itself
        var blobs = Prepared(new BlobClientOptions(), "blobs");
        if (options.ConnectionString is { Length: > 0 } connection)
        {
            _tables = new TableServiceClient(connection, tables);
            _queues = new QueueServiceClient(connection, queues);
            Blobs = new BlobServiceClient(connection, blobs);
        }
        else
        {
            var identity = credential ?? throw new ArgumentException("Addresses of storage need a credential.", nameof(credential));
            _tables = new TableServiceClient(options.TableAddress, identity, tables);
            _queues = new QueueServiceClient(options.QueueAddress, identity, queues);
            Blobs = new BlobServiceClient(options.BlobAddress, identity, blobs);
        }

        Rows = new AzureRowStore(_tables, counter, Prefix);
        Queue = new AzureMessageQueue(_queues, Prefix);

        T Prepared<T>(T client, string service)
            where T : ClientOptions
        {
            // Short waits: a message that storage fails comes back by itself. The service's own limit of an operation is 30 s.
            client.Retry.MaxRetries = options.Retries;
            client.Retry.Delay = TimeSpan.FromMilliseconds(200);
            client.Retry.MaxDelay = TimeSpan.FromSeconds(4);
            client.Retry.NetworkTimeout = options.Timeout;
            client.AddPolicy(new StorageCountingPolicy(counter, service), HttpPipelinePosition.PerRetry);
            if (options.Transport is { } transport)
            {
                client.Transport = transport;
            }

            return client;
        }
    }

    /// <summary>What stands in front of every table's and queue's name.</summary>
    public string Prefix { get; }

    public AzureRowStore Rows { get; }

    public AzureMessageQueue Queue { get; }

    public BlobServiceClient Blobs { get; }

    /// <summary>Drops every table and queue whose name begins with the prefix: the end of a measured run or a test.</summary>
    public async Task DropAllAsync(CancellationToken cancellation)
    {
        if (Prefix.Length == 0)
        {
            throw new InvalidOperationException("Without a prefix this would drop everything in the account.");
        }

        await foreach (var table in _tables.QueryAsync(cancellationToken: cancellation))
        {
            if (table.Name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                await _tables.DeleteTableAsync(table.Name, cancellation);
            }
        }

        await foreach (var queue in _queues.GetQueuesAsync(prefix: Prefix, cancellationToken: cancellation))
        {
            await _queues.DeleteQueueAsync(queue.Name, cancellation);
        }
    }
}
