using System.Reflection;
using Functions;
using Functions.Manage;
using Microsoft.Azure.Functions.Worker;

namespace Tests.System.Architecture;

/// <summary>What the real host expects of functions. The azure flavour's compiler refuses only some of it, and it is compiled elsewhere.</summary>
public sealed class FunctionTests
{
    private static readonly IReadOnlyList<MethodInfo> Methods =
    [
        .. typeof(LogiFunctions).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null),
    ];

    [Fact]
    public void Names_are_unique_and_in_kebab_case()
    {
        Assert.NotEmpty(Methods);
        Assert.All(Methods, m => Assert.True(Kebab.Is(NameOf(m)), $"{NameOf(m)} is not kebab-case"));
        Assert.Empty(Methods.GroupBy(NameOf, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void Function_classes_are_public_and_sealed() =>
        Assert.All(Methods, m => Assert.True(m.IsPublic && m.DeclaringType is { IsPublic: true, IsSealed: true }, $"{m.DeclaringType} must be public sealed: an internal one runs through another executor, which wraps exceptions."));

    [Fact]
    public void Every_function_has_exactly_one_trigger() =>
        Assert.All(Methods, m => Assert.Single(m.GetParameters(), p => p.GetCustomAttributes().Any(a => a is TimerTriggerAttribute or QueueTriggerAttribute or HttpTriggerAttribute)));

    [Fact]
    public void Every_trigger_parameter_has_one_binding() =>
        Assert.All(Methods.SelectMany(m => m.GetParameters()), p => Assert.True(p.GetCustomAttributes().Count(a => a is TimerTriggerAttribute or QueueTriggerAttribute or HttpTriggerAttribute) <= 1));

    [Fact]
    public void No_queue_function_has_a_retry_attribute() =>
        Assert.All(Methods.Where(m => Trigger<QueueTriggerAttribute>(m) is not null), m => Assert.DoesNotContain(
            m.GetCustomAttributes().Concat(m.DeclaringType!.GetCustomAttributes()), a => a is FixedDelayRetryAttribute or ExponentialBackoffRetryAttribute));

    [Fact]
    public void No_function_is_async_void() => Assert.All(Methods, m => Assert.NotEqual(typeof(void), m.ReturnType));

    [Fact]
    public void Routes_lie_under_manage_and_not_where_the_host_has_its_own() =>
        Assert.All(
            Methods.Select(m => (Name: NameOf(m), Trigger: Trigger<HttpTriggerAttribute>(m))).Where(m => m.Trigger is not null),
            m => Assert.StartsWith("manage/", m.Trigger!.Route ?? m.Name, StringComparison.Ordinal));

    [Fact]
    public void Every_endpoint_states_its_role_and_leaves_the_deciding_to_the_gate() =>
        Assert.All(Methods.Where(m => Trigger<HttpTriggerAttribute>(m) is not null), m =>
        {
            Assert.Equal(AuthorizationLevel.Anonymous, Trigger<HttpTriggerAttribute>(m)!.AuthLevel);
            Assert.NotNull(m.GetCustomAttribute<AllowAttribute>());
            Assert.True(NameOf(m) == "manage-health" || !m.GetCustomAttribute<AllowAttribute>()!.HostKey, $"{NameOf(m)} opens with a host key");
        });

    [Fact]
    public void Every_queue_has_one_reader_and_its_poison_queue_too()
    {
        var read = Methods.Select(m => Trigger<QueueTriggerAttribute>(m)?.QueueName).OfType<string>().Order(StringComparer.Ordinal).ToList();

        // A heartbeat that fails for good is brought back by the timer: the message in its poison queue says nothing that a person could act on.
        var expected = Queues.All.Concat(Queues.All.Where(q => q != Queues.Heartbeat).Select(q => q + "-poison"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), read.Where(q => q != Queues.Heartbeat + "-poison"));
    }

    [Fact]
    public void Timers_have_six_fields() =>
        Assert.All(Methods.Select(m => Trigger<TimerTriggerAttribute>(m)).OfType<TimerTriggerAttribute>(), t => Assert.Equal(6, t.Schedule.Split(' ').Length));

    [Fact]
    public void Nothing_but_what_the_worker_binds_is_a_parameter() =>
        Assert.All(Methods.SelectMany(m => m.GetParameters()), p => Assert.True(
            p.ParameterType != typeof(Microsoft.AspNetCore.Http.HttpContext) && !(Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType).IsEnum && p.ParameterType != typeof(DateOnly),
            $"{p.Member.DeclaringType}.{p.Member.Name}: {p.Name} is a {p.ParameterType.Name}, which does not bind; take a string and parse it."));

    private static string NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static T? Trigger<T>(MethodInfo method)
        where T : Attribute => method.GetParameters().Select(p => p.GetCustomAttribute<T>()).FirstOrDefault(a => a is not null);
}
