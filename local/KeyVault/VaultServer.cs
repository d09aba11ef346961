using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using Infra.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Local.KeyVault;

/// <summary>A stand-in for Key Vault on this machine: its REST protocol over HTTPS with a certificate made at start, so that the real SecretClient talks to it.
/// Soft delete, versions, disabled and deleted secrets answer as the service does.</summary>
public sealed partial class VaultServer : IAsyncDisposable
{
    private const int RecoverableDays = 90;

    private readonly WebApplication _app;
    private readonly VaultState _state;
    private readonly TimeProvider _clock;
    private readonly X509Certificate2 _certificate;

    private VaultServer(WebApplication app, VaultState state, TimeProvider clock, X509Certificate2 certificate) =>
        (_app, _state, _clock, _certificate) = (app, state, clock, certificate);

    public Uri Address { get; private set; } = new("https://localhost/");

    /// <param name="file">Where the secrets are kept; null = in memory.</param>
    /// <param name="port">0 = any free one.</param>
    /// <exception cref="IOException">The port is taken, or the file is damaged.</exception>
    public static async Task<VaultServer> StartAsync(string? file, int port, TimeProvider clock, CancellationToken cancellation)
    {
        var certificate = MakeCertificate(clock);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate));
        });
        var app = builder.Build();
        var server = new VaultServer(app, new VaultState(file), clock, certificate);
        app.Run(server.AnswerAsync);
        await app.StartAsync(cancellation);
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        server.Address = new Uri($"https://localhost:{bound.Port}/");
        return server;
    }

    /// <summary>How the real client reaches this server: a transport that takes exactly this certificate, and no check of the challenge's domain.</summary>
    public SecretStoreOptions ClientOptions => new(Address) { CheckChallenge = false, Transport = Transport() };

    public TokenCredential Credential { get; } = new LocalToken();

    public HttpPipelineTransport Transport()
    {
        var thumbprint = _certificate.GetCertHash(HashAlgorithmName.SHA256);
        return new HttpClientTransport(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) =>
                presented is not null && presented.GetCertHash(HashAlgorithmName.SHA256).AsSpan().SequenceEqual(thumbprint),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (!http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal))
        {
            http.Response.Headers.WWWAuthenticate =
                "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000\", resource=\"https://vault.azure.net\"";
            await WriteAsync(http, Error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."));
            return;
        }

        JsonNode? body = null;
        if (http.Request.ContentLength > 0)
        {
            try
            {
                body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            }
            catch (JsonException)
            {
                await WriteAsync(http, Error(400, "BadParameter", "The request body is not JSON."));
                return;
            }
        }

        (int, JsonNode?) answer;
        lock (_state.Gate)
        {
            answer = Route(http.Request.Method, http.Request.Path.Value!.Trim('/').Split('/'), body);
        }

        await WriteAsync(http, answer);
    }

    private (int, JsonNode?) Route(string method, string[] path, JsonNode? body) => (method, path) switch
    {
        ("GET", ["secrets"]) => Listing(_state.All.Where(s => s.DeletedAt is null).Select(s => Bundle(s, s.Versions[^1], withValue: false, versioned: false))),
        ("GET", ["deletedsecrets"]) => Listing(_state.All.Where(s => s.DeletedAt is not null).Select(s => Deleted(s, withValue: false))),
        ("PUT", ["secrets", var name]) => Put(name, body),
        ("GET", ["secrets", var name, "versions"]) => Live(name, s => Listing(s.Versions.Select(v => Bundle(s, v, withValue: false)))),
        ("GET", ["secrets", var name]) => Live(name, s => Read(s, s.Versions[^1])),
        ("GET", ["secrets", var name, var version]) => Version(name, version, Read),
        ("PATCH", ["secrets", var name, var version]) => Version(name, version, (s, v) => Patch(s, v, body)),
        ("PATCH", ["secrets", var name]) => Live(name, s => Patch(s, s.Versions[^1], body)),
        ("DELETE", ["secrets", var name]) => Live(name, Delete),
        ("GET", ["deletedsecrets", var name]) => Gone(name, s => (200, Deleted(s, withValue: false))),
        ("POST", ["deletedsecrets", var name, "recover"]) => Gone(name, Recover),
        ("DELETE", ["deletedsecrets", var name]) => Gone(name, s =>
        {
            _state.Remove(s.Name);
            return (204, null);
        }),
        _ => Error(404, "NotFound", "There is no such operation."),
    };

    private (int, JsonNode?) Put(string name, JsonNode? body)
    {
        if (!Names().IsMatch(name))
        {
            return Error(400, "BadParameter", "A secret's name has 1 to 127 letters, digits and hyphens.");
        }

        var known = _state.Find(name);
        if (known is { DeletedAt: not null })
        {
            return Error(409, "Conflict", $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.");
        }

        if (body?["value"]?.GetValue<string>() is not { } value)
        {
            return Error(400, "BadParameter", "Property value is required.");
        }

        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var attributes = body["attributes"];
        var version = new VaultVersion(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), value, body["contentType"]?.GetValue<string>(), Tags(body),
            attributes?["enabled"]?.GetValue<bool>() ?? true, attributes?["exp"]?.GetValue<long>(), attributes?["nbf"]?.GetValue<long>(), now, now);
        var secret = new VaultSecret(name, [.. known?.Versions ?? [], version], null);
        _state.Set(secret);
        return (200, Bundle(secret, version, withValue: true));
    }

    private (int, JsonNode?) Read(VaultSecret secret, VaultVersion version) => version.Enabled
        ? (200, Bundle(secret, version, withValue: true))
        : Error(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");

    private (int, JsonNode?) Patch(VaultSecret secret, VaultVersion version, JsonNode? body)
    {
        var attributes = body?["attributes"];
        var next = version with
        {
            Enabled = attributes?["enabled"]?.GetValue<bool>() ?? version.Enabled,
            Expires = attributes?["exp"]?.GetValue<long>() ?? version.Expires, // an expiry that is not sent stays: it cannot be cleared
            NotBefore = attributes?["nbf"]?.GetValue<long>() ?? version.NotBefore,
            ContentType = body?["contentType"]?.GetValue<string>() ?? version.ContentType,
            Tags = body?["tags"] is null ? version.Tags : Tags(body),
            Updated = _clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        _state.Set(secret with { Versions = [.. secret.Versions.Select(v => v.Version == version.Version ? next : v)] });
        return (200, Bundle(secret, next, withValue: false));
    }

    private (int, JsonNode?) Delete(VaultSecret secret)
    {
        var gone = secret with { DeletedAt = _clock.GetUtcNow().ToUnixTimeSeconds() };
        _state.Set(gone);
        return (200, Deleted(gone, withValue: false));
    }

    private (int, JsonNode?) Recover(VaultSecret secret)
    {
        var back = secret with { DeletedAt = null };
        _state.Set(back);
        return (200, Bundle(back, back.Versions[^1], withValue: false));
    }

    private (int, JsonNode?) Live(string name, Func<VaultSecret, (int, JsonNode?)> then) =>
        _state.Find(name) is { DeletedAt: null } secret ? then(secret) : NotFound(name);

    private (int, JsonNode?) Gone(string name, Func<VaultSecret, (int, JsonNode?)> then) =>
        _state.Find(name) is { DeletedAt: not null } secret ? then(secret) : NotFound(name);

    private (int, JsonNode?) Version(string name, string version, Func<VaultSecret, VaultVersion, (int, JsonNode?)> then) =>
        Live(name, s => s.Versions.Find(v => v.Version == version) is { } found ? then(s, found) : NotFound($"{name}/{version}"));

    private static (int, JsonNode?) NotFound(string name) =>
        Error(404, "SecretNotFound", $"A secret with (name/id) {name} was not found in this key vault.");

    private JsonObject Bundle(VaultSecret secret, VaultVersion version, bool withValue, bool versioned = true)
    {
        var node = new JsonObject
        {
            ["id"] = $"{Address}secrets/{secret.Name}{(versioned ? "/" + version.Version : "")}",
            ["attributes"] = new JsonObject
            {
                ["enabled"] = version.Enabled,
                ["created"] = version.Created,
                ["updated"] = version.Updated,
                ["recoveryLevel"] = "Recoverable+Purgeable",
                ["recoverableDays"] = RecoverableDays,
            },
        };
        Optional(node["attributes"]!.AsObject(), "exp", version.Expires);
        Optional(node["attributes"]!.AsObject(), "nbf", version.NotBefore);
        if (withValue)
        {
            node["value"] = version.Value;
        }

        if (version.ContentType is not null)
        {
            node["contentType"] = version.ContentType;
        }

        if (version.Tags is { } tags)
        {
            node["tags"] = new JsonObject(tags.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value)));
        }

        return node;
    }

    private JsonObject Deleted(VaultSecret secret, bool withValue)
    {
        var node = Bundle(secret, secret.Versions[^1], withValue);
        node["recoveryId"] = $"{Address}deletedsecrets/{secret.Name}";
        node["deletedDate"] = secret.DeletedAt;
        node["scheduledPurgeDate"] = secret.DeletedAt + (RecoverableDays * 86_400L);
        return node;
    }

    private static void Optional(JsonObject node, string name, long? value)
    {
        if (value is { } some)
        {
            node[name] = some;
        }
    }

    private static (int, JsonNode?) Listing(IEnumerable<JsonObject> items) =>
        (200, new JsonObject { ["value"] = new JsonArray([.. items]), ["nextLink"] = null });

    private static (int, JsonNode?) Error(int status, string code, string message, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (inner is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = inner };
        }

        return (status, new JsonObject { ["error"] = error });
    }

    private static Dictionary<string, string>? Tags(JsonNode body) =>
        body["tags"]?.AsObject().ToDictionary(t => t.Key, t => t.Value?.GetValue<string>() ?? "", StringComparer.Ordinal);

    private static async Task WriteAsync(HttpContext http, (int Status, JsonNode? Body) answer)
    {
        http.Response.StatusCode = answer.Status;
        if (answer.Body is not null)
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.WriteAsync(answer.Body.ToJsonString(), http.RequestAborted);
        }
    }

    private static X509Certificate2 MakeCertificate(TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddYears(2));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    [GeneratedRegex("^[0-9a-zA-Z-]{1,127}$")]
    private static partial Regex Names();

    /// <summary>The stand-in asks for a token and takes any.</summary>
    private sealed class LocalToken : TokenCredential
    {
        private static readonly AccessToken Token = new("local", DateTimeOffset.MaxValue);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => Token;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(Token);
    }
}
