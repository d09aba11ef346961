using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Local.Host;

/// <summary>Fires one timer function by its NCRONTAB schedule (UTC), also for a run that was missed while the host was down. Keeps the last run in a small file.</summary>
public sealed partial class TimerListener(
    FunctionEntry function, Trigger.Timer timer, Invoker invoker, HostSettings settings, string statusFolder, TimeProvider clock, ILogger log)
{
    private string StatusFile => Path.Combine(statusFolder, $"{function.Name}.timer.json");

    /// <summary>Fires until <paramref name="stopping"/>; a run in hand goes on, at most until <paramref name="killed"/>.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken killed)
    {
        var last = Last();
        var pastDue = timer.UseMonitor && last is { } then && timer.Schedule.GetNextOccurrence(then) < Now();
        if (pastDue || timer.RunOnStartup)
        {
            await FireAsync(pastDue, last, killed);
            last = Now();
        }

        var fired = DateTime.MinValue;
        while (!stopping.IsCancellationRequested)
        {
            // A clock that wakes a little early must not fire the same occurrence twice.
            var now = Now();
            var next = timer.Schedule.GetNextOccurrence(fired > now ? fired : now);
            try
            {
                await Task.Delay(next - now, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            fired = next;
            await FireAsync(pastDue: false, last, killed);
            last = Now();
        }
    }

    private async Task FireAsync(bool pastDue, DateTime? last, CancellationToken killed)
    {
        var now = Now();
        using var timeout = new CancellationTokenSource(settings.FunctionTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, killed);
        try
        {
            using (Infra.Storage.StorageCounter.Under("clock"))
            {
                await invoker.TimerAsync(function, new TimerInfo
                {
                    IsPastDue = pastDue,
                    ScheduleStatus = timer.UseMonitor ? new ScheduleStatus { Last = last ?? default, Next = timer.Schedule.GetNextOccurrence(now), LastUpdated = last ?? default } : null,
                }, either.Token);
            }
        }
        catch (Exception failure)
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
        catch (Exception broken) when (broken is JsonException or FormatException or ArgumentNullException)
        {
            return null; // a torn file only costs one past-due run
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Timer {Function} failed.")]
    private partial void LogFailed(Exception failure, string function);
}
