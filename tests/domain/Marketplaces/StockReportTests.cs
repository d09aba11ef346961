using Domain.Marketplaces;

namespace Tests.Domain.Marketplaces;

public sealed class StockReportTests
{
    private static readonly StockItem Item = new("ABC-001");

    [Fact]
    public void Less_than_nothing_is_no_stock_level()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StockReport(Item, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StockReport(Item, 1) with { Quantity = -1 });
        Assert.Equal(0, new StockReport(Item, 0).Quantity);
    }
}
