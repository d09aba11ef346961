using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.ShopServe;

/// <summary>JSON calls with Basic auth: the shop id is the user, the manager key (マネージャー認証キー) the password. Paths are store settings.</summary>
internal sealed class ShopServeCalls(MarketplaceHttp http)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="code">What stands for <c>{code}</c> or <c>{parts}</c> in the path; null = nothing does.</param>
    public static Uri AddressOf(StoreAccess access, string pathSetting, string? code)
    {
        var path = access.Setting(pathSetting).TrimStart('/');
        if (code is not null)
        {
            path = path.Replace("{code}", Uri.EscapeDataString(code), StringComparison.Ordinal).Replace("{parts}", code, StringComparison.Ordinal);
        }

        return new Uri(access.BaseAddress, $"/{path}");
    }

    public static string Write(JsonObject body) => body.ToJsonString(Plain);

    /// <summary>A read: its answer is a JSON object.</summary>
    public async Task<JsonElement> ReadAsync(
        StoreAccess access, string endpoint, HttpMethod method, Uri address, JsonObject? body, CancellationToken cancellation)
    {
        var (_, json) = await SendAsync(access, endpoint, CallKind.Read, method, address, body, cancellation);
        return json is { ValueKind: JsonValueKind.Object } read ? read
            : json is null ? throw ShopServeErrors.NotJson(endpoint)
            : throw ShopServeErrors.Unreadable(endpoint, "an object");
    }

    /// <summary>A write. What a good answer holds was never recorded: 204 needs no body, any other good status needs JSON, or the answer was lost under way.</summary>
    public async Task WriteAsync(StoreAccess access, string endpoint, HttpMethod method, Uri address, JsonObject body, CancellationToken cancellation)
    {
        var (status, json) = await SendAsync(access, endpoint, CallKind.Write, method, address, body, cancellation);
        if (status != 204 && json is null)
        {
            throw ShopServeErrors.NotJson(endpoint);
        }
    }

    private async Task<(int Status, JsonElement? Json)> SendAsync(
        StoreAccess access, string endpoint, CallKind kind, HttpMethod method, Uri address, JsonObject? body, CancellationToken cancellation)
    {
        var user = $"{access.Setting("shop-id")}:{await access.Credentials.ReadAsync("manager-key", cancellation)}";
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        if (body is not null)
        {
            request.Content = new StringContent(Write(body), Encoding.UTF8, "application/json");
        }

        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, ShopServeConnector.Code, endpoint, kind), cancellation);
        var json = EncodedJson.TryParse(answer, "utf-8");
        return ShopServeErrors.Of(endpoint, kind, answer, json) is { } failure ? throw failure : (answer.Status, json);
    }
}
