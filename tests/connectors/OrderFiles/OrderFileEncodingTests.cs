using System.Text.Json;
using Connectors.OrderFiles;
using Domain.Orders;

namespace Tests.Connectors.OrderFiles;

/// <summary>UTF-8 and CP932: what survives, and what is told instead of being replaced.</summary>
public sealed class OrderFileEncodingTests
{
    [Theory]
    [InlineData("utf-8", "髙橋﨑 𠮷野 〜−～－①㈱ ｶﾅ 👩‍👧")]
    [InlineData("shift_jis", "髙橋﨑 ～－―∥①㈱ ｶﾅ ソ表十")]
    public void Variant_characters_dashes_and_surrogate_pairs_survive(string encoding, string name)
    {
        var bytes = new Sheet().Row("A1", ("recipient-name", name)).Bytes(encoding == "utf-8" ? null : Sheet.Cp932);

        var order = Assert.Single(OrderFileReader.Read(bytes, Sheet.Shape(encoding)).Orders);

        Assert.Equal(name, order.Content.Recipient.Name);
        using var raw = JsonDocument.Parse(order.Raw);
        Assert.Contains(name, raw.RootElement.GetProperty("rows")[0].EnumerateArray().Select(c => c.GetString()));
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x60 }, "～")] // the wave dash of CP932
    [InlineData(new byte[] { 0x81, 0x7C }, "－")] // its minus
    [InlineData(new byte[] { 0xFB, 0xFC }, "髙")]
    [InlineData(new byte[] { 0xEE, 0xE0 }, "髙")] // the same in NEC's table
    [InlineData(new byte[] { 0xED, 0x40 }, "纊")]
    [InlineData(new byte[] { 0xED, 0x95 }, "﨑")]
    [InlineData(new byte[] { 0xEE, 0xEF }, "ⅰ")]
    [InlineData(new byte[] { 0xEE, 0xFC }, "＂")]
    [InlineData(new byte[] { 0x87, 0x40 }, "①")]
    public void Both_tables_of_CP932_are_known(byte[] character, string text)
    {
        var bytes = Put(new Sheet().Row("A1", ("recipient-name", "#")).Bytes(Sheet.Cp932), character);

        Assert.Equal(text, Assert.Single(OrderFileReader.Read(bytes, Sheet.Shape("shift_jis")).Orders).Content.Recipient.Name);
    }

    [Theory]
    [InlineData("shift_jis", new byte[] { 0x81 })] // a lead byte before the comma
    [InlineData("shift_jis", new byte[] { 0x81, 0xAD })] // a hole in the table
    [InlineData("shift_jis", new byte[] { 0xF0, 0x40 })] // 外字
    [InlineData("shift_jis", new byte[] { 0xFF })]
    [InlineData("utf-8", new byte[] { 0xE3, 0x81 })]
    [InlineData("utf-8", new byte[] { 0xC0, 0xAF })]
    [InlineData("utf-8", new byte[] { 0xED, 0xA0, 0x80 })]
    public void What_is_no_character_is_told_by_line_and_column_and_costs_no_other_order(string encoding, byte[] wrong)
    {
        var sheet = new Sheet().Row("A1").Row("B2", ("recipient-name", "#")).Row("C3");
        var bytes = Put(sheet.Bytes(encoding == "utf-8" ? null : Sheet.Cp932), wrong);

        var reading = OrderFileReader.Read(bytes, Sheet.Shape(encoding));

        Assert.Equal(new FileFault(3, "送付先氏名", FileFaultKind.Undecodable, OrderCode.Parse("B2")), Assert.Single(reading.Faults));
        Assert.Equal(["A1", "C3"], reading.Orders.Select(o => o.Code.Value));
    }

    [Theory]
    [InlineData(0x81)]
    [InlineData(0xE0)]
    public void A_stray_lead_byte_at_the_end_of_a_line_does_not_swallow_the_next(byte lead)
    {
        var bytes = Put(new Sheet().Row("A1", ("buyer-note", "#")).Row("B2").Bytes(Sheet.Cp932, newLine: "\n"), [lead]);

        var reading = OrderFileReader.Read(bytes, Sheet.Shape("shift_jis"));

        Assert.Equal("A1", Assert.Single(reading.Faults).Order!.Value);
        Assert.Equal("B2", Assert.Single(reading.Orders).Code.Value);
    }

    [Theory]
    [InlineData("?野 花子", true)]
    [InlineData("〓野 花子", true)]
    [InlineData("見本 花子", false)]
    public void A_name_in_which_the_marketplace_lost_a_character_holds_the_order(string name, bool held)
    {
        var bytes = new Sheet().Row("A1", ("recipient-name", name)).Bytes(Sheet.Cp932);

        var holds = Assert.Single(OrderFileReader.Read(bytes, Sheet.Shape("shift_jis")).Orders).Content.MarketplaceHolds;

        Assert.Equal(held, holds.Any(h => h.Reason is HoldReason.SuspiciousAddress && !h.Detail.Contains('野', StringComparison.Ordinal)));
        Assert.Empty(Assert.Single(OrderFileReader.Read(new Sheet().Row("A1", ("recipient-name", name)).Bytes(), Sheet.Shape()).Orders).Content.MarketplaceHolds);
    }

    /// <summary>Puts bytes where the file has a #; that byte is never part of a character in either encoding.</summary>
    private static byte[] Put(byte[] file, byte[] bytes)
    {
        var at = Array.IndexOf(file, (byte)'#');
        return [.. file[..at], .. bytes, .. file[(at + 1)..]];
    }
}
