using System.Net.Http.Headers;
using System.Text.Json;
using Connectors.OrderFiles;
using Functions.Attention;
using Functions.Manage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.OrderFiles;

public sealed record OrderFileCounts(int New, int Unchanged, int Completes, int Changed, int Refused);

/// <param name="Line">The line of the file where the order begins, from 1.</param>
public sealed record OrderFileOrderView(string Code, int Line, DateTimeOffset PlacedAt, FileOutcome Outcome);

/// <param name="Column">The header text; empty = the whole line.</param>
/// <param name="Order">The order that is not imported because of it; null = it cannot be told.</param>
/// <param name="Problem">Japanese: what was expected.</param>
public sealed record OrderFileFaultView(int Line, string Column, string? Order, FileFaultKind Kind, string Problem);

/// <summary>What an order file holds and what becomes of it.</summary>
/// <param name="Written">False: a preview, nothing was written.</param>
/// <param name="Finished">False: time ran out; import the same file again to go on.</param>
/// <param name="Rows">Rows of the file without header and empty lines.</param>
/// <param name="Orders">The first 2,000; the counts tell of all.</param>
/// <param name="Faults">The first 2,000.</param>
/// <param name="IgnoredColumns">Headers that no field takes.</param>
/// <param name="AbsentFields">Fields that the file has no column for.</param>
public sealed record OrderFileView(
    string Store, bool Written, bool Finished, int Rows, OrderFileCounts Counts, IReadOnlyList<OrderFileOrderView> Orders, int FaultCount, IReadOnlyList<OrderFileFaultView> Faults,
    IReadOnlyList<string> IgnoredColumns, IReadOnlyList<string> AbsentFields, GapFillingView? Gap)
{
    private const int Longest = 2_000;

    public static OrderFileView Of(string store, OrderFileResult result, bool written)
    {
        int Count(FileOutcome outcome) => result.Orders.Count(o => o.Outcome == outcome);

        return new OrderFileView(
            store, written, result.Finished, result.Reading.Rows,
            new OrderFileCounts(Count(FileOutcome.New), Count(FileOutcome.Unchanged), Count(FileOutcome.Completes), Count(FileOutcome.Changed), result.Reading.Refused.Count()),
            [.. result.Orders.Take(Longest).Select(o => new OrderFileOrderView(o.Code.Value, o.Line, o.PlacedAt, o.Outcome))],
            result.Reading.Faults.Length,
            [.. result.Reading.Faults.Take(Longest).Select(f => new OrderFileFaultView(f.Line, f.Column, f.Order?.Value, f.Kind, OrderFileWords.Of(f.Kind)))],
            result.Reading.Ignored, result.Reading.Absent, GapFillingView.Of(result.Gap));
    }
}

/// <summary>受注CSVの取込: orders from the marketplace's own order download, previewed and imported.</summary>
public sealed class OrderFileEndpoints(ImportOrderFile import, Audit audit)
{
    private const string Csv = "text/csv";
    private const string Bytes = "application/octet-stream";

    /// <summary>What browsers on machines with a spreadsheet program call a .csv.</summary>
    private const string Excel = "application/vnd.ms-excel";

    [Function("manage-order-file-preview"), Allow(Role.Staff), EndpointSummary("受注CSVの確認（取り込まない）"), Takes(typeof(Stream), Csv, Bytes, Excel)]
    public async Task<Ok<OrderFileView>> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/stores/{id}/order-file/preview")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var file = await FileAsync(request, cancellation);
        var result = await OrRefuseAsync(() => import.PreviewAsync(Answers.StoreOf(id), file, cancellation));
        return TypedResults.Ok(OrderFileView.Of(id, result, written: false));
    }

    /// <summary>Imports what can be read; lines that cannot are told and stop nothing else. The same file again changes nothing.</summary>
    [Function("manage-order-file-import"), Allow(Role.Staff), EndpointSummary("受注CSVの取込"), Takes(typeof(Stream), Csv, Bytes, Excel)]
    [Query("gap", "この取込で補完する取込漏れの id（GET manage/gaps）")]
    public async Task<Ok<OrderFileView>> ImportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/stores/{id}/order-file")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var file = await FileAsync(request, cancellation);
        var caller = Caller.Of(request);
        var gap = request.Query["gap"].ToString() is { Length: > 0 } named
            ? Answers.IsName(named) ? named : throw new BadRequestException("gap", "取込漏れの id の形式が正しくありません。")
            : null;
        var result = await OrRefuseAsync(() => import.RunAsync(Answers.StoreOf(id), file, gap, caller.Name, cancellation));
        var view = OrderFileView.Of(id, result, written: true);
        await audit.WriteAsync(
            caller, $"stores/{id}/order-file", gap is null ? "" : $"gap {gap}",
            JsonSerializer.Serialize(new { view.Rows, view.Counts, view.FaultCount, view.Finished, view.Gap }, Answers.Json), cancellation);
        return TypedResults.Ok(view);
    }

    private static async Task<OrderFileResult> OrRefuseAsync(Func<Task<OrderFileResult>> work)
    {
        try
        {
            return await work();
        }
        catch (OrderFileRefusedException refused)
        {
            throw OrderFileWords.Of(refused);
        }
    }

    private static async Task<byte[]> FileAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType?.ToLowerInvariant() is not (Csv or Bytes or Excel))
        {
            throw new BadRequestException("content-type", "CSVファイルをそのまま送ってください（ヘッダー Content-Type: text/csv または application/octet-stream）。")
            {
                Status = StatusCodes.Status415UnsupportedMediaType,
            };
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellation)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > OrderFileShape.LargestFile)
            {
                throw OrderFileWords.Of(new OrderFileRefusedException(OrderFileRefusal.TooLarge));
            }
        }

        return bytes.ToArray();
    }
}
