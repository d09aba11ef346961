using Azure.Storage.Queues;
using Infra.Storage;
using Infra.Storage.Azure;
using Tests.Infra.Azurite;

namespace Tests.Infra.Storage;

public sealed class AzureMessageQueueTests(AzuriteFixture azurite) : MessageQueueContract
{
    private string _prefix = "";

    [Fact]
    public async Task A_message_that_never_expires_lies_there_as_the_functions_host_writes_it()
    {
        await Queue.SendAsync(Name, "{}", TimeSpan.Zero, Cancellation);

        var raw = Assert.Single((await ClientAsync()).ReceiveMessages(32, TimeSpan.FromMinutes(1), Cancellation).Value);

        Assert.Equal("e30=", raw.MessageText);
        Assert.True(raw.ExpiresOn > DateTimeOffset.MaxValue.AddYears(-1) || raw.ExpiresOn is null, $"expires {raw.ExpiresOn}");
    }

    [Theory]
    [InlineData("put here by hand")]
    [InlineData("/w==")] // Base64, but of no text
    public async Task What_was_put_there_by_hand_is_handed_on_as_it_is(string text)
    {
        await Queue.SendAsync(Name, "makes the queue", TimeSpan.Zero, Cancellation);
        await (await ClientAsync()).SendMessageAsync(text, Cancellation);

        Assert.Contains(text, (await Queue.ReceiveAsync(Name, 32, TimeSpan.FromMinutes(1), Cancellation)).Select(m => m.Body));
    }

    protected override async ValueTask<IMessageQueue> MakeAsync() => (await azurite.StorageAsync(Counter, options =>
    {
        _prefix = options.Prefix;
        return options;
    })).Queue;

    protected override Task LetPassAsync(TimeSpan span) => Task.Delay(span, Cancellation);

    private async Task<QueueClient> ClientAsync() => new((await azurite.ProcessAsync()).ConnectionString, _prefix + Name);
}
