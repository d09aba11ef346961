namespace Tests.Connectors;

/// <summary>What can happen to bytes on their way: one to eight of them overwritten, taken away or put in, or the tail cut off.</summary>
internal static class Damage
{
    /// <summary>Signs that mean something in JSON and XML.</summary>
    private static readonly byte[] Likely = "0123456789<>&/\"{}[],:\\u-"u8.ToArray();

    /// <summary>So many damaged copies; the same in every run.</summary>
    public static IEnumerable<byte[]> Of(byte[] whole, int times)
    {
        for (var seed = 0; seed < times; seed++)
        {
            yield return Once(whole, new Random(seed));
        }
    }

    public static byte[] Once(byte[] whole, Random dice)
    {
        var body = whole.ToList();
        for (var change = dice.Next(1, 9); change > 0 && body.Count > 1; change--)
        {
            var place = dice.Next(body.Count);
            var value = dice.Next(2) == 0 ? (byte)dice.Next(256) : Likely[dice.Next(Likely.Length)];
            switch (dice.Next(40))
            {
                case 0:
                    body.RemoveRange(place, body.Count - place);
                    break;
                case < 8:
                    body.RemoveAt(place);
                    break;
                case < 16:
                    body.Insert(place, value);
                    break;
                default:
                    body[place] = value;
                    break;
            }
        }

        return [.. body];
    }
}
