using System.IO.Compression;

namespace Infra.Storage;

/// <summary>Makes bodies small: compressed where that pays, with one byte in front that tells which.</summary>
public static class BodyPacking
{
    private const byte Plain = 0;
    private const byte Brotli = 1;

    /// <summary>Shorter bodies gain nothing.</summary>
    private const int WorthIt = 150;

    public static byte[] Pack(ReadOnlySpan<byte> body)
    {
        if (body.Length > WorthIt)
        {
            var packed = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length) + 1];
            if (BrotliEncoder.TryCompress(body, packed.AsSpan(1), out var written, quality: 4, window: 18) && written < body.Length)
            {
                packed[0] = Brotli;
                return packed[..(written + 1)];
            }
        }

        return [Plain, .. body];
    }

    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty)
        {
            return [];
        }

        if (packed[0] is Plain)
        {
            return packed[1..].ToArray();
        }

        using var decoder = new BrotliStream(new MemoryStream(packed[1..].ToArray()), CompressionMode.Decompress);
        using var body = new MemoryStream();
        decoder.CopyTo(body);
        return body.ToArray();
    }
}
