using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace Tests.Infra.Storage;

public sealed class InMemoryMessageQueueTests : MessageQueueContract
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_message_never_expires()
    {
        await Queue.SendAsync(Name, "old", TimeSpan.Zero, Cancellation);
        await LetPassAsync(TimeSpan.FromDays(400));

        Assert.Equal("old", Assert.Single(await Queue.ReceiveAsync(Name, 32, TimeSpan.FromMinutes(1), Cancellation)).Body);
    }

    protected override ValueTask<IMessageQueue> MakeAsync() => new(new InMemoryMessageQueue(_clock, Counter));

    protected override Task LetPassAsync(TimeSpan span)
    {
        _clock.Advance(span);
        return Task.CompletedTask;
    }
}
