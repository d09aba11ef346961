using System.Reflection;
using System.Text.RegularExpressions;
using Functions;
using Functions.Manage;
using Local.Host;
using Microsoft.Azure.Functions.Worker;

namespace Tests.System.Manage;

/// <summary>Who may call what, asked of every HTTP function over HTTP.</summary>
public sealed partial class RoleMatrixTests : IAsyncLifetime
{
    /// <summary>Written down a second time, so that opening an endpoint to a role is a decision and no slip. Admin may call all.</summary>
    private static readonly Dictionary<string, Role[]> Decided = new()
    {
        ["manage-attention-dismiss"] = [Role.Staff],
        ["manage-attention-list"] = [Role.Viewer, Role.Staff],
        ["manage-attention-retry"] = [Role.Staff],
        ["manage-audit-list"] = [],
        ["manage-bundling-explain"] = [Role.Viewer, Role.Staff],
        ["manage-candidate-decline"] = [Role.Staff],
        ["manage-candidate-execute"] = [Role.Staff],
        ["manage-candidate-undo"] = [Role.Staff],
        ["manage-candidates-list"] = [Role.Viewer, Role.Staff],
        ["manage-deliveries-hand-over"] = [Role.Warehouse, Role.Staff],
        ["manage-deliveries-list"] = [Role.Viewer, Role.Warehouse, Role.Staff],
        ["manage-delivery-give-back"] = [Role.Warehouse, Role.Staff],
        ["manage-delivery-push-preview"] = [Role.Staff],
        ["manage-gap-acknowledge"] = [Role.Staff],
        ["manage-gaps-list"] = [Role.Viewer, Role.Staff],
        ["manage-health"] = [Role.Viewer, Role.Warehouse, Role.Staff],
        ["manage-keys-add"] = [],
        ["manage-keys-list"] = [],
        ["manage-keys-remove"] = [],
        ["manage-openapi"] = [Role.Viewer, Role.Warehouse, Role.Staff],
        ["manage-order-file-import"] = [Role.Staff],
        ["manage-order-file-preview"] = [Role.Staff],
        ["manage-order-get"] = [Role.Viewer, Role.Staff],
        ["manage-order-hold"] = [Role.Staff],
        ["manage-order-resolve"] = [Role.Staff],
        ["manage-orders-list"] = [Role.Viewer, Role.Staff],
        ["manage-shipments-record"] = [Role.Warehouse, Role.Staff],
        ["manage-stop-all"] = [Role.Staff],
        ["manage-store-delete"] = [],
        ["manage-store-get"] = [Role.Viewer, Role.Staff],
        ["manage-store-go-live"] = [],
        ["manage-store-go-live-preview"] = [Role.Viewer, Role.Staff],
        ["manage-store-pull"] = [Role.Staff],
        ["manage-store-put"] = [],
        ["manage-store-switches"] = [Role.Staff],
        ["manage-stores-list"] = [Role.Viewer, Role.Staff],
    };

    private static readonly IReadOnlyList<FunctionEntry> Functions = [.. FunctionCatalog.Read(typeof(LogiFunctions).Assembly.GetTypes()).Where(f => f.Trigger is Trigger.Http)];

    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public void Every_http_function_is_anonymous_to_the_platform_and_states_who_may_call_it_under_manage()
    {
        Assert.All(Functions, function =>
        {
            var http = (Trigger.Http)function.Trigger;
            Assert.Equal(AuthorizationLevel.Anonymous, http.Level);
            Assert.StartsWith("manage/", http.Route, StringComparison.Ordinal);
            Assert.Matches(KebabCase(), function.Name);
            Assert.NotNull(function.Method.GetCustomAttribute<AllowAttribute>());
            Assert.Single(http.Methods);
        });
    }

    [Fact]
    public void Every_endpoint_is_open_to_exactly_the_roles_that_were_decided()
    {
        var stated = Functions.ToDictionary(f => f.Name, f => f.Method.GetCustomAttribute<AllowAttribute>()!.Roles.Where(r => r is not Role.Admin).Order().ToArray());

        Assert.Equal(Decided.Keys.Order(StringComparer.Ordinal), stated.Keys.Order(StringComparer.Ordinal));
        Assert.All(stated, s => Assert.Equal(Decided[s.Key], s.Value));
        Assert.Equal("manage-health", Assert.Single(Functions, f => f.Method.GetCustomAttribute<AllowAttribute>()!.HostKey).Name);
    }

