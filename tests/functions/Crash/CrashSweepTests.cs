namespace Tests.Functions.Crash;

/// <summary>The main job dies before and after the effect of every one of its calls and must end in the same state with the same effects at the marketplace.</summary>
public sealed class CrashSweepTests(ITestOutputHelper output)
{
    /// <summary>Calls of the undisturbed job when this was written; fewer would mean that the sweep no longer sees all of them.</summary>
    private const int CommittedCalls = 480;

    [Fact]
    public async Task Dying_before_or_after_any_call_changes_nothing_in_the_end()
    {
        var (expected, calls) = await UndisturbedAsync();
        output.WriteLine($"k = {calls}");
        Assert.True(calls >= CommittedCalls, $"The job makes {calls} calls; {CommittedCalls} were committed.");

        await Parallel.ForAsync(0, 2 * calls, async (point, _) =>
        {
            var breaker = new Breaker(point);
            using var job = new Rehearsal(breaker);
            AssertSame(expected, await job.PlayAsync(), $"died at {point / 2} {(point % 2 == 0 ? "before" : "after")}");
            Assert.Equal(1, breaker.Deaths);
        });
    }

    [Fact]
    public async Task Dying_twice_changes_nothing_either()
    {
        var (expected, calls) = await UndisturbedAsync();
        var random = new Random(20_261_124);
        var points = Enumerable.Range(0, 500).Select(_ => (random.Next(2 * calls), random.Next(2 * calls))).ToArray();

        await Parallel.ForEachAsync(points, async (pair, _) =>
        {
            using var job = new Rehearsal(new Breaker(pair.Item1, pair.Item2));
            AssertSame(expected, await job.PlayAsync(), $"died at {pair}");
        });
    }

    private static async Task<(string State, int Calls)> UndisturbedAsync()
    {
        using var job = new Rehearsal(new Breaker());
        return (await job.PlayAsync(), job.Calls);
    }

    private static void AssertSame(string expected, string found, string where)
    {
        if (expected != found)
        {
            var missing = expected.Split('\n').Except(found.Split('\n'));
            var extra = found.Split('\n').Except(expected.Split('\n'));
            Assert.Fail($"{where}\nmissing:\n{string.Join('\n', missing)}\nextra:\n{string.Join('\n', extra)}");
        }
    }
}
