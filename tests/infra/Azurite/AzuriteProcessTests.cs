using System.Net;
using System.Net.Sockets;
using Local.Azurite;

namespace Tests.Infra.Azurite;

public sealed class AzuriteProcessTests : IDisposable
{
    private readonly string _folder = Path.Combine(AzuriteOptions.FastFolder(), $"logi-test-{Guid.NewGuid():n}");

    [Fact]
    public async Task A_taken_port_is_named_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refusal = await Assert.ThrowsAsync<AzuriteException>(() =>
            AzuriteProcess.StartAsync(new AzuriteOptions(_folder) { QueuePort = port }, TestContext.Current.CancellationToken));

        Assert.StartsWith($"Port {port}, which Azurite was to use, is taken", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Damaged_data_is_named_with_its_folder()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "__azurite_db_blob__.json"), "{\"filename\":\"half of", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<AzuriteException>(() =>
            AzuriteProcess.StartAsync(new AzuriteOptions(_folder), TestContext.Current.CancellationToken));

        Assert.Contains(_folder, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var first = await AzuriteProcess.StartAsync(new AzuriteOptions(_folder), TestContext.Current.CancellationToken);
        await new global::Azure.Data.Tables.TableServiceClient(first.ConnectionString).CreateTableIfNotExistsAsync("kept", TestContext.Current.CancellationToken);
        await first.DisposeAsync();

        await using var second = await AzuriteProcess.StartAsync(new AzuriteOptions(_folder), TestContext.Current.CancellationToken);
        var tables = new global::Azure.Data.Tables.TableServiceClient(second.ConnectionString).QueryAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("kept", (await tables.SingleAsync(TestContext.Current.CancellationToken)).Name);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
