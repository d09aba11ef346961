using Infra.Storage;
using Infra.Storage.InMemory;

namespace Tests.Infra.Storage;

public sealed class InMemoryRowStoreTests : RowStoreContract
{
    [Fact]
    public async Task What_the_caller_does_with_its_arrays_afterwards_does_not_reach_the_store()
    {
        var body = "before"u8.ToArray();
        var columns = new Dictionary<string, object> { ["n"] = 1L };
        await CommitAsync(new RowAction.Insert(new Row("a", null, columns, body)));

        body[0] = (byte)'X';
        columns["n"] = 2L;

        var row = await Rows.FindAsync(Table, Partition, "a", Cancellation);
        Assert.Equal("before", Text(row));
        Assert.Equal(1, row!.Number("n"));
    }

    protected override ValueTask<IRowStore> MakeAsync() => new(new InMemoryRowStore(Counter));
}
