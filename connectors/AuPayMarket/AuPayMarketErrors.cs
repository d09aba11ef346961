using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.AuPayMarket;

/// <summary>Their answers to our kinds of failure. No full table of codes is public: what is unknown is Rejected with its code and text.</summary>
internal static class AuPayMarketErrors
{
    /// <summary>認証に失敗しました: key wrong or expired, or it lacks the right for this group of APIs. They do not tell which.</summary>
    public const string NotAuthenticated = "0002";

    /// <summary>The shop id is missing or not the key's.</summary>
    private static readonly string[] WrongShop = ["CME0021", "CME0022"];

    /// <summary>The failure that an answer stands for, or null when it is a good one.</summary>
    public static MarketplaceException? Of(string endpoint, CallKind kind, WireAnswer answer, XElement? body)
    {
        var (code, text) = body is null ? ("", "") : Read(body);
        MarketplaceException Failure(FailureKind failure, string what, CredentialFault? credential = null) =>
            new(AuPayMarketConnector.Code, failure, $"{endpoint}: {what}")
            {
                Code = code.Length == 0 ? null : code,
                Credential = credential,
                RetryAfter = answer.RetryAfter,
            };

        if (answer.Status == 401 || code == NotAuthenticated)
        {
            return Failure(FailureKind.CredentialRejected, "the key was not accepted", CredentialFault.Expired);
        }

        if (answer.Status == 403)
        {
            return Failure(FailureKind.CredentialRejected, "the calling address may not be registered", CredentialFault.AddressNotRegistered);
        }

        if (WrongShop.Contains(code))
        {
            return Failure(FailureKind.CredentialRejected, "the shop id is missing or wrong", CredentialFault.Wrong);
        }

        if (answer.Status == 429)
        {
            return Failure(FailureKind.Throttled, "too many calls");
        }

        if (answer.IsPage || answer.Status >= 500)
        {
            // Maintenance is announced ad hoc and answers with a page; a gateway's page passes sooner.
            // A write that got any page but 503 may have had its effect before the page was made: maintenance would say that nothing was done.
            var gateway = answer.Status is 500 or 502 or 504 || (kind is CallKind.Write && answer.Status is not 503);
            return Failure(gateway ? FailureKind.Transient : FailureKind.Maintenance, $"HTTP {answer.Status} with a page instead of an answer");
        }

        if (body is null)
        {
            return Failure(FailureKind.Transient, "the answer is not XML");
        }

        var status = body.Element("result")?.Text("status") ?? "";
        if (answer.Status < 400 && (status + code + text).Length == 0)
        {
            return Failure(FailureKind.Unreadable, "expected result/status in the answer");
        }

        if (body.Element("updateResult") is not null)
        {
            return null; // told item by item; status 1 means that at least one was refused
        }

        return answer.Status >= 400 || status != "0"
            ? Failure(FailureKind.Rejected, text.Length == 0 ? $"HTTP {answer.Status}" : text)
            : null;
    }

    private static (string Code, string Text) Read(XElement body)
    {
        var result = body.Element("result");
        var error = result?.Element("error") ?? body.Element("error");
        return (error?.Text("code") ?? "", error?.Text("message") is { Length: > 0 } text ? text : result?.Text("message") ?? "");
    }
}
