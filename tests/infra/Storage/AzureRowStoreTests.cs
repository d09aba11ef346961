using Infra.Storage;
using Tests.Infra.Azurite;

namespace Tests.Infra.Storage;

public sealed class AzureRowStoreTests(AzuriteFixture azurite) : RowStoreContract
{
    protected override async ValueTask<IRowStore> MakeAsync() => (await azurite.StorageAsync(Counter)).Rows;
}
