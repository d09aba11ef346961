using System.Text.Json;
using Domain.Marketplaces;

namespace Connectors.Wire;

/// <summary>What an answer's HTTP status stands for where a service has no table of error codes that we know.</summary>
internal static class HttpRefusals
{
    /// <summary>The code of every refusal with HTTP 404, whatever the body calls it.</summary>
    public const string NotFound = "404";

    private static readonly string[] CodeNames = ["code", "error_code", "errorCode"];
    private static readonly string[] TextNames = ["message", "error_message", "errorMessage"];

    /// <param name="body">The answer's JSON; null = it is none.</param>
    /// <returns>Null: nothing speaks against it.</returns>
    public static MarketplaceException? Of(string marketplace, string endpoint, CallKind kind, WireAnswer answer, JsonElement? body)
    {
        var (code, text) = answer.Status >= 400 ? Read(body) : ("", "");
        MarketplaceException Failure(FailureKind failure, string what, CredentialFault? credential = null) => new(marketplace, failure, $"{endpoint}: {what}")
        {
            Code = answer.Status == 404 ? NotFound : code.Length == 0 ? null : code,
            Credential = credential,
            RetryAfter = answer.RetryAfter,
        };

        return answer.Status switch
        {
            401 => Failure(FailureKind.CredentialRejected, "the key was not accepted", CredentialFault.Wrong),
            403 => Failure(FailureKind.CredentialRejected, "the key may not make this call", CredentialFault.RightMissing),
            429 => Failure(FailureKind.Throttled, "too many calls"),

            // A write that got any page but 503 may have had its effect before the page was made: maintenance would say that nothing was done.
            500 or 502 or 504 => Failure(FailureKind.Transient, $"HTTP {answer.Status}"),
            503 => Failure(FailureKind.Maintenance, "HTTP 503"),
            > 504 => Failure(FailureKind.Transient, $"HTTP {answer.Status}"),
            _ when answer.IsPage => Failure(kind is CallKind.Write ? FailureKind.Transient : FailureKind.Maintenance, $"HTTP {answer.Status} with a page instead of an answer"),
            404 => Failure(FailureKind.Rejected, text.Length == 0 ? "there is no such thing" : text),
            >= 400 => Failure(FailureKind.Rejected, text.Length == 0 ? $"HTTP {answer.Status}" : text),
            _ => null,
        };
    }

    /// <summary>Code and text of an error, under the names and in the one wrapping that services like these use.</summary>
    private static (string Code, string Text) Read(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } error)
        {
            return ("", "");
        }

        if (error.TryGetProperty("error", out var inner) && inner.ValueKind is JsonValueKind.Object)
        {
            error = inner;
        }

        return (Find(error, CodeNames), Find(error, TextNames));
    }

    private static string Find(JsonElement error, string[] names)
    {
        foreach (var name in names)
        {
            if (error.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                return value.ToString();
            }
        }

        return "";
    }
}
