namespace Tests.Functions.Crash;

/// <summary>The main job dies before and after the effect of every one of its calls and must end in the same state with the same effects at the marketplace.</summary>
public sealed class CrashSweepTests(ITestOutputHelper output)
{
    /// <summary>Calls of the undisturbed job when this was written; fewer would mean that the sweep no longer sees all of them. (499 before hand-over and push kept the rows that they had read.)</summary>
    private const int CommittedCalls = 455;

    private const int DoubleCrashes = 500;

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
        var points = Enumerable.Range(0, DoubleCrashes).Select(_ => (First: random.Next(2 * calls), Second: random.Next(2 * calls))).ToArray();
        var twice = 0;

        await Parallel.ForEachAsync(points, async (pair, _) =>
        {
            // The second process has less to do than the first: a point that it never reaches is moved nearer until it dies there.
            for (var (deaths, second) = (0, pair.Second); deaths < 2; second /= 2)
            {
                var breaker = new Breaker(pair.First, second);
                using var job = new Rehearsal(breaker);
                AssertSame(expected, await job.PlayAsync(), $"died at {pair.First} and {second}");
                deaths = breaker.Deaths;
            }

            Interlocked.Increment(ref twice);
        });
        output.WriteLine($"double crashes = {twice}");
        Assert.Equal(DoubleCrashes, twice);
    }

    [Fact]
    public async Task Storage_that_refuses_with_503_and_412_changes_nothing_either()
    {
        var (expected, _) = await UndisturbedAsync();
        var (busy, moved) = (0, 0);

        await Parallel.ForAsync(0, 60, async (seed, _) =>
        {
            RefusingRows? refusing = null;
            using var job = new Rehearsal(new Breaker(), rows => refusing = new RefusingRows(rows, seed));
            AssertSame(expected, await job.PlayAsync(), $"seed {seed}");
            Interlocked.Add(ref busy, refusing!.Busy);
            Interlocked.Add(ref moved, refusing.Moved);
        });

        output.WriteLine($"{busy} times 503, {moved} times 412");
        Assert.True(busy >= 200, $"only {busy} times 503");
        Assert.True(moved > 1000, $"only {moved} times 412");
    }

    private static async Task<(string State, int Calls)> UndisturbedAsync()
    {
        using var job = new Rehearsal(new Breaker());
        return (await job.PlayAsync(), job.Calls);
    }

    internal static void AssertSame(string expected, string found, string where)
    {
        if (expected != found)
        {
            var missing = expected.Split('\n').Except(found.Split('\n'));
            var extra = found.Split('\n').Except(expected.Split('\n'));
            Assert.Fail($"{where}\nmissing:\n{string.Join('\n', missing)}\nextra:\n{string.Join('\n', extra)}");
        }
    }
}
