using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.YahooShopping;

/// <summary>An answer of an API that is no refusal.</summary>
/// <param name="Xml">Null: it is not the XML that it should be.</param>
/// <param name="KeyAccepted">They took the public key; only the signed APIs say it.</param>
/// <param name="Status">The HTTP status: setStock says with 207 that it undid everything.</param>
internal sealed record YahooShoppingAnswer(string Api, XElement? Xml, ReadOnlyMemory<byte> Raw, bool KeyAccepted, int Status)
{
    /// <exception cref="MarketplaceException">Unreadable.</exception>
    public XElement Body => Xml ?? throw YahooShoppingErrors.Unreadable(Api, "XML from beginning to end");
}

/// <summary>Sends calls with access token and signature, and once more when the token is not accepted.</summary>
internal sealed class YahooShoppingCalls(MarketplaceHttp http, YahooShoppingToken tokens, TimeProvider clock)
{
    /// <summary>Posts a request; SellerId is put in here.</summary>
    public Task<YahooShoppingAnswer> PostAsync(StoreAccess access, string api, CallKind kind, XElement request, CancellationToken cancellation) =>
        SendAsync(
            access, api, kind, signed: true,
            () => new HttpRequestMessage(HttpMethod.Post, AddressOf(access, api)) { Content = new StringContent(TextOf(access, request), Encoding.UTF8, "application/xml") },
            cancellation);

    /// <param name="sellerName">How this API spells the store's account.</param>
    /// <param name="signed">The order APIs want the public key, the item APIs do not.</param>
    public Task<YahooShoppingAnswer> GetAsync(StoreAccess access, string api, string sellerName, bool signed, CancellationToken cancellation) =>
        SendAsync(
            access, api, CallKind.Read, signed,
            () => new HttpRequestMessage(HttpMethod.Get, new Uri(AddressOf(access, api), $"?{sellerName}={Uri.EscapeDataString(SellerOf(access))}")),
            cancellation);

    /// <summary>Posts a form to an item API; seller_id is put in here.</summary>
    public Task<YahooShoppingAnswer> PostFormAsync(
        StoreAccess access, string api, CallKind kind, IReadOnlyList<KeyValuePair<string, string>> fields, CancellationToken cancellation) =>
        SendAsync(
            access, api, kind, signed: false,
            () => new HttpRequestMessage(HttpMethod.Post, AddressOf(access, api)) { Content = new FormUrlEncodedContent([new("seller_id", SellerOf(access)), .. fields]) },
            cancellation);

    public static Uri AddressOf(StoreAccess access, string api) => new(access.BaseAddress, $"/ShoppingWebService/V1/{api}");

    public static string SellerOf(StoreAccess access) => access.Setting("seller-id").Trim();

    /// <summary>The request's text, with the store's account.</summary>
    public static string TextOf(StoreAccess access, XElement request) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        + new XElement(request.Name, request.Elements(), new XElement("SellerId", SellerOf(access))).ToString(SaveOptions.DisableFormatting);

    /// <remarks>A refused token means that nothing was done, so the repetition holds for writes too.</remarks>
    private async Task<YahooShoppingAnswer> SendAsync(
        StoreAccess access, string api, CallKind kind, bool signed, Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        var token = await tokens.ReadAsync(access, cancellation);
        try
        {
            return await SendOnceAsync(access, api, kind, signed, token, make, cancellation);
        }
        catch (MarketplaceException refusal) when (YahooShoppingErrors.TokenMayBeStale(refusal))
        {
            token = await tokens.RenewAsync(access, token, cancellation);
            return await SendOnceAsync(access, api, kind, signed, token, make, cancellation);
        }
    }

    private async Task<YahooShoppingAnswer> SendOnceAsync(
        StoreAccess access, string api, CallKind kind, bool signed, string token, Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        using var request = make();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (signed)
        {
            // Never without: one unsigned order call shortens the whole consent to twelve hours.
            var key = await access.Credentials.ReadAsync(YahooShoppingSignature.Field, cancellation);
            request.Headers.Add(YahooShoppingSignature.Header, YahooShoppingSignature.Of(key, SellerOf(access), clock.GetUtcNow()));
            request.Headers.TryAddWithoutValidation(YahooShoppingSignature.VersionHeader, await access.Credentials.ReadAsync("public-key-version", cancellation));
        }

        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, YahooShoppingConnector.Code, api, kind), cancellation);
        var body = TryParse(answer);
        if (YahooShoppingErrors.Of(api, kind, answer, body) is { } failure)
        {
            throw failure;
        }

        var accepted = answer.Headers.TryGetValues(YahooShoppingSignature.StatusHeader, out var said)
            && string.Equals(said.FirstOrDefault()?.Trim(), "authorized", StringComparison.OrdinalIgnoreCase);
        return new YahooShoppingAnswer(api, body, answer.Body, accepted, answer.Status);
    }

    private static XElement? TryParse(WireAnswer answer)
    {
        if (answer.IsPage || answer.Body.Length == 0)
        {
            return null;
        }

        try
        {
            return WireXml.Parse(answer.Body);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
