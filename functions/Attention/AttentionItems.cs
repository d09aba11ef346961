using Domain.Attention;
using Domain.Coverage;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;

namespace Functions.Attention;

/// <summary>The attention items, in the words of the shop's staff: what happened, what the system does, what to do. None holds a buyer's data.</summary>
public static class AttentionItems
{
    public static AttentionItem CancelledInWork(OrderKey order, Store store, DeliveryId delivery, DateTimeOffset now) => new(
        $"cancelled-in-work~{order.Store}~{order.Code}", AttentionKind.CancelledInWork, order.Store, order.Code,
        $"店舗「{store.Name}」の受注 {order.Code} は、出荷作業中にモール側でキャンセルされました。",
        "出荷伝票の出荷を止めています。出荷実績は登録できません。",
        "倉庫に連絡し、出荷伝票を出荷待ちに戻してもらってください。戻ると受注と出荷伝票は自動でキャンセルになります。",
        delivery.ToString(), now);

    public static AttentionItem CancelledAfterShipping(OrderKey order, Store store, DateTimeOffset now) => new(
        $"cancelled-after-shipping~{order.Store}~{order.Code}", AttentionKind.CancelledAfterShipping, order.Store, order.Code,
        $"店舗「{store.Name}」の受注 {order.Code} は、出荷後にモール側でキャンセルされました。",
        "受注は出荷済みのままにしています。",
        "返品・返金の対応が必要か、モールの管理画面でご確認ください。",
        "", now);

    public static AttentionItem Unreadable(Store store, string marketplace, OrderCode? code, string entry, string expected, DateTimeOffset now) => new(
        $"unreadable~{store.Id}~{entry}", AttentionKind.UnreadableOrder, store.Id, code,
        code is null
            ? $"店舗「{store.Name}」で、受注番号も読み取れない受注データが1件ありました（{marketplace}）。"
            : $"店舗「{store.Name}」の受注 {code} のデータを読み取れませんでした（{marketplace}）。",
        "この受注は取り込まず、他の受注の取込は続けています。モール側のデータが変わると自動で読み直します。",
        "モールの管理画面で受注の内容を確認し、手作業で出荷するか、直ったら再試行してください。",
        expected, now);

    public static AttentionItem CredentialRejected(Store store, CredentialFault fault, DateTimeOffset now) => new(
        $"credential~{store.Id}", AttentionKind.CredentialRejected, store.Id, null,
        $"店舗「{store.Name}」のAPI認証が受け付けられませんでした（{Words(fault)}）。",
        "この店舗の取込・出荷通知を止めています。止まっている間の受注と出荷通知は、復旧後に自動で処理します。",
        "モールの管理画面で認証情報を確認・再発行し、登録し直してください。取込可能な期間が過ぎる前に対応してください。",
        fault.ToString(), now);

    public static string IdOf(Gap gap) => $"gap~{gap.Store}~{gap.Id}";

    public static AttentionItem GapFound(Store store, Gap gap) => new(
        IdOf(gap), AttentionKind.Gap, gap.Store, null,
        $"店舗「{store.Name}」で、{Span(gap.Span)} の受注を確認できないまま取込可能な期間を過ぎました。",
        "この期間の取込は自動ではもう行えません。他の期間の取込は続けています。",
        gap.Filled is { } filled
            ? $"受注CSVを取り込みましたが（この期間の受注{filled.Orders}件、{filled.By}）、期間のすべてを確認できていません（{Words(filled)}）。モールの管理画面で残りを確認し、必要なら取り込み直して「確認済み」にしてください。"
            : "モールの管理画面でこの期間の受注をCSVでダウンロードし、期間を指定して取り込んでください（受注CSVの取込）。受注がなかったときは「確認済み」にしてください。",
        gap.Lane, gap.FoundAt);

    public static AttentionItem HoleLeavesSoon(Store store, Lane lane, Interval hole, DateTimeOffset leavesAt, DateTimeOffset now)
    {
        var hours = Math.Max(0, (int)Math.Floor((leavesAt - now).TotalHours));
        var consequence = lane.LookbackEnforced ? "これ以降は取得できません" : "これ以降は自動取込の対象外になります";
        return new AttentionItem(
            $"hole~{store.Id}~{lane.Id}", AttentionKind.HoleLeavesSoon, store.Id, null,
            $"店舗「{store.Name}」で、{Span(hole)} の受注がまだ取り込めていません。あと約{hours}時間で期限を過ぎ、{consequence}。",
            "取込を繰り返し試しています。",
            "店舗の状態（認証・停止中でないか）を確認し、「今すぐ取込」を実行してください。",
            lane.Id, now);
    }

    public static string LeavingId(Store store) => $"leaves~{store.Id}";

