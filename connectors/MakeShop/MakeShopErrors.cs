using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.MakeShop;

/// <summary>One entry of <c>errors</c>. Where the code stands is not certain: directly or under <c>extensions</c>.</summary>
internal sealed record MakeShopError(string Message, string Code, ImmutableArray<string> Path)
{
    public static MakeShopError Of(JsonElement error) => new(
        error.Text("message"),
        error.Text("code") is { Length: > 0 } code ? code : error.Find("extensions") is { } extensions ? extensions.Text("code") : "",
        [.. error.Items("path").Select(step => step.Text())]);

    /// <summary>It speaks of this field: in its path, or by name in its message.</summary>
    public bool Names(string field) => Path.Contains(field) || WordsOf(Message).Contains(field, StringComparer.Ordinal);

    private static string[] WordsOf(string message) =>
        message.Split([' ', '"', '\'', '`', '.', ',', ':', ';', '(', ')', '?', '「', '」'], StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Their answers to our kinds of failure.</summary>
internal static class MakeShopErrors
{
    /// <summary>The query or its variable does not fit their schema.</summary>
    public const int Validation = 422;

    /// <summary>The failure that an answer stands for; null = a good one.</summary>
    /// <param name="root">The body; null = it is not JSON.</param>
    public static MarketplaceException? Of(string operation, CallKind kind, WireAnswer answer, JsonElement? root, ImmutableArray<MakeShopError> errors)
    {
        var first = errors.FirstOrDefault();
        var code = first?.Code ?? "";
        MarketplaceException Failure(FailureKind failure, string what, CredentialFault? credential = null) =>
            new(MakeShopConnector.Code, failure, $"{operation}: {what}")
            {
                Code = code.Length > 0 ? code : answer.Status is 200 ? null : answer.Status.ToString(CultureInfo.InvariantCulture),
                Credential = credential,
                RetryAfter = answer.RetryAfter,
                Field = first is { Path: [.., var field] } ? field : null,
            };

        if (answer.Status == 429 || Is(code, "TOO_MANY", "RATE_LIMIT", "THROTTL"))
        {
            return Failure(FailureKind.Throttled, "too many calls");
        }

        if (answer.Status == 401 || Is(code, "UNAUTH"))
        {
            return errors.Any(e => e.Message.Contains("timestamp", StringComparison.OrdinalIgnoreCase))
                ? Failure(FailureKind.Transient, "the timestamp was not accepted: one of the two clocks is wrong")
                : Failure(FailureKind.CredentialRejected, "permanent token or API key were not accepted: wrong, or the app was uninstalled", CredentialFault.Wrong);
        }

        if (answer.IsPage || answer.Status >= 500)
        {
            // A write that got any page but 503 may have had its effect before the page was made: maintenance would say that nothing was done.
            var gateway = answer.Status is 500 or 502 or 504 || (kind is CallKind.Write && answer.Status is not 503);
            return Failure(gateway ? FailureKind.Transient : FailureKind.Maintenance, $"HTTP {answer.Status} in place of an answer");
        }

        if (Is(code, "FORBIDDEN") || answer.Status == 403)
        {
            return Failure(FailureKind.CredentialRejected, "the app is not granted this operation", CredentialFault.RightMissing);
        }

        if (root is null)
        {
            return Failure(FailureKind.Transient, "the answer is not JSON");
        }

        if (errors.Any(e => Is(e.Code, "INTERNAL") || e.Message.Contains("internal", StringComparison.OrdinalIgnoreCase)))
        {
            return Failure(FailureKind.Transient, "their own error");
        }

        if (first is not null || answer.Status >= 400)
        {
            return Failure(FailureKind.Rejected, first?.Message is { Length: > 0 } text ? Short(text) : $"HTTP {answer.Status}");
        }

        return root.Value.Find("data")?.Find(operation) is { ValueKind: JsonValueKind.Object }
            ? null
            : Failure(FailureKind.Unreadable, $"expected an object in data.{operation}");
    }

    /// <summary>The beginning of a text of theirs.</summary>
    public static string Short(string text) => text.Length <= 200 ? text : $"{text[..200]}…";

    private static bool Is(string code, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (code.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
