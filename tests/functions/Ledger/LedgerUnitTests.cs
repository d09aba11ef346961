using Domain.Orders;
using Infra.Ledger;
using Tests.Functions.World;

namespace Tests.Functions.Ledger;

public sealed class LedgerUnitTests
{
    [Fact]
    public async Task Rows_that_lie_together_are_read_by_one_request()
    {
        using var shop = await PulledAsync(30);
        var unit = new LedgerUnit(shop.Rows, shop.Store.Group);
        shop.Counter.Reset();

        await unit.WarmAsync(Codes(30).Select(c => GroupKeys.Order(shop.Key(c))), Shop.None);

        Assert.Equal(1, shop.Counter.Read().Total);
        foreach (var code in Codes(30))
        {
            Assert.Equal(code, (await unit.OrderAsync(shop.Key(code), Shop.None))!.Key.Code.Value);
        }

        Assert.Equal(1, shop.Counter.Read().Total);
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_known_not_to_be_there()
    {
        using var shop = await PulledAsync(6);
        var unit = new LedgerUnit(shop.Rows, shop.Store.Group);

        await unit.WarmAsync([.. Codes(6).Select(c => GroupKeys.Order(shop.Key(c))), GroupKeys.Order(shop.Key("999999"))], Shop.None);
        shop.Counter.Reset();

        Assert.Null(await unit.OrderAsync(shop.Key("999999"), Shop.None));
        Assert.Equal(0, shop.Counter.Read().Total);
    }

    [Fact]
    public async Task Rows_that_lie_far_apart_are_left_to_single_reads()
    {
        using var shop = await PulledAsync(1500);
        string[] few = ["100000", "100500", "101000", "101499"];
        var unit = new LedgerUnit(shop.Rows, shop.Store.Group);
        shop.Counter.Reset();

        await unit.WarmAsync(few.Select(c => GroupKeys.Order(shop.Key(c))), Shop.None);

        Assert.InRange(shop.Counter.Read().Total, 1, 2);
        foreach (var code in few)
        {
            Assert.NotNull(await unit.OrderAsync(shop.Key(code), Shop.None));
        }
    }

    [Fact]
    public async Task A_unit_that_goes_on_writes_against_what_it_wrote_and_notices_when_another_was_quicker()
    {
        using var shop = await PulledAsync(1);
        var key = shop.Key(Codes(1)[0]);
        var unit = new LedgerUnit(shop.Rows, shop.Store.Group);
        await NoteAsync(shop, unit, key, "one");
        shop.Counter.Reset();
        await NoteAsync(shop, unit, key, "two");
        Assert.Equal(1, shop.Counter.Read().Total);

        await NoteAsync(shop, new LedgerUnit(shop.Rows, shop.Store.Group), key, "somebody else");
        await NoteAsync(shop, unit, key, "three");

        var entries = (await shop.OrderAsync(key.Code.Value))!.History.Select(h => h.What).TakeLast(4);
        Assert.Equal(["one", "two", "somebody else", "three"], entries);
    }

    private static Task NoteAsync(Shop shop, LedgerUnit unit, OrderKey key, string what) => shop.Ledger.ChangeAsync(unit, async u =>
        u.Put((await u.OrderAsync(key, Shop.None))!.Note(shop.Clock.GetUtcNow(), "staff", what)), Shop.None);

    private static string[] Codes(int count) => [.. Enumerable.Range(100_000, count).Select(i => $"{i}")];

    private static async Task<Shop> PulledAsync(int orders)
    {
        var shop = await new Shop().OpenAsync();
        shop.Place(orders);
        await shop.PullAsync();
        return shop;
    }
}
