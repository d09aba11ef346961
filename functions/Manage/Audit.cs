using System.Globalization;
using Infra.Storage;

namespace Functions.Manage;

/// <param name="What">For example <c>stores/qoo10-honten/switches</c>.</param>
/// <param name="Before">Without personal data and secrets; empty = there was nothing.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string What, string Before, string After);

/// <summary>Leaves a row for every changing call: who, what, before and after.</summary>
public sealed class Audit(IRowStore rows, TimeProvider clock)
{
    public const string Table = "audit";

    /// <summary>Longer texts are cut: an audit row tells what was done, it is no copy.</summary>
    private const int Longest = 4_000;

    public async Task WriteAsync(Caller caller, string what, string before, string after, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // Newest first: the key counts down.
        var key = string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - now.Ticks:D19}-{Random.Shared.Next(0x1000000):x6}");
        await rows.CommitAsync(Table, Month(now), [new RowAction.Insert(new Row(key, null, new Dictionary<string, object>
        {
            ["at"] = now,
            ["who"] = caller.Name,
            ["what"] = what,
            ["before"] = Cut(before),
            ["after"] = Cut(after),
        }, default))], cancellation);
    }

    /// <summary>Whether a list can go on there: the key of an entry.</summary>
    public static bool IsPlace(string place) => place is { Length: 26 } && place[19] == '-' && place.Where((_, i) => i != 19).All(char.IsAsciiHexDigitLower);

    /// <summary>The newest entries of a month (UTC), written <c>2026-11</c>.</summary>
    /// <param name="continuation">The key of the entry to go on with.</param>
    public async Task<(IReadOnlyList<AuditEntry> Entries, string? Continuation)> ReadAsync(string? month, int take, string? continuation, CancellationToken cancellation)
    {
        var page = await rows.ReadAsync(Table, month ?? Month(clock.GetUtcNow()), new RowRange(continuation ?? "0", "~") { Take = take + 1 }, cancellation);
        var entries = page.Rows.Take(take).Select(r => new AuditEntry(r.Time("at")!.Value, r.Text("who")!, r.Text("what")!, r.Text("before") ?? "", r.Text("after") ?? ""));
        return ([.. entries], page.Rows.Count > take ? page.Rows[take].Key : null);
    }

    private static string Month(DateTimeOffset time) => time.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string Cut(string text) => text.Length <= Longest ? text : text[..Longest] + "…";
}
