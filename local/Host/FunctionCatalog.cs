using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace Local.Host;

/// <summary>What starts a function. Closed: every case is nested here.</summary>
public abstract record Trigger
{
    public sealed record Timer(CrontabSchedule Schedule, bool RunOnStartup, bool UseMonitor) : Trigger;

    public sealed record Queue(string Name) : Trigger;

    public sealed record Http(string Route, IReadOnlyList<string> Methods, AuthorizationLevel Level) : Trigger;
}

/// <summary>A function as its attributes describe it.</summary>
public sealed record FunctionEntry(string Name, MethodInfo Method, ParameterInfo TriggerParameter, Trigger Trigger)
{
    public string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";
}

/// <summary>Finds the functions of an assembly by their attributes, and refuses at start what the real host refuses.</summary>
public static class FunctionCatalog
{
    private static readonly string[] Reserved = ["admin", "runtime"];

    /// <exception cref="HostRefusedException">The real host would not start, or would not start this function.</exception>
    public static IReadOnlyList<FunctionEntry> Read(IEnumerable<Type> types)
    {
        var entries = types
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null)
            .Select(Entry)
            .OrderBy(e => e.Name, StringComparer.Ordinal)
            .ToList();
        foreach (var same in entries.GroupBy(e => e.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            throw new HostRefusedException($"Two functions are named '{same.Key}': {string.Join(", ", same.Select(e => e.EntryPoint))}.");
        }

        return entries;
    }

    private static FunctionEntry Entry(MethodInfo method)
    {
        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        var place = $"{method.DeclaringType!.FullName}.{method.Name}";
        Check(method.DeclaringType.IsPublic && method.IsPublic, name, $"{place} is not public; the worker runs public classes and methods.");
        Check(method.ReturnType != typeof(void) || method.GetCustomAttribute<AsyncStateMachineAttribute>() is null, name, $"{place} is async void.");
        var found = method.GetParameters().Select(p => (Parameter: p, Trigger: TriggerOf(p, name))).Where(p => p.Trigger is not null).ToList();
        Check(found.Count == 1, name, $"{place} has {found.Count} triggers; a function has exactly one.");
        var (parameter, trigger) = found[0];
        Check(
            trigger is not Trigger.Queue || !(Retries(method) || Retries(method.DeclaringType!) || Retries(method.DeclaringType!.Assembly)),
            name, $"{place} has a retry attribute; queues retry by their own dequeue count.");
        return new FunctionEntry(name, method, parameter, trigger!);
    }

    private static bool Retries(ICustomAttributeProvider place) =>
        place.GetCustomAttributes(false).Any(a => a is FixedDelayRetryAttribute or ExponentialBackoffRetryAttribute);

    private static Trigger? TriggerOf(ParameterInfo parameter, string function)
    {
        if (parameter.GetCustomAttribute<QueueTriggerAttribute>() is { } queue)
        {
            return new Trigger.Queue(queue.QueueName);
        }

        if (parameter.GetCustomAttribute<TimerTriggerAttribute>() is { } timer)
        {
            var schedule = CrontabSchedule.TryParse(timer.Schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
            Check(schedule is not null, function, $"'{timer.Schedule}' is no schedule of six fields.");
            return new Trigger.Timer(schedule!, timer.RunOnStartup, timer.UseMonitor);
        }

        if (parameter.GetCustomAttribute<HttpTriggerAttribute>() is { } http)
        {
            var route = (http.Route ?? function).TrimStart('/');
            Check(
                !Reserved.Any(r => route.StartsWith(r, StringComparison.OrdinalIgnoreCase)), function,
                $"its route '{route}' begins with a word that the host reserves ({string.Join(", ", Reserved)}).");
            return new Trigger.Http(route, http.Methods is { Length: > 0 } methods ? methods : ["get", "post"], http.AuthLevel);
        }

        return null;
    }

    private static void Check(bool fits, string function, string reason)
    {
        if (!fits)
        {
            throw new HostRefusedException($"Function '{function}' cannot be started: {reason}");
        }
    }
}
