using System.Text;

namespace Infra.Storage;

/// <summary>The queue service's limits, checked before anything is sent.</summary>
/// <remarks>Source: the service's documentation of Put Message, Get Messages and Update Message.</remarks>
public static class QueueLimits
{
    public const int MessagesOfAnAnswer = 32;

    /// <summary>64 KiB once written as Base64.</summary>
    public const int BodyBytes = 48 * 1024;

    public static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);

    public static readonly TimeSpan ShortestVisibility = TimeSpan.FromSeconds(1);

    public static void CheckName(string queue)
    {
        if (queue.Length is < 3 or > 63
            || !queue.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            || queue[0] == '-' || queue[^1] == '-' || queue.Contains("--", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{queue}' is not a queue's name: 3 to 63 lower-case letters, digits and single hyphens between them.");
        }
    }

    public static void CheckSend(string queue, string body, TimeSpan delay)
    {
        CheckName(queue);
        if (Encoding.UTF8.GetByteCount(body) is var bytes && bytes > BodyBytes)
        {
            throw new ArgumentException($"A message for '{queue}' takes {bytes} bytes; at most {BodyBytes} can be sent.");
        }

        CheckDelay(delay, TimeSpan.Zero);
    }

    public static void CheckReceive(string queue, int max, TimeSpan visibility)
    {
        CheckName(queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MessagesOfAnAnswer);
        CheckDelay(visibility, ShortestVisibility);
    }

    public static void CheckHide(string queue, TimeSpan visibility)
    {
        CheckName(queue);
        CheckDelay(visibility, TimeSpan.Zero);
    }

    /// <summary>The service counts in whole seconds; what is shorter waits the full second.</summary>
    public static TimeSpan WholeSeconds(TimeSpan delay) => TimeSpan.FromSeconds((long)Math.Ceiling(delay.TotalSeconds));

    private static void CheckDelay(TimeSpan delay, TimeSpan shortest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, LongestDelay);
    }
}