    /// <param name="named">The first few of their codes.</param>
    /// <param name="first">When the first of them leaves the window.</param>
    public static AttentionItem OrdersLeaveWindow(
        Store store, string marketplace, int orders, IReadOnlyList<string> named, DateTimeOffset first, string codes, DateTimeOffset now) => new(
        LeavingId(store), AttentionKind.OrdersLeaveWindow, store.Id, null,
        $"店舗「{store.Name}」の未出荷の受注{orders}件（{string.Join("、", named)}{(orders > named.Count ? "ほか" : "")}）が、取込可能な期間を過ぎたか、まもなく過ぎます（最も早い受注は {Jst.In(first):yyyy年M月d日 H:mm}）。",
        $"{marketplace}は受注番号での照会ができないため、期間を過ぎた受注のキャンセルや変更は自動では分かりません。出荷やキャンセルが済むと、このお知らせは消えます。",
        "モールの管理画面で受注の状態を確認してください。処理待ちの受注は、モールからダウンロードした受注データで有効化してから出荷してください。",
        codes, now);

    public static AttentionItem PushRejected(OrderKey order, Store store, string marketplace, string code, string reason, DateTimeOffset now) => new(
        $"push~{order.Store}~{order.Code}", AttentionKind.PushRejected, order.Store, order.Code,
        $"店舗「{store.Name}」の受注 {order.Code} の出荷通知を、{marketplace}が受け付けませんでした。",
        "この受注への通知は止めています。同じ荷物の他の受注への通知は続けています。",
        "モールの管理画面で受注の状態と送り状番号を確認し、必要なら手作業で登録するか、直してから再試行してください。",
        $"{code} {reason}".Trim(), now);

    public static AttentionItem PushUnknown(OrderKey order, Store store, string marketplace, DateTimeOffset now) => new(
        $"push~{order.Store}~{order.Code}", AttentionKind.PushUnknown, order.Store, order.Code,
        $"店舗「{store.Name}」の受注 {order.Code} の出荷通知は「結果不明」です（{marketplace}から返事がありませんでした）。",
        "二重に通知しないよう、再送していません。",
        "モールの管理画面で送り状番号が登録されているか確認してください。登録されていれば対応済みに、なければ再試行してください。",
        "", now);

    public static AttentionItem PushWarning(OrderKey order, Store store, string marketplace, string warning, DateTimeOffset now) => new(
        $"push-warning~{order.Store}~{order.Code}", AttentionKind.PushWarning, order.Store, order.Code,
        $"店舗「{store.Name}」の受注 {order.Code} の出荷通知は登録されましたが、{marketplace}から警告がありました。",
        "通知は完了として扱っています。",
        "警告の内容（売上確定の失敗など）をモールの管理画面で確認してください。",
        warning, now);

    public static AttentionItem GateUnknown(Store store, string reason, DateTimeOffset now) => new(
        $"gate~{store.Id}", AttentionKind.GateUnknown, store.Id, null,
        $"店舗「{store.Name}」で、出荷前のキャンセル確認ができませんでした。",
        "確認できるまで、この店舗の出荷伝票を倉庫に渡していません。",
        "モールの障害や認証の状態を確認し、もう一度出荷指示をしてください。",
        reason, now);

    public static AttentionItem GatePassed(Store store, string reason, DateTimeOffset now) => new(
        $"gate-passed~{store.Id}", AttentionKind.GateUnknown, store.Id, null,
        $"店舗「{store.Name}」で、出荷前のキャンセル確認ができませんでした。",
        $"店舗の設定により、{store.ShipOnAnswerMinutes}分以内に確認できていた受注の出荷伝票は、倉庫に渡しました。",
        "モールの障害や認証の状態を確認し、渡した受注がキャンセルされていないかモールの管理画面でご確認ください。",
        reason, now);

    public static AttentionItem MessageFailed(string queue, string messageId, string reason, string body, DateTimeOffset now) => new(
        $"message~{queue}~{messageId}", AttentionKind.MessageFailed, null, null,
        $"処理「{queue}」が繰り返し失敗しました。",
        "この処理は止めています。データは失われていません。",
        "「再試行」を押してください。続けて失敗する場合は、技術担当者に詳細を伝えてください。",
        reason, now)
    {
        Retry = new RetryMessage(queue, body),
    };

    private static string Span(Interval span) => $"{Jst.In(span.From):yyyy年M月d日 HH:mm}～{Jst.In(span.To):yyyy年M月d日 HH:mm}";

    private static string Words(GapFilling filled) => string.Join("、", ((string[])
    [
        filled.Orders == 0 ? "この期間の受注がファイルにない" : "",
        filled.Missing > 0 ? $"取込済みの受注のうち{filled.Missing}件がファイルにない" : "",
        filled.Faults > 0 ? $"読み取れない箇所が{filled.Faults}件ある" : "",
    ]).Where(w => w.Length > 0));

    private static string Words(CredentialFault fault) => fault switch
    {
        CredentialFault.Wrong => "キーが違います",
        CredentialFault.Expired => "有効期限切れ",
        CredentialFault.Revoked => "取り消されています",
        CredentialFault.ConsentOver => "認可の期限切れ。ログインし直しが必要です",
        CredentialFault.AddressNotRegistered => "接続元IPアドレスが未登録",
        CredentialFault.RightMissing => "権限がありません",
        CredentialFault.Missing => "認証情報が未登録",
        _ => fault.ToString(),
    };
}
