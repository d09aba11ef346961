using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Local.Host;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Tests.System.Host;

/// <summary>Timers of the local host: six fields, UTC, late runs, and a status that outlives the process.</summary>
public sealed class TimerListenerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Fires_at_the_second_that_the_schedule_names()
    {
        await using var rig = new TimerRig(Start);
        rig.Run();

        Assert.Equal(TimeSpan.FromSeconds(30), await rig.NextPauseAsync());
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((Start.AddSeconds(30), false), await rig.NextRunAsync());

        Assert.Equal(TimeSpan.FromMinutes(5), await rig.NextPauseAsync());
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((Start.AddSeconds(330), false), await rig.NextRunAsync());
    }

    [Fact]
    public async Task A_run_missed_while_the_host_was_down_is_made_up_once_as_past_due()
    {
        await using var rig = new TimerRig(Start);
        rig.Keep(Start.AddHours(-1));
        rig.Run();

        Assert.Equal((Start, true), await rig.NextRunAsync());
        Assert.Equal(Start.AddHours(-1).UtcDateTime, rig.LastSeen!.Last);

        await rig.NextPauseAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((Start.AddSeconds(30), false), await rig.NextRunAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{ torn")]
    [InlineData("null")]
    public async Task Without_a_readable_status_nothing_is_past_due(string? status)
    {
        await using var rig = new TimerRig(Start);
        if (status is not null)
        {
            rig.KeepText(status);
        }

        rig.Run();
        await rig.NextPauseAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((Start.AddSeconds(30), false), await rig.NextRunAsync());
    }

    [Fact]
    public async Task A_restart_within_the_period_is_not_past_due()
    {
        await using var before = new TimerRig(Start);
        before.Run();
        await before.NextPauseAsync();
        before.Clock.Advance(TimeSpan.FromSeconds(30));
        await before.NextRunAsync();
        await before.NextPauseAsync(); // the status has been written by now
        await using var after = new TimerRig(Start.AddMinutes(2), before.Folder);
        after.Run();
        await after.NextPauseAsync();
        after.Clock.Advance(TimeSpan.FromSeconds(210));

        Assert.Equal((Start.AddSeconds(330), false), await after.NextRunAsync());
    }

    [Fact]
    public async Task A_run_that_fails_or_gives_up_does_not_end_the_timer()
    {
        await using var rig = new TimerRig(Start);
        rig.Fail = new TaskCanceledException("a client's own time-out");
        rig.Run();
        await rig.NextPauseAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await rig.NextRunAsync();

        await rig.NextPauseAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((Start.AddSeconds(330), false), await rig.NextRunAsync());
    }

    /// <summary>One timer function under the local host's listener.</summary>
    private sealed class TimerRig : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Channel<(DateTimeOffset At, bool PastDue)> _runs = Channel.CreateUnbounded<(DateTimeOffset, bool)>();
        private readonly bool _ownsFolder;
        private readonly IHost _worker;
        private readonly TimerListener _listener;
        private Task _running = Task.CompletedTask;

        public TimerRig(DateTimeOffset now, string? folder = null)
        {
            _ownsFolder = folder is null;
            Folder = folder ?? Directory.CreateTempSubdirectory("timer").FullName;
            Clock = new WatchedTime(now);
            _worker = QueueRig.WorkerOf(services => services.AddSingleton<Action<TimerInfo>>(Note));
            var function = FunctionCatalog.Read([typeof(TimerWork)]).Single();
            _listener = new TimerListener(
                function, (Trigger.Timer)function.Trigger, QueueRig.InvokerOf(_worker), QueueRig.Settings with { FunctionTimeout = WatchedTime.TimeLimit }, Folder, Clock, NullLogger.Instance);
        }

        public string Folder { get; }

        public WatchedTime Clock { get; }

        public Exception? Fail { get; set; }

        public ScheduleStatus? LastSeen { get; private set; }

        public void Keep(DateTimeOffset last) => KeepText(JsonSerializer.Serialize(last.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)));

        public void KeepText(string status) => File.WriteAllText(Path.Combine(Folder, "tick.timer.json"), status);

        public void Run() => _running = Task.Run(() => _listener.RunAsync(_stopping.Token, CancellationToken.None));

        /// <summary>Waits until the listener pauses for its next occurrence, and tells for how long.</summary>
        public Task<TimeSpan> NextPauseAsync() => Clock.NextPauseAsync();

        public Task<(DateTimeOffset At, bool PastDue)> NextRunAsync() => _runs.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _running.WaitAsync(Patience.Limit);
            _stopping.Dispose();
            _worker.Dispose();
            if (_ownsFolder)
            {
                Directory.Delete(Folder, recursive: true);
            }
        }

        private void Note(TimerInfo timer)
        {
            LastSeen = timer.ScheduleStatus;
            _runs.Writer.TryWrite((Clock.GetUtcNow(), timer.IsPastDue));
            if (Fail is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>A clock that tells when somebody begins to wait on it, so that a test moves it only then. The function's own time limit is not told.</summary>
    private sealed class WatchedTime(DateTimeOffset now) : FakeTimeProvider(now)
    {
        /// <summary>No pause of the schedule is as long.</summary>
        public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(7);

        private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

        public async Task<TimeSpan> NextPauseAsync()
        {
            while (true)
            {
                var pause = await _pauses.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);
                if (pause != TimeLimit)
                {
                    return pause;
                }
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _pauses.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}

/// <summary>The function that the timer tests run.</summary>
public sealed class TimerWork(Action<TimerInfo> note)
{
    [Function("tick")]
    public void Run([TimerTrigger("30 */5 * * * *")] TimerInfo timer) => note(timer);
}
