using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>Bytes; 200 shipments take some 40 KB.</summary>
    private const int LongestBody = 1024 * 1024;

    public static string TitleOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "入力に誤りがあります",
        StatusCodes.Status401Unauthorized => "認証が必要です",
        StatusCodes.Status403Forbidden => "権限がありません",
        StatusCodes.Status404NotFound => "見つかりません",
        StatusCodes.Status409Conflict => "いまは実行できません",
        StatusCodes.Status413PayloadTooLarge => "本文が大きすぎます",
        StatusCodes.Status415UnsupportedMediaType => "本文の形式が違います",
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
        if (!request.HasJsonContentType())
        {
            throw new BadRequestException("content-type", "本文はJSONで送ってください（ヘッダー Content-Type: application/json）。") { Status = StatusCodes.Status415UnsupportedMediaType };
        }

        using var body = await ReadAsync(request, cancellation);
        try
        {
            return body.Deserialize<T>(Json) ?? throw new BadRequestException("body", "本文（JSON）が空です。");
        }
        catch (JsonException wrong)
        {
            var missing = Missing<T>(body.RootElement);
            throw missing.Length > 0
                ? new BadRequestException(missing[0], $"必須の項目がありません: {string.Join(", ", missing)}")
                : new BadRequestException(wrong.Path ?? "body", $"本文（JSON）の項目「{wrong.Path}」を読み取れません。項目の名前、値の形式、必須の項目がそろっているかを確認してください。");
        }
    }

    private static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellation)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > LongestBody)
            {
                throw new BadRequestException("body", "本文は1MBまでです。分けて送ってください。") { Status = StatusCodes.Status413PayloadTooLarge };
            }
        }

        try
        {
            return JsonDocument.Parse(bytes.ToArray());
        }
        catch (JsonException)
        {
            throw new BadRequestException("body", bytes.Length == 0 ? "本文（JSON）がありません。" : "本文がJSONとして正しくありません。");
        }
    }

    private static string[] Missing<T>(JsonElement body) => body.ValueKind is not JsonValueKind.Object
        ? []
        : [.. Json.GetTypeInfo(typeof(T)).Properties
            .Where(p => p.IsRequired && !body.EnumerateObject().Any(given => given.Name.Equals(p.Name, StringComparison.OrdinalIgnoreCase)))
            .Select(p => p.Name)];

    /// <summary>What a refusal speaks of does not exist: 404 instead of 409.</summary>
    public static bool IsMissing(RefusalException refusal) => refusal.Code is "no-store" or "no-candidate" or "no-delivery" or "no-gap";

    /// <summary>Whether a name from a route can be the name of a row at all: what cannot be is not found.</summary>
    public static bool IsName(string text) => text is { Length: > 0 and <= 200 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '~' or '-' or '_' or '.');

    /// <summary>Where a list goes on, as the caller gets it: opaque, without anything that an address would have to escape.</summary>
    public static string Continue(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    /// <summary>Where the caller wants the list to go on; null = from the beginning.</summary>
    /// <param name="known">Whether the place is one that this list gives out.</param>
    public static string? ContinuationOf(HttpRequest request, Func<string, bool> known)
    {
        var text = request.Query["continuation"].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return Base64Url.IsValid(text) && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) is var place && known(place)
            ? place
            : throw new BadRequestException("continuation", "continuation が正しくありません。前の応答の値をそのまま指定してください。");
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
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(text, ignoreCase: true)
            : throw new BadRequestException(field, $"「{text}」は指定できません。指定できる値: {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>A time of the query; without an offset it is JST.</summary>
    public static DateTimeOffset? TimeOf(HttpRequest request, string name)
    {
        var text = request.Query[name].ToString();
        return text.Length == 0 ? null
            : !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) || time.Year is < 2000 or > 2200
                ? throw new BadRequestException(name, $"「{name}」は日時（例 2026-11-24T10:00:00+09:00、日本時間なら 2026-11-24T10:00 も可）で指定してください。")
            : time.Kind is DateTimeKind.Unspecified ? new DateTimeOffset(time, Domain.Time.Jst.Offset)
            : new DateTimeOffset(time.ToUniversalTime());
    }

    public static int TakeOf(HttpRequest request) =>
        request.Query["take"].ToString() is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var take) && take is >= 1 and <= 500 ? take : throw new BadRequestException("take", "take は1～500で指定してください。")
            : 100;

    private static JsonSerializerOptions MakeJson()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }

    public static void Configure(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict; // a number is a number: what comes out is what goes in
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // Japanese stays readable
        options.Converters.Add(new YenConverter());
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
    }
}
