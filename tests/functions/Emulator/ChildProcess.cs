using System.Diagnostics;

namespace Tests.Functions.Emulator;

/// <summary>One test of this assembly in a process of its own.</summary>
public static class ChildProcess
{
    /// <summary>What a process ends with that was killed: 128 + SIGKILL; on Windows what <see cref="Process.Kill()"/> says.</summary>
    public static readonly int Killed = OperatingSystem.IsWindows() ? -1 : 137;

    /// <summary>A child takes seconds; this is for machines that are busy with something else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <returns>The code that it ended with, and what it said.</returns>
    public static async Task<(int Code, string Said)> RunAsync(Type test, string method, string variable, string value)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(test.Assembly.Location);
        }

        foreach (var argument in new[] { "-noLogo", "-noColor", "-method", $"{test.FullName}.{method}" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[variable] = value;
        using var child = Process.Start(start)!;
        var said = Task.WhenAll(child.StandardOutput.ReadToEndAsync(), child.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await child.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            return (child.Id, $"It hung and was killed from outside after {Patience}.\n{string.Concat(await said)}");
        }

        return (child.ExitCode, string.Concat(await said));
    }
}
