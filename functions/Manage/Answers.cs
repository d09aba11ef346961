using System.Text.Json;
using Domain;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Stores;
using Infra.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Functions.Manage;

/// <summary>Reads what a caller sent and says what was wrong with it, one way for all endpoints.</summary>
public static class Answers
{
    public static readonly JsonSerializerOptions Json = MakeJson();

    public static string TitleOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "入力に誤りがあります",
        StatusCodes.Status401Unauthorized => "認証が必要です",
        StatusCodes.Status403Forbidden => "権限がありません",
        StatusCodes.Status404NotFound => "見つかりません",
        StatusCodes.Status409Conflict => "いまは実行できません",
        _ => "処理できませんでした",
    };

    public static ProblemHttpResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "not-found", detail);

    public static ProblemHttpResult Problem(int status, string code, string detail) =>
        TypedResults.Problem(detail: detail, statusCode: status, title: TitleOf(status), extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>The JSON body.</summary>
    /// <exception cref="BadRequestException">It is missing, broken, or has a field that nobody knows.</exception>
    public static async Task<T> BodyAsync<T>(HttpRequest request, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Json, cancellation) ?? throw new BadRequestException("body", "本文（JSON）がありません。");
        }
        catch (JsonException broken)
        {
            throw new BadRequestException(broken.Path ?? "body", $"本文（JSON）を読み取れません。項目「{broken.Path}」を確認してください。");
        }
    }

    public static StoreId StoreOf(string text) =>
        StoreId.TryParse(text, out var id) ? id : throw new BadRequestException("store", "店舗IDは、英小文字・数字・ハイフンの3～40文字です。");

    public static OrderCode CodeOf(string text) =>
        OrderCode.TryParse(text, out var code) ? code : throw new BadRequestException("code", "受注コードの形式が正しくありません。");

    public static DeliveryId DeliveryOf(string text) =>
        DeliveryId.TryParse(text, out var id) ? id : throw new BadRequestException("delivery", "出荷伝票番号の形式が正しくありません（店舗~受注コード~番号）。");

    public static Store Find(StoreBook book, StoreId id) =>
        book.Find(id) ?? throw new RefusalException("no-store", $"店舗 {id} は登録されていません。");

    public static T EnumOf<T>(string field, string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new BadRequestException(field, $"「{text}」は指定できません。指定できる値: {string.Join(", ", Enum.GetNames<T>())}");

    public static DateTimeOffset? TimeOf(HttpRequest request, string name)
    {
        var text = request.Query[name].ToString();
        return text.Length == 0
            ? null
            : DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new BadRequestException(name, $"「{name}」は日時（例 2026-11-24T10:00:00+09:00）で指定してください。");
    }

    public static int TakeOf(HttpRequest request) =>
        request.Query["take"].ToString() is { Length: > 0 } text
            ? int.TryParse(text, out var take) && take is >= 1 and <= 500 ? take : throw new BadRequestException("take", "take は1～500で指定してください。")
            : 100;

    private static JsonSerializerOptions MakeJson()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }

    public static void Configure(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // Japanese stays readable
        options.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter());
    }
}
