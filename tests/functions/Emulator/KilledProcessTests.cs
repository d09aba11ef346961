using System.Globalization;
using Tests.Functions.Crash;

namespace Tests.Functions.Emulator;

/// <summary>The main job in a process of its own on real storage, really killed at one of its calls; another process goes on.</summary>
public sealed class KilledProcessTests(EmulatorFixture emulator, ITestOutputHelper output)
{
    private const int Kills = 20;

    /// <summary>Calls of the undisturbed job when this was written; fewer would mean that the kills no longer see all of it.</summary>
    private const int CommittedCalls = 150;

    /// <summary>What the parent tells the child, one a line: the emulator, the prefix, the folder, and where it dies.</summary>
    private const string Order = "LOGI_TEST_KILLED_PROCESS";

    /// <summary>Started as a child by the test below, this one plays the job in which it is killed; by itself it plays it through.</summary>
    [Fact]
    public async Task The_main_job_ends_on_the_emulator_as_in_memory()
    {
        if (Environment.GetEnvironmentVariable(Order)?.Split('\n') is [var connection, var prefix, var folder, var point])
        {
            await new MainJobOnTheEmulator(connection, prefix, folder).PlayAsync(int.Parse(point, CultureInfo.InvariantCulture));
            return;
        }

        using var rehearsal = new Rehearsal(new Breaker(), singles: MainJobOnTheEmulator.Singles);
        var (found, _) = await UndisturbedAsync();
        Assert.Equal(await rehearsal.PlayAsync(), found);
    }

    [Fact]
    public async Task Killing_the_process_at_any_of_twenty_calls_changes_nothing_in_the_end()
    {
        var (expected, calls) = await UndisturbedAsync();
        Assert.True(calls >= CommittedCalls, $"The job makes {calls} calls; {CommittedCalls} were committed.");
        var (killed, held) = (0, 0);

        await Parallel.ForAsync(0, Kills, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (n, _) =>
        {
            // In the middle of each twentieth of the calls, in turn before and after the effect.
            var point = (2 * (((2 * n) + 1) * calls / (2 * Kills))) + (n % 2);
            var where = $"killed at {point / 2} of {calls} {(n % 2 == 0 ? "before" : "after")} the effect";
            using var job = await MainJobOnTheEmulator.SetUpAsync(await emulator.ConnectionAsync());
            var order = string.Join('\n', job.Connection, job.Prefix, job.Folder, point.ToString(CultureInfo.InvariantCulture));

            var (code, said) = await ChildProcess.RunAsync(typeof(KilledProcessTests), nameof(The_main_job_ends_on_the_emulator_as_in_memory), Order, order);
            Assert.True(code == ChildProcess.Killed && job.KilledAt() == point, $"{where}: the child ended with {code}\n{said}");
            Interlocked.Increment(ref killed);
            Interlocked.Add(ref held, await job.GoOnAsync());

            CrashSweepTests.AssertSame(expected, await job.DumpAsync(), where);
        });

        output.WriteLine($"{killed} processes killed, k = {calls}, {held} messages in their hands");
        Assert.Equal(Kills, killed);
    }

    private async Task<(string State, int Calls)> UndisturbedAsync()
    {
        using var job = await MainJobOnTheEmulator.SetUpAsync(await emulator.ConnectionAsync());
        var calls = await job.PlayAsync(point: null);
        return (await job.DumpAsync(), calls);
    }
}
