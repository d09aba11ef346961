using Local.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Tests.System.Host;

/// <summary>The local host refuses at start what the real host refuses, in one line that says what and where.</summary>
public sealed class FunctionCatalogTests
{
    [Theory]
    [InlineData(typeof(AdminRoute), "admin-route", "admin/keys")]
    [InlineData(typeof(RuntimeRoute), "runtime-route", "Runtime/state")]
    [InlineData(typeof(AdminName), "admin-stores", "admin-stores")]
    [InlineData(typeof(NoTrigger), "no-trigger", "0 triggers")]
    [InlineData(typeof(TwoTriggers), "two-triggers", "2 triggers")]
    [InlineData(typeof(RetryOnQueue), "retry-on-queue", "retry attribute")]
    [InlineData(typeof(RetryOnClass), "retry-on-class", "retry attribute")]
    [InlineData(typeof(FiveFields), "five-fields", "six fields")]
    public void Refuses_what_the_real_host_refuses(Type functions, string name, string reason)
    {
        var refused = Assert.Throws<HostRefusedException>(() => FunctionCatalog.Read([functions]));

        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Refuses_two_functions_of_one_name_and_says_where_both_are()
    {
        var refused = Assert.Throws<HostRefusedException>(() => FunctionCatalog.Read([typeof(Same), typeof(SameAgain)]));

        Assert.Contains($"{typeof(Same).FullName}.Run", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{typeof(SameAgain).FullName}.Run", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retry_on_a_timer_is_allowed()
    {
        var timer = Assert.IsType<Trigger.Timer>(FunctionCatalog.Read([typeof(RetryOnTimer)]).Single().Trigger);

        Assert.True(timer.UseMonitor);
        Assert.False(timer.RunOnStartup);
    }

    [Fact]
    public void A_schedule_has_seconds_first()
    {
        var timer = Assert.IsType<Trigger.Timer>(FunctionCatalog.Read([typeof(RetryOnTimer)]).Single().Trigger);

        Assert.Equal(new DateTime(2026, 11, 24, 1, 5, 30, DateTimeKind.Utc), timer.Schedule.GetNextOccurrence(new DateTime(2026, 11, 24, 1, 1, 0, DateTimeKind.Utc)));
    }

    [Fact]
    public void Finds_every_function_of_the_project_and_starts_with_them()
    {
        var functions = FunctionCatalog.Read(typeof(Functions.LogiFunctions).Assembly.GetTypes());

        Assert.Contains(functions, f => f is { Name: "pull-due", Trigger: Trigger.Timer });
        Assert.Contains(functions, f => f is { Name: "pull-store", Trigger: Trigger.Queue { Name: "order-pull" } });
        Assert.Contains(functions, f => f is { Name: "manage-health", Trigger: Trigger.Http { Route: "manage/health" } });
    }
}

public sealed class AdminRoute
{
    [Function("admin-route")]
    public static void Run([HttpTrigger("get", Route = "admin/keys")] HttpRequest request) => _ = request;
}

public sealed class RuntimeRoute
{
    [Function("runtime-route")]
    public static void Run([HttpTrigger("get", Route = "/Runtime/state")] HttpRequest request) => _ = request;
}

public sealed class AdminName
{
    [Function("admin-stores")]
    public static void Run([HttpTrigger("get")] HttpRequest request) => _ = request;
}

public sealed class NoTrigger
{
    [Function("no-trigger")]
    public static void Run(string body) => _ = body;
}

public sealed class TwoTriggers
{
    [Function("two-triggers")]
    public static void Run([QueueTrigger("one")] string one, [QueueTrigger("two")] string two) => _ = one + two;
}

public sealed class RetryOnQueue
{
    [Function("retry-on-queue"), FixedDelayRetry(3, "00:00:10")]
    public static void Run([QueueTrigger("one")] string body) => _ = body;
}

[ExponentialBackoffRetry(3, "00:00:01", "00:01:00")]
public sealed class RetryOnClass
{
    [Function("retry-on-class")]
    public static void Run([QueueTrigger("one")] string body) => _ = body;
}

public sealed class RetryOnTimer
{
    [Function("retry-on-timer"), FixedDelayRetry(3, "00:00:10")]
    public static void Run([TimerTrigger("30 */5 * * * *")] TimerInfo timer) => _ = timer;
}

public sealed class FiveFields
{
    [Function("five-fields")]
    public static void Run([TimerTrigger("*/5 * * * *")] TimerInfo timer) => _ = timer;
}

public sealed class Same
{
    [Function("same")]
    public static void Run([QueueTrigger("one")] string body) => _ = body;
}

public sealed class SameAgain
{
    [Function("SAME")]
    public static void Run([QueueTrigger("two")] string body) => _ = body;
}
