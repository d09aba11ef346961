using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Local.Host;

/// <summary>Fires one timer function by its NCRONTAB schedule (UTC), also for a run that was missed while the host was down. Keeps the last run in a small file.</summary>
public sealed partial class TimerListener(FunctionEntry function, Trigger.Timer timer, Invoker invoker, string statusFolder, TimeProvider clock, ILogger log)
{
    private string StatusFile => Path.Combine(statusFolder, $"{function.Name}.timer.json");

    public async Task RunAsync(CancellationToken stopping)
    {
        var last = Last();
        if (timer.RunOnStartup)
        {
            await FireAsync(pastDue: false, last, stopping);
        }
        else if (timer.UseMonitor && last is { } then && timer.Schedule.GetNextOccurrence(then) < Now())
        {
            await FireAsync(pastDue: true, last, stopping);
        }

        while (!stopping.IsCancellationRequested)
        {
            var next = timer.Schedule.GetNextOccurrence(Now());
            try
            {
                await Task.Delay(next - Now(), clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await FireAsync(pastDue: false, last, stopping);
            last = Now();
        }
    }

    private async Task FireAsync(bool pastDue, DateTime? last, CancellationToken stopping)
    {
        var now = Now();
        try
        {
            using (Infra.Storage.StorageCounter.Under("clock"))
            {
                await invoker.TimerAsync(function, new TimerInfo
                {
                    IsPastDue = pastDue,
                    ScheduleStatus = timer.UseMonitor ? new ScheduleStatus { Last = last ?? default, Next = timer.Schedule.GetNextOccurrence(now), LastUpdated = last ?? default } : null,
                }, stopping);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailed(failure, function.Name); // the next occurrence comes all the same
        }

        if (timer.UseMonitor)
        {
            Directory.CreateDirectory(statusFolder);
            await File.WriteAllTextAsync(StatusFile, JsonSerializer.Serialize(now.ToString("O", CultureInfo.InvariantCulture)), CancellationToken.None);
        }
    }

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;

    private DateTime? Last()
    {
        try
        {
            return File.Exists(StatusFile)
                ? DateTime.Parse(JsonSerializer.Deserialize<string>(File.ReadAllText(StatusFile))!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
                : null;
        }
        catch (Exception broken) when (broken is JsonException or FormatException)
        {
            return null; // a torn file only costs one past-due run
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Timer {Function} failed.")]
    private partial void LogFailed(Exception failure, string function);
}
