using System.Net;
using System.Text.Json.Nodes;
using Azure.Core;

namespace Tests.Infra.Secrets;

/// <summary>As much of Key Vault's wire as the store uses, answered in this process: the challenge, then secrets with versions.</summary>
public sealed class VaultWire(TimeProvider clock) : HttpMessageHandler
{
    private readonly List<(string Name, string Version, JsonObject Body)> _secrets = [];

    public int Reads { get; private set; }

    public bool Away { get; set; }

    public List<string> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Away)
        {
            throw new HttpRequestException("connection refused");
        }

        if (request.Headers.Authorization is null)
        {
            var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            challenge.Headers.TryAddWithoutValidation(
                "WWW-Authenticate", "Bearer authorization=\"https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111\", resource=\"https://vault.azure.net\"");
            return challenge;
        }

        Requests.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
        var path = request.RequestUri.AbsolutePath.Trim('/').Split('/');
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
        return request.Method.Method switch
        {
            "PUT" => Put(request.RequestUri, path[1], body!),
            "PATCH" => Patch(path[1], path[2], body!),
            _ => Get(path[1], path.ElementAtOrDefault(2)),
        };
    }

    private HttpResponseMessage Put(Uri address, string name, JsonObject body)
    {
        var version = Guid.NewGuid().ToString("n");
        var attributes = body["attributes"]?.DeepClone().AsObject() ?? [];
        attributes["enabled"] = true;
        attributes["created"] = clock.GetUtcNow().ToUnixTimeSeconds();
        attributes["updated"] = clock.GetUtcNow().ToUnixTimeSeconds();
        var secret = new JsonObject { ["value"] = body["value"]!.DeepClone(), ["id"] = $"https://{address.Host}/secrets/{name}/{version}", ["attributes"] = attributes };
        _secrets.Add((name, version, secret));
        return Answer(HttpStatusCode.OK, secret);
    }

    private HttpResponseMessage Patch(string name, string version, JsonObject body)
    {
        var secret = _secrets.Single(s => s.Name == name && s.Version == version).Body;
        secret["attributes"]!["enabled"] = body["attributes"]!["enabled"]!.DeepClone();
        return Answer(HttpStatusCode.OK, new JsonObject { ["id"] = secret["id"]!.DeepClone(), ["attributes"] = secret["attributes"]!.DeepClone() });
    }

    private HttpResponseMessage Get(string name, string? version)
    {
        Reads++;
        var found = _secrets.LastOrDefault(s => s.Name == name && (string.IsNullOrEmpty(version) || s.Version == version)).Body;
        return found is null ? Error(HttpStatusCode.NotFound, "SecretNotFound", null)
            : found["attributes"]!["enabled"]!.GetValue<bool>() ? Answer(HttpStatusCode.OK, found)
            : Error(HttpStatusCode.Forbidden, "Forbidden", "SecretDisabled");
    }

    private static HttpResponseMessage Error(HttpStatusCode status, string code, string? inner) => Answer(status, new JsonObject
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = "refused", ["innererror"] = inner is null ? null : new JsonObject { ["code"] = inner } },
    });

    private static HttpResponseMessage Answer(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json") };
}

internal sealed class AnyToken : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
}
