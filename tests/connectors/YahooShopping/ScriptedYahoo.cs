using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Connectors.YahooShopping;
using Domain.Marketplaces;
using Domain.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.YahooShopping;

/// <summary>One call as it went over the wire.</summary>
/// <param name="Signed">What the signature says when it is decrypted with the private key; null = there is none.</param>
internal sealed record SeenCall(string Api, HttpMethod Method, Uri Address, string Authorization, string? Signed, string? KeyVersion, string Body, MarketplaceCall? Mark)
{
    public XElement Xml => XElement.Parse(Body);

    public string Text(string path) => path.Split('/').Aggregate((XElement?)Xml, (e, name) => e?.Element(name))?.Value ?? "";
}

/// <param name="KeyStatus">The header that tells about the public key; null = it is not sent.</param>
internal sealed record Answer(string Body, HttpStatusCode Status = HttpStatusCode.OK, string? KeyStatus = "authorized", string? Challenge = null)
{
    public static implicit operator Answer(string body) => new(body);
}

/// <summary>Answers by API name, and keeps every call. An API without an answer fails the test, so that nothing slips out unseen.</summary>
internal sealed class ScriptedYahoo : IDisposable
{
    /// <summary>Made once: it takes long.</summary>
    private static readonly Lazy<string> PrivateKey = new(() =>
    {
        using var made = RSA.Create(2048);
        return made.ExportPkcs8PrivateKeyPem();
    });

    private readonly Dictionary<string, Func<SeenCall, Answer>> _answers = new(StringComparer.Ordinal);
    private readonly RSA _key = RSA.Create();

    public ScriptedYahoo()
    {
        _key.ImportFromPem(PrivateKey.Value);
        Credentials = new YahooCredentials(this, _key.ExportSubjectPublicKeyInfoPem());
        On("token", Recording("token.json"));
    }

    public List<SeenCall> Seen { get; } = [];

    public YahooCredentials Credentials { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal) { ["seller-id"] = "teststore" };

    public Uri? BaseAddress { get; set; } = new("http://yahoo.invalid:8080/");

    public IEnumerable<string> Apis => Seen.Select(c => c.Api);

    public static string Recording(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "recordings", name));

    public static Answer Refusal(string code, HttpStatusCode status, string message = "an invented text that nobody may pass on") =>
        new($"<?xml version='1.0' encoding='UTF-8' ?><Error><Message>{message}</Message><Code>{code}</Code></Error>", status);

    /// <summary>The 401 for an expired access token carries no code.</summary>
    public static Answer StaleToken() => new(
        "<Error><Message>Please provide valid credentials</Message></Error>", HttpStatusCode.Unauthorized, Challenge: "Bearer error=\"invalid_token\", error_description=\"expired token\"");

    public ScriptedYahoo On(string api, Answer answer) => On(api, _ => answer);

    public ScriptedYahoo On(string api, Func<SeenCall, Answer> answer)
    {
        _answers[api] = answer;
        return this;
    }

    /// <summary>One answer after the other; the last one stays.</summary>
    public ScriptedYahoo InTurn(string api, params Answer[] answers)
    {
        var turn = 0;
        return On(api, _ => answers[Math.Min(turn++, answers.Length - 1)]);
    }

    public IEnumerable<SeenCall> Of(string api) => Seen.Where(c => c.Api == api);

    public Marketplace Marketplace()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddYahooShopping().ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        return services.BuildServiceProvider(validateScopes: true).GetRequiredService<Marketplace>();
    }

    public StoreAccess Access(Marketplace market) => new(
        new Store
        {
            Id = StoreId.Parse("yahoo-honten"),
            Marketplace = "yahoo-shopping",
            Name = "見本商店",
            Group = BundleGroupId.Parse("yahoo-honten"),
            BaseAddress = BaseAddress,
            Settings = ImmutableSortedDictionary<string, string>.Empty.SetItems(Settings),
        },
        market.Manifest,
        Credentials);

    public void Dispose() => _key.Dispose();

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var mark);
        var call = new SeenCall(
            request.RequestUri!.Segments[^1],
            request.Method,
            request.RequestUri,
            request.Headers.Authorization!.ToString(),
            request.Headers.TryGetValues("X-sws-signature", out var signature) ? Decrypted(Assert.Single(signature)) : null,
            request.Headers.TryGetValues("X-sws-signature-version", out var version) ? Assert.Single(version) : null,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellation),
            mark);
        Func<SeenCall, Answer>? make;
        lock (Seen)
        {
            Seen.Add(call);
            make = _answers.GetValueOrDefault(call.Api);
        }

        var answer = make is null ? throw new InvalidOperationException($"no answer for {call.Api}") : make(call);
        var response = new HttpResponseMessage(answer.Status) { Content = new StringContent(answer.Body, Encoding.UTF8, "application/xml") };
        if (answer.KeyStatus is not null && call.Api != "token")
        {
            response.Headers.TryAddWithoutValidation("X-SWS-Authorize-Status", answer.KeyStatus);
        }

        if (answer.Challenge is not null)
        {
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", answer.Challenge);
        }

        return response;
    }

    private string Decrypted(string signature) =>
        Encoding.UTF8.GetString(_key.Decrypt(Convert.FromBase64String(signature), RSAEncryptionPadding.Pkcs1));

    private sealed class Handler(ScriptedYahoo script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            script.AnswerAsync(request, cancellationToken);
    }
}

/// <summary>Credentials in memory, under the manifest's names.</summary>
internal sealed class YahooCredentials(ScriptedYahoo yahoo, string publicKey) : ICredentials
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal)
    {
        ["client-id"] = "canary-client",
        ["client-secret"] = "canary-secret",
        ["refresh-token"] = "canary-refresh",
        ["public-key"] = publicKey,
        ["public-key-version"] = "3",
    };

    public Dictionary<string, (string Value, DateTimeOffset ExpiresAt)> Tokens { get; } = new(StringComparer.Ordinal);

    public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) =>
        Values.TryGetValue(field, out var value)
            ? new(value)
            : throw new MarketplaceException("yahoo-shopping", FailureKind.CredentialRejected, $"{field} is not stored") { Credential = CredentialFault.Missing, Field = field };

    public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) =>
        new(Tokens.TryGetValue(name, out var token) && token.ExpiresAt > yahoo.Clock.GetUtcNow() ? token.Value : null);

    public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        Tokens[name] = (value, expiresAt);
        return ValueTask.CompletedTask;
    }

    public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation)
    {
        Tokens.Remove(name);
        return ValueTask.CompletedTask;
    }
}
