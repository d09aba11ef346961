using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.Shoplist;

/// <summary>JSON calls with the one key (認証キー), in a header or in the query as the store's settings say.</summary>
internal sealed class ShoplistCalls(MarketplaceHttp http)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A call with parameters: in the query of a GET, as a JSON object in the body of anything else.</summary>
    /// <returns>The answer's JSON; null only for 204.</returns>
    public async Task<JsonElement?> CallAsync(
        StoreAccess access, string endpoint, CallKind kind, string methodSetting, string pathSetting, JsonObject parameters, CancellationToken cancellation)
    {
        var method = HttpMethod.Parse(access.Setting(methodSetting));
        var query = method == HttpMethod.Get ? parameters.Select(p => (p.Key, Value: p.Value!.ToString())).ToList() : [];
        var key = await access.Credentials.ReadAsync("auth-key", cancellation);
        if (access.Setting("key-place") == "query")
        {
            query.Add((access.Setting("key-name"), key));
        }

        var text = string.Join('&', query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"));
        using var request = new HttpRequestMessage(method, new Uri(access.BaseAddress, $"/{access.Setting(pathSetting).TrimStart('/')}{(text.Length == 0 ? "" : "?")}{text}"));
        if (access.Setting("key-place") == "header")
        {
            request.Headers.TryAddWithoutValidation(access.Setting("key-name"), access.Setting("key-prefix") + key);
        }

        if (method != HttpMethod.Get)
        {
            request.Content = new StringContent(parameters.ToJsonString(Plain), Encoding.UTF8, "application/json");
        }

        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, ShoplistConnector.Code, endpoint, kind), cancellation);
        var json = EncodedJson.TryParse(answer, access.Setting("encoding"));
        return ShoplistErrors.Of(endpoint, kind, answer, json) is { } failure ? throw failure
            : json is null && answer.Status != 204 ? throw ShoplistErrors.NotJson(endpoint)
            : json;
    }
}
