using System.Net.Http.Headers;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.Futureshop;

/// <summary>An answer that is no refusal.</summary>
/// <param name="Json">Null: a read brought something that is not JSON.</param>
internal sealed record FutureshopAnswer(string Endpoint, JsonElement? Json, ReadOnlyMemory<byte> Raw)
{
    /// <exception cref="MarketplaceException">Transient: it is not JSON.</exception>
    public JsonElement Body => Json ?? throw FutureshopErrors.NotJson(Endpoint);

    /// <summary>The text of a field of the answer; empty = none.</summary>
    /// <exception cref="MarketplaceException">Unreadable: it is no Unicode.</exception>
    public string Text(string name)
    {
        try
        {
            return Body.Text(name);
        }
        catch (FormatException broken)
        {
            throw FutureshopErrors.Unreadable(Endpoint, broken.Message);
        }
    }

    /// <summary>A list that the answer must bring.</summary>
    /// <exception cref="MarketplaceException">Unreadable: there is none.</exception>
    public IReadOnlyList<JsonElement> List(string name)
    {
        try
        {
            return Body.List(name) ?? throw FutureshopErrors.Unreadable(Endpoint, name);
        }
        catch (FormatException broken)
        {
            throw FutureshopErrors.Unreadable(Endpoint, broken.Message);
        }
    }
}

/// <summary>Sends calls with access token and shop key, and once more when the token is not accepted.</summary>
internal sealed class FutureshopCalls(MarketplaceHttp http, FutureshopToken tokens)
{
    private const string Api = "/admin-api/v1/";

    /// <param name="endpoint">As the manifest's limits would spell it.</param>
    /// <param name="path">Below <c>/admin-api/v1/</c>, with the query.</param>
    public Task<FutureshopAnswer> GetAsync(StoreAccess access, string endpoint, string path, CancellationToken cancellation) =>
        SendAsync(access, endpoint, CallKind.Read, () => new HttpRequestMessage(HttpMethod.Get, AddressOf(access, Api + path)), cancellation);

    public Task<FutureshopAnswer> PostAsync(StoreAccess access, string endpoint, byte[] body, CancellationToken cancellation) =>
        SendAsync(
            access, endpoint, CallKind.Write,
            () =>
            {
                var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                return new HttpRequestMessage(HttpMethod.Post, AddressOf(access, Api + endpoint)) { Content = content };
            },
            cancellation);

    /// <summary>The store's own address (the sandbox), else the API domain that was issued to the shop.</summary>
    /// <exception cref="MarketplaceException">Rejected: the domain is not set, or is none.</exception>
    public static Uri AddressOf(StoreAccess access, string path)
    {
        if (access.Store.BaseAddress is { } own)
        {
            return new Uri(own, path);
        }

        var domain = access.Setting("api-domain").Trim();
        return domain.Length > 0 && Uri.TryCreate($"https://{domain}/", UriKind.Absolute, out var address) && address.PathAndQuery == "/" && address.UserInfo.Length == 0
            ? new Uri(address, path)
            : throw new MarketplaceException(FutureshopConnector.Code, FailureKind.Rejected, "the store's setting api-domain names no host") { Field = "api-domain" };
    }

    /// <summary>What a preview shows of a write's request.</summary>
    public static string Shown(StoreAccess access, string endpoint, string body) => $"""
        POST {AddressOf(access, Api + endpoint)}
        Content-Type: application/json
        Authorization: Bearer ***
        {FutureshopToken.ShopKeyHeader}: ***

        {body}
        """;

    /// <remarks>A refused token means that nothing was done, so the repetition holds for writes too.</remarks>
    private async Task<FutureshopAnswer> SendAsync(
        StoreAccess access, string endpoint, CallKind kind, Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        var token = await tokens.ReadAsync(access, cancellation);
        try
        {
            return await SendOnceAsync(access, endpoint, kind, token, make, cancellation);
        }
        catch (MarketplaceException stale) when (stale.Credential is CredentialFault.Expired)
        {
            token = await tokens.RenewAsync(access, token, cancellation);
        }

        try
        {
            return await SendOnceAsync(access, endpoint, kind, token, make, cancellation);
        }
        catch (MarketplaceException refused) when (refused.Credential is CredentialFault.Expired)
        {
            await access.Credentials.ForgetTokenAsync(FutureshopToken.Name, cancellation);
            throw FutureshopErrors.Wrong(refused.Code ?? "");
        }
    }

    private async Task<FutureshopAnswer> SendOnceAsync(
        StoreAccess access, string endpoint, CallKind kind, string token, Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        using var request = make();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation(FutureshopToken.ShopKeyHeader, await access.Credentials.ReadAsync("shop-key", cancellation));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, FutureshopConnector.Code, endpoint, kind), cancellation);
        var body = answer.IsPage ? null : WireJson.TryParse(answer.Body);
        return FutureshopErrors.Of(endpoint, kind, answer, body) is { } failure
            ? throw failure
            : new FutureshopAnswer(endpoint, body, answer.Body);
    }
}
