using Domain.Marketplaces;

namespace Connectors.Qoo10;

/// <summary>Sends one call with a given key and reads the envelope of its answer.</summary>
internal sealed class Qoo10Calls(IHttpClientFactory clients)
{
    private const string Service = "GMKT.INC.Front.QAPIService/ebayjapan.qapi/";

    /// <returns>The answer, whatever its code is.</returns>
    /// <exception cref="MarketplaceException">There is no answer in their envelope.</exception>
    public async Task<Qoo10Answer> SendAsync(
        StoreAccess access, string method, CallKind kind, string key, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(access, method)) { Content = new FormUrlEncodedContent(FormOf(parameters)) };
        request.Headers.TryAddWithoutValidation("GiosisCertificationKey", key);
        request.Headers.TryAddWithoutValidation("QAPIVersion", Qoo10Methods.VersionOf(method));
        request.Options.Set(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), new MarketplaceCall(access.Store.Id, Qoo10Connector.Code, method, kind));
        try
        {
            using var response = await clients.CreateClient(Qoo10Connector.Code).SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return FirstOf(body) switch
            {
                _ when !response.IsSuccessStatusCode => throw Qoo10Errors.OfStatus(method, kind, response),
                0 => throw new MarketplaceException(Qoo10Connector.Code, FailureKind.Transient, $"{method}: an empty answer"),
                (byte)'<' => throw Qoo10Errors.PageInsteadOfAnswer(method, kind),
                _ => Qoo10Answer.Parse(body, method),
            };
        }
        catch (HttpRequestException lost)
        {
            throw new MarketplaceException(Qoo10Connector.Code, FailureKind.Transient, $"{method}: no answer", lost);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new MarketplaceException(Qoo10Connector.Code, FailureKind.Transient, $"{method}: no answer in time", late);
        }
    }

    /// <summary>The store's own address (the sandbox), else the host that its setting names: which of the two hosts is right is contested.</summary>
    public static Uri AddressOf(StoreAccess access, string method)
    {
        var host = access.Store.BaseAddress ?? new Uri($"https://{access.Setting("host")}/");
        return new Uri(host, Service + method);
    }

    /// <summary>Never null: a null parameter is answered with -90001.</summary>
    public static IEnumerable<KeyValuePair<string, string>> FormOf(IEnumerable<KeyValuePair<string, string>> parameters) =>
        [new("returnType", "application/json"), .. parameters];

    private static byte FirstOf(ReadOnlySpan<byte> body)
    {
        foreach (var octet in body)
        {
            if (octet > (byte)' ')
            {
                return octet;
            }
        }

        return 0;
    }
}
