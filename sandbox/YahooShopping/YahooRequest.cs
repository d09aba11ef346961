using System.Globalization;
using System.Xml.Linq;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>A request's XML. Its elements may stand in any order, be empty or nil, and carry a namespace; the content type says nothing. [F]</summary>
internal static class YahooRequest
{
    /// <returns>The root Req, or null where the body is not that.</returns>
    public static XElement? Read(byte[] body)
    {
        // Some clients leave an empty line before the declaration.
        var start = Array.FindIndex(body, b => b is not ((byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t'));
        return StrictXml.Read(start > 0 ? body[start..] : body) is { Name.LocalName: "Req" } root ? root : null;
    }

    public static XElement? Child(this XElement? parent, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            parent = parent?.Elements().FirstOrDefault(child => child.Name.LocalName == name);
        }

        return parent;
    }

    /// <summary>An element's text; null where it is missing, empty or nil.</summary>
    public static string? Value(this XElement? parent, params ReadOnlySpan<string> path) => parent.Child(path)?.Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>YYYYMMDDHH24MISS, JST.</summary>
    public static bool IsMoment(string text, out DateTimeOffset moment)
    {
        var read = JapanTime.Read(text, "yyyyMMddHHmmss");
        moment = read ?? default;
        return read is not null;
    }

    /// <summary>YYYYMMDD; comes back as YYYY-MM-DD.</summary>
    public static bool IsDay(string text, out string day)
    {
        var read = DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var value);
        day = value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return read;
    }
}
