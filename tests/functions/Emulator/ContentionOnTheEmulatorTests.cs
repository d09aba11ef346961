using Infra.Storage;
using Tests.Functions.Contention;
using Tests.Functions.World;

namespace Tests.Functions.Emulator;

/// <summary>The scene of contention with requests that really meet each other in the emulator.</summary>
public sealed class ContentionOnTheEmulatorTests(EmulatorFixture emulator, ITestOutputHelper output)
{
    [Fact]
    public async Task Everybody_at_once_loses_no_update_on_the_emulator()
    {
        var storage = EmulatorFixture.Storage(await emulator.ConnectionAsync(), EmulatorFixture.NewPrefix());
        var rows = new YieldingRows(storage.Rows);
        using var shop = new Shop(rows, storage.Queue);

        // One thread for our own code, so that the marketplace needs no locks; the requests themselves are all under way at once.
        // Who was refused waits on the shop's clock, which goes on while nobody has anything to do.
        SeededContext.Run(1, () => shop.Clock.Advance(TimeSpan.FromMilliseconds(1)), () => ContentionTests.PlayAsync(shop));

        output.WriteLine($"{rows.Commits} transactions, {rows.Conflicts} of them refused and done again");
    }
}
