using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Stores;

namespace Connectors.YahooShopping;

/// <summary>The access token (アクセストークン): it lives for an hour and is renewed with the refresh token, which lives as long as the consent of the store's owner.</summary>
/// <remarks>At most one renewal of a store is under way in a process. Two in two processes do no harm: both tokens work.</remarks>
internal sealed class YahooShoppingToken(MarketplaceHttp http, TimeProvider clock)
{
    /// <summary>Name of the kept token.</summary>
    public const string Name = "access-token";

    /// <summary>Field of the manifest and, where their answer brought a new one, name of the kept token alike.</summary>
    public const string RefreshField = "refresh-token";

    public const string Endpoint = "token";

    /// <summary>Official; the answer says it as well.</summary>
    private const int UsualSeconds = 3600;

    /// <summary>Ours runs out so much earlier than theirs.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>Official: four weeks from the consent, which a renewal does not extend.</summary>
    public static readonly TimeSpan ConsentLasts = TimeSpan.FromDays(28);

    private readonly KeptToken _kept = new(Name);

    public Task<string> ReadAsync(StoreAccess access, CancellationToken cancellation) => _kept.ReadAsync(access, () => IssueAsync(access, cancellation), cancellation);

    /// <summary>A token other than the refused one: one that another call has got meanwhile, or a new one.</summary>
    public Task<string> RenewAsync(StoreAccess access, string? refused, CancellationToken cancellation) =>
        _kept.RenewAsync(access, refused, () => IssueAsync(access, cancellation), cancellation);

    /// <summary>The store's own base address stands in for all hosts, unless it is one of theirs.</summary>
    public static Uri AddressOf(StoreAccess access) =>
        new(access.Store.BaseAddress is { } own && !access.Manifest.Hosts.Contains(own.Host) ? own : new Uri("https://auth.login.yahoo.co.jp/"), "/yconnect/v2/token");

    private async Task<string> IssueAsync(StoreAccess access, CancellationToken cancellation)
    {
        if (await access.Credentials.FindTokenAsync(RefreshField, cancellation) is { } newer)
        {
            try
            {
                return await IssueAsync(access, newer, cancellation);
            }
            catch (MarketplaceException over) when (over.Credential is CredentialFault.ConsentOver)
            {
                // The consent was given anew since: what a person entered goes before what we kept.
                await access.Credentials.ForgetTokenAsync(RefreshField, cancellation);
            }
        }

        return await IssueAsync(access, await access.Credentials.ReadAsync(RefreshField, cancellation), cancellation);
    }

    private async Task<string> IssueAsync(StoreAccess access, string refreshToken, CancellationToken cancellation)
    {
        var client = $"{await access.Credentials.ReadAsync("client-id", cancellation)}:{await access.Credentials.ReadAsync("client-secret", cancellation)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(access))
        {
            Content = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(client)));

        // Asking twice gives two good tokens and uses nothing up, so the pipeline may ask again.
        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, YahooShoppingConnector.Code, Endpoint, CallKind.Read), cancellation);
        var token = answer.IsPage ? null : TokenAnswer.TryParse(answer.Body);
        if (answer.Status != 200 || token?.AccessToken is not { Length: > 0 } issued)
        {
            throw YahooShoppingErrors.OfToken(answer, token?.Error);
        }

        var now = clock.GetUtcNow();
        var lasts = TimeSpan.FromSeconds(token.ExpiresIn ?? UsualSeconds) - Margin;
        if (lasts > TimeSpan.Zero)
        {
            await access.Credentials.KeepTokenAsync(Name, issued, now + lasts, cancellation);
        }

        if (token.RefreshToken is { Length: > 0 } next && next != refreshToken)
        {
            await access.Credentials.KeepTokenAsync(RefreshField, next, now + ConsentLasts, cancellation);
        }

        return issued;
    }
}

/// <summary>The token call's answer: a good one or a refusal. None of its values is ever shown.</summary>
internal sealed record TokenAnswer(string? AccessToken = null, int? ExpiresIn = null, string? RefreshToken = null, string? Error = null)
{
    /// <summary>Null: it is not the JSON that we know.</summary>
    public static TokenAnswer? TryParse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, TokenJson.Default.TokenAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
