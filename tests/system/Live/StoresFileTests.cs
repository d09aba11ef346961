using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Local.Live;

namespace Tests.System.Live;

public sealed class StoresFileTests : IDisposable
{
    private const string Good =
        """
        {
          "storage": "azurite",
          "vault": "https://sample.vault.azure.net/",
          "stores": [
            { "id": "qoo10-honten", "marketplace": "qoo10", "group": "honten", "baseAddress": "https://market.example/", "settings": { "lookback-days": "7" }, "secretNames": { "api-key": "qoo10-key" } },
            { "id": "aupay-honten", "marketplace": "au-pay-market" }
          ]
        }
        """;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"logi-stores-{Guid.NewGuid():n}.json");

    [Fact]
    public void Everything_that_the_file_says_is_read()
    {
        var file = Read(Good);

        Assert.Equal((StoresFile.Azurite, "https://sample.vault.azure.net/", 2), (file.Storage, file.Vault.AbsoluteUri, file.Stores.Count));
        var first = file.Stores[0];
        Assert.Equal(("qoo10-honten", "qoo10", "honten", "https://market.example/"), (first.Id, first.Marketplace, first.Group, first.BaseAddress!.AbsoluteUri));
        Assert.Equal("7", first.Settings["lookback-days"]);
        Assert.Equal("qoo10-key", first.SecretNames["api-key"]);
        Assert.Empty(file.Stores[1].SecretNames);
    }

    [Theory]
    [InlineData("\"group\": \"honten\"", "\"gruop\": \"honten\"", "the field 'gruop' is unknown (line 5)")]
    [InlineData("\"storage\": \"azurite\"", "\"storage\": \"azurite\", \"queue\": 1", "the field 'queue' is unknown (line 2)")]
    [InlineData("\"vault\": \"https://sample.vault.azure.net/\",", "", "'vault' is missing")]
    [InlineData("\"vault\": \"https:", "\"vault\": \"http:", "vault must be an address that begins with https://")]
    [InlineData("\"lookback-days\": \"7\"", "\"lookback-days\": 7", "at $.stores[0].settings")]
    [InlineData("\"aupay-honten\"", "\"qoo10-honten\"", "the store 'qoo10-honten' stands there twice")]
    [InlineData("\"aupay-honten\"", "\"AuPay\"", "'AuPay' is no store id")]
    [InlineData("\"qoo10-key\"", "\"qoo10 key\"", "the secret name of 'api-key' of store 'qoo10-honten'")]
    [InlineData("\"storage\": \"azurite\"", "\"storage\": \" \"", "storage is empty")]
    public void What_cannot_be_meant_is_refused_with_its_place_in_one_line(string instead, string with, string says)
    {
        var refusal = Assert.Throws<LiveException>(() => Read(Good.Replace(instead, with, StringComparison.Ordinal)));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var refusal = Assert.Throws<LiveException>(() => StoresFile.Read(_path));

        Assert.StartsWith($"The stores file {_path} cannot be read", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_names_the_fields_that_the_reader_knows_and_requires_the_same()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder(), "docs", "stores.schema.json")));
        var entry = schema.RootElement.GetProperty("properties").GetProperty("stores").GetProperty("items");

        AssertAgrees(schema.RootElement, StoresFileJson.Default.StoresFile);
        AssertAgrees(entry, StoresFileJson.Default.StoreEntry);
    }

    public void Dispose() => File.Delete(_path);

    private static void AssertAgrees(JsonElement schema, JsonTypeInfo reader)
    {
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(
            reader.Properties.Select(p => p.Name).Order(StringComparer.Ordinal),
            schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            reader.Properties.Where(p => p.IsRequired).Select(p => p.Name).Order(StringComparer.Ordinal),
            schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal));
    }

    private static string RepositoryFolder() => Local.Azurite.AzuriteInstall.RepositoryFolder();

    private StoresFile Read(string text)
    {
        File.WriteAllText(_path, text);
        return StoresFile.Read(_path);
    }
}
