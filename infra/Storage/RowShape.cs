namespace Infra.Storage;

/// <summary>The properties that a stored row has beside its columns.</summary>
internal static class RowShape
{
    /// <summary>Which commit wrote the row: what a retry after a lost answer recognises its own effect by.</summary>
    public const string CommitColumn = "cid";

    private const char BodyPrefix = 'b';

    private static readonly string[] PartNames = [.. Enumerable.Range(0, PartsOf(RowLimits.BytesPerRow)).Select(i => $"{BodyPrefix}{i}")];

    /// <summary>How many properties a packed body takes.</summary>
    public static int PartsOf(int packedBytes) => (packedBytes + RowLimits.BinaryBytes - 1) / RowLimits.BinaryBytes;

    public static string PartName(int part) => PartNames[part];

    public static bool IsBodyPart(string name) => name.Length > 1 && name[0] == BodyPrefix && name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    public static bool IsReserved(string name) =>
        name is CommitColumn or "PartitionKey" or "RowKey" or "Timestamp" or "ETag" || IsBodyPart(name);
}

/// <summary>Names one commit: eleven characters of chance, enough that two never share a name.</summary>
internal static class CommitId
{
    public const int Length = 11;

    public static string New()
    {
        Span<byte> bytes = stackalloc byte[8];
        Random.Shared.NextBytes(bytes);
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }
}
