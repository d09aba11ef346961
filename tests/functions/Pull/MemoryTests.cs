using System.Diagnostics;

namespace Tests.Functions.Pull;

/// <summary>The live heap of a pull, measured in a process of its own: whatever the tests beside this one hold would count as well.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_pull_of_a_thousand_orders_keeps_64_MiB_of_heap_at_most_alive()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Bench.dll"), "memory", "1000"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bench = Process.Start(start)!;
        var complaints = bench.StandardError.ReadToEndAsync();
        var table = await bench.StandardOutput.ReadToEndAsync();
        await bench.WaitForExitAsync();

        output.WriteLine(table);
        Assert.True(bench.ExitCode == 0, $"{table}{await complaints}");
        Assert.Contains("memory of a pull, 1,000 orders", table, StringComparison.Ordinal);
    }
}
