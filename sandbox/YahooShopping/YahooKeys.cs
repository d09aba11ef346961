using System.Security.Cryptography;
using System.Text;

namespace Sandbox.YahooShopping;

/// <summary>The service's side of the public-key check: the seller encrypts with the public key, the service opens it with the private one. [F]
/// One pair a process, since making one is slow; an account's key versions differ in number and life only.</summary>
internal static class YahooKeys
{
    private const int Bits = 2048;

    private static readonly Lock Gate = new();
    private static readonly Lazy<RSA> Pair = new(() => RSA.Create(Bits));

    /// <summary>SubjectPublicKeyInfo, as the screen 暗号鍵管理 shows it.</summary>
    public static string PublicPem
    {
        get
        {
            lock (Gate)
            {
                return Pair.Value.ExportSubjectPublicKeyInfoPem();
            }
        }
    }

    /// <summary>What was encrypted; null where it was not done with this key. A wrong key may also open to noise, which names no seller.</summary>
    public static string? Open(string signature)
    {
        var sealedBytes = new byte[Bits / 8];
        if (!Convert.TryFromBase64String(signature, sealedBytes, out var length) || length != sealedBytes.Length)
        {
            return null;
        }

        try
        {
            lock (Gate)
            {
                return Encoding.UTF8.GetString(Pair.Value.Decrypt(sealedBytes, RSAEncryptionPadding.Pkcs1));
            }
        }
        catch (CryptographicException)
        {
            return null; // said by the header of the answer, not by an error
        }
    }
}