    [Fact]
    public async Task Without_a_key_or_with_an_unknown_one_every_endpoint_answers_401()
    {
        var known = _api.Admin.Split('.');
        string?[] keys = [null, "nonsense", $"{known[0]}.{new string('0', 64)}", $"{new string('0', 12)}.{known[1]}", _api.Admin.ToUpperInvariant()];
        foreach (var function in Functions)
        {
            foreach (var key in keys)
            {
                var answer = await CallAsync(function, key);

                Assert.True(answer.Status == 401, $"{function.Name} with '{key}' answers {answer.Status}");
                Assert.Contains("X-Api-Key", answer.Detail, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Each_role_enters_where_it_may_and_nowhere_else_and_nothing_breaks_on_an_empty_call()
    {
        var keys = new Dictionary<Role, string> { [Role.Admin] = _api.Admin };
        foreach (var role in new[] { Role.Viewer, Role.Warehouse, Role.Staff })
        {
            keys[role] = await _api.KeyAsync(role, role is Role.Warehouse ? ["main"] : []);
        }

        foreach (var function in Functions)
        {
            foreach (var (role, key) in keys)
            {
                var answer = await CallAsync(function, key);

                var may = role is Role.Admin || Decided[function.Name].Contains(role);
                Assert.True(may ? answer.Status is not (401 or 403) : answer.Status == 403, $"{function.Name} answers {role} with {answer.Status}");
                Assert.True(answer.Status < 500, $"{function.Name} answers {answer.Status} {answer.Text}");
                if (answer.Status >= 400)
                {
                    Assert.NotEmpty(answer.Detail);
                }
            }
        }
    }

    [Fact]
    public async Task A_host_key_opens_health_and_nothing_else()
    {
        foreach (var function in Functions)
        {
            var answer = await CallAsync(function, Api.HostKey, "x-functions-key");

            Assert.Equal(function.Name == "manage-health" ? 200 : 401, answer.Status);
        }

        Assert.Equal(401, (await _api.SendAsync(HttpMethod.Get, "health", null, "another", header: "x-functions-key")).Status);
    }

    [Fact]
    public async Task A_key_that_was_taken_away_opens_nothing()
    {
        var staff = await _api.KeyAsync(Role.Staff);
        Assert.Equal(200, (await _api.GetAsync("stores", staff)).Status);

        Assert.Equal(204, (await _api.DeleteAsync($"keys/{staff.Split('.')[0]}")).Status);

        Assert.Equal(401, (await _api.GetAsync("stores", staff)).Status);
    }

    [Fact]
    public async Task Exactly_the_endpoints_that_say_they_take_a_form_ask_for_json()
    {
        foreach (var function in Functions.Where(f => ((Trigger.Http)f.Trigger).Methods[0] is "post" or "put"))
        {
            var answer = await CallAsync(function, _api.Admin, contentType: "text/plain");

            Assert.True(answer.Status == 415 == function.Method.GetCustomAttribute<TakesAttribute>() is not null, $"{function.Name} answers plain text with {answer.Status}");
        }
    }

    private Task<Answer> CallAsync(FunctionEntry function, string? key, string header = "X-Api-Key", string contentType = "application/json")
    {
        var http = (Trigger.Http)function.Trigger;
        var path = Parameter().Replace(http.Route["manage/".Length..], match => match.Groups[1].Value switch
        {
            "key" => "1-" + new string('0', 32),
            "reason" => "buyer-note",
            "code" => "123456",
            "id" when http.Route.Contains("deliveries/", StringComparison.Ordinal) => "no-store~123456~1",
            _ => "no-store",
        });
        var method = http.Methods[0].ToUpperInvariant();
        return _api.SendAsync(new HttpMethod(method), path, method is "GET" or "DELETE" ? null : "{}", key, contentType, header);
    }

    [GeneratedRegex("^manage-[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
