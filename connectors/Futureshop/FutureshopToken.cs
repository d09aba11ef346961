using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Stores;

namespace Connectors.Futureshop;

/// <summary>The access token (アクセストークン): client credentials, an hour's life, no refresh token; a new one is asked for.</summary>
/// <remarks>At most one call for a store is under way in a process. Two in two processes do no harm: both tokens work.</remarks>
internal sealed class FutureshopToken(MarketplaceHttp http, TimeProvider clock)
{
    /// <summary>Name of the kept token.</summary>
    public const string Name = "access-token";

    public const string Endpoint = "oauth/token";

    public const string ShopKeyHeader = "X-SHOP-KEY";

    /// <summary>Seen; the answer says it as well.</summary>
    private const int UsualSeconds = 3600;

    /// <summary>Ours runs out so much earlier than theirs.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly KeptToken _kept = new(Name);

    public Task<string> ReadAsync(StoreAccess access, CancellationToken cancellation) => _kept.ReadAsync(access, () => IssueAsync(access, cancellation), cancellation);

    /// <summary>A token other than the refused one: one that another call has got meanwhile, or a new one.</summary>
    public Task<string> RenewAsync(StoreAccess access, string? refused, CancellationToken cancellation) =>
        _kept.RenewAsync(access, refused, () => IssueAsync(access, cancellation), cancellation);

    private async Task<string> IssueAsync(StoreAccess access, CancellationToken cancellation)
    {
        var client = $"{await access.Credentials.ReadAsync("client-id", cancellation)}:{await access.Credentials.ReadAsync("client-secret", cancellation)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, FutureshopCalls.AddressOf(access, Endpoint))
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(client)));
        request.Headers.TryAddWithoutValidation(ShopKeyHeader, await access.Credentials.ReadAsync("shop-key", cancellation));

        // Asking twice gives two good tokens and uses nothing up, so the pipeline may ask again.
        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, FutureshopConnector.Code, Endpoint, CallKind.Read), cancellation);
        var body = answer.IsPage ? null : WireJson.TryParse(answer.Body);
        if (answer.Status != 200 || body is not { } json || TokenIn(json) is not { } token)
        {
            throw FutureshopErrors.OfToken(answer, body);
        }

        var seconds = int.TryParse(json.Text("expires_in"), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : UsualSeconds;
        var lasts = TimeSpan.FromSeconds(seconds) - Margin;
        if (lasts > TimeSpan.Zero)
        {
            await access.Credentials.KeepTokenAsync(Name, token, clock.GetUtcNow() + lasts, cancellation);
        }

        return token;
    }

    /// <summary>The case of the type's letters is not certain.</summary>
    private static string? TokenIn(JsonElement answer)
    {
        try
        {
            return answer.Text("access_token") is { Length: > 0 } token && token.All(c => c is > ' ' and < '\u007f')
                && answer.Text("token_type") is var type && (type.Length == 0 || type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
                ? token
                : null;
        }
        catch (FormatException)
        {
            return null; // the caller names it
        }
    }
}
