using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Tests.System.Architecture;

/// <summary>The stand-in contracts of the local flavour have the names and signatures of the real packages, so that the same sources compile against both.
/// What is expected is the public interface of Microsoft.Azure.Functions.Worker 2.52 and its extensions (Timer 4.3, Storage.Queues 5.5, Http 3.3, Http.AspNetCore 2.1),
/// as far as our code uses it; an azure build elsewhere is the final witness.</summary>
public sealed class WorkerContractTests
{
    private const string W = "Microsoft.Azure.Functions.Worker";

    /// <summary>Public members, without those that every object, record or attribute has.</summary>
    private static readonly Dictionary<string, string[]> Expected = new(StringComparer.Ordinal)
    {
        [$"{W}.FunctionAttribute"] = [".ctor(String)", "String Name {get}"],
        [$"{W}.FixedDelayRetryAttribute"] = [".ctor(Int32, String)", "Int32 MaxRetryCount {get}", "String DelayInterval {get}"],
        [$"{W}.ExponentialBackoffRetryAttribute"] =
            [".ctor(Int32, String, String)", "Int32 MaxRetryCount {get}", "String MaximumInterval {get}", "String MinimumInterval {get}"],
        [$"{W}.TimerTriggerAttribute"] = [".ctor(String)", "Boolean RunOnStartup {get set}", "Boolean UseMonitor {get set}", "String Schedule {get}"],
        [$"{W}.TimerInfo"] = [".ctor()", "Boolean IsPastDue {get set}", "ScheduleStatus ScheduleStatus {get set}"],
        [$"{W}.ScheduleStatus"] = [".ctor()", "DateTime Last {get set}", "DateTime LastUpdated {get set}", "DateTime Next {get set}"],
        [$"{W}.QueueTriggerAttribute"] = [".ctor(String)", "String Connection {get set}", "String QueueName {get}"],
        [$"{W}.QueueOutputAttribute"] = [".ctor(String)", "String Connection {get set}", "String QueueName {get}"],
        [$"{W}.HttpTriggerAttribute"] =
        [
            ".ctor()", ".ctor(AuthorizationLevel)", ".ctor(AuthorizationLevel, params String[])", ".ctor(params String[])",
            "AuthorizationLevel AuthLevel {get set}", "String Route {get set}", "String[] Methods {get}",
        ],
        [$"{W}.AuthorizationLevel"] = ["Anonymous = 0", "User = 1", "Function = 2", "System = 3", "Admin = 4"],
        [$"{W}.HttpResultAttribute"] = [".ctor()"],
        [$"{W}.Http.FromBodyAttribute"] = [".ctor()"],
        [$"{W}.FunctionContext"] =
        [
            "BindingContext BindingContext {get}", "CancellationToken CancellationToken {get}", "FunctionDefinition FunctionDefinition {get}",
            "IDictionary`2 Items {get set}", "IInvocationFeatures Features {get}", "IServiceProvider InstanceServices {get set}",
            "RetryContext RetryContext {get}", "String FunctionId {get}", "String InvocationId {get}", "TraceContext TraceContext {get}",
        ],
        [$"{W}.BindingContext"] = ["IReadOnlyDictionary`2 BindingData {get}"],
        [$"{W}.TraceContext"] = ["String TraceParent {get}", "String TraceState {get}"],
        [$"{W}.RetryContext"] = ["Int32 MaxRetryCount {get}", "Int32 RetryCount {get}"],
        [$"{W}.Middleware.IFunctionsWorkerMiddleware"] = ["Task Invoke(FunctionContext, FunctionExecutionDelegate)"],
        [$"{W}.Builder.FunctionsApplication"] = ["static FunctionsApplicationBuilder CreateBuilder(String[])"],
        ["Microsoft.Extensions.Hosting.MiddlewareWorkerApplicationBuilderExtensions"] =
        [
            "static IFunctionsWorkerApplicationBuilder UseMiddleware(IFunctionsWorkerApplicationBuilder)",
            "static IFunctionsWorkerApplicationBuilder UseWhen(IFunctionsWorkerApplicationBuilder, Func`2)",
        ],
    };

    private static Assembly Contracts => typeof(FunctionContext).Assembly;

    public static TheoryData<string> Types => [.. Expected.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_stand_in_has_exactly_the_real_members(string name)
    {
        var type = Contracts.GetType(name);

        Assert.NotNull(type);
        Assert.Equal(Expected[name].Order(StringComparer.Ordinal), MembersOf(type).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Attributes_have_the_real_defaults()
    {
        Assert.True(new TimerTriggerAttribute("0 * * * * *").UseMonitor);
        Assert.False(new TimerTriggerAttribute("0 * * * * *").RunOnStartup);
        Assert.Equal(AuthorizationLevel.Function, new HttpTriggerAttribute("get").AuthLevel);
        Assert.Null(new HttpTriggerAttribute("get").Route);
        Assert.Null(new QueueTriggerAttribute("queue").Connection);
    }

    [Fact]
    public void The_builder_is_a_host_application_builder_and_takes_middleware()
    {
        var builder = typeof(Microsoft.Azure.Functions.Worker.Builder.FunctionsApplicationBuilder);

        Assert.True(builder.IsAssignableTo(typeof(Microsoft.Extensions.Hosting.IHostApplicationBuilder)));
        Assert.True(builder.IsAssignableTo(typeof(IFunctionsWorkerApplicationBuilder)));
        Assert.True(ExtendsIn($"{W}.Builder", builder, "ConfigureFunctionsWebApplication"));
        Assert.True(ExtendsIn(W, typeof(FunctionContext), "GetHttpContext"));
    }

    [Fact]
    public void The_stand_in_references_nothing_but_the_shared_framework()
    {
        var contracts = Repository.Project("local/Worker/worker.csproj");

        Assert.Empty(contracts.Descendants("PackageReference"));
        Assert.Empty(contracts.Descendants("ProjectReference"));
        Assert.Equal(["Microsoft.AspNetCore.App"], contracts.Descendants("FrameworkReference").Select(r => r.Attribute("Include")!.Value));
    }

    /// <summary>Names that functions may rely on: whatever else the contracts hold is the local host's own and must not be used by functions.</summary>
    [Fact]
    public void Functions_do_not_use_what_only_the_stand_in_has()
    {
        string[] own = ["InvocationPipeline", "RequestItem", "HttpContextItem"];

        Assert.Empty(Repository.SourcesOf("functions").Where(s => own.Any(o => s.Text.Contains(o, StringComparison.Ordinal))).Select(s => s.Path));
    }

    private static bool ExtendsIn(string ns, Type extended, string method) => Contracts.GetExportedTypes()
        .Where(t => t.Namespace == ns)
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Any(m => m.Name == method && m.GetParameters() is [{ } first] && first.ParameterType == extended);

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<Enum>().Select(v => $"{v} = {v:D}");
        }

        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return
        [
            .. type.GetConstructors().Select(c => $".ctor({Parameters(c)})"),
            .. type.GetProperties(Own).Select(p => $"{p.PropertyType.Name} {p.Name} {{{(p.SetMethod is { IsPublic: true } ? "get set" : "get")}}}"),
            .. type.GetMethods(Own).Where(m => !m.IsSpecialName).Select(m => $"{(m.IsStatic ? "static " : "")}{m.ReturnType.Name} {m.Name}({Parameters(m)})"),
        ];
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters()
        .Select(p => (p.GetCustomAttribute<ParamArrayAttribute>() is null ? "" : "params ") + p.ParameterType.Name));
}
