using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sandbox.Core;

/// <summary>The hand that steers the sandbox, as JSON under <c>/sandbox/</c>; what a buyer, the marketplace's staff, an operator's mistake and
/// the weather do. It is not part of any marketplace.
/// <code>
/// GET    /sandbox/state                                         clock, rate limits, marketplaces
/// POST   /sandbox/clock                    {"seconds": 3600}    lets time pass
/// POST   /sandbox/rate-limits              {"lifted": true}
/// GET    /sandbox/journal?since=0
/// GET, POST, DELETE /sandbox/faults                             a Fault
/// GET    /sandbox/accounts
/// POST   /sandbox/{marketplace}/{account}                       opens or resets it; the answer has the credentials
/// POST   /sandbox/{marketplace}/{account}/credential/break      {"how": "expired"}
/// POST   /sandbox/{marketplace}/{account}/credential/renew
/// GET    /sandbox/{marketplace}/{account}/orders                what a perfect client could have been served
/// POST   /sandbox/{marketplace}/{account}/orders                a SeedOrder or an array of them
/// POST   /sandbox/{marketplace}/{account}/orders/{code}/pay | cancel | end-review
/// </code></summary>
internal sealed class SandboxControl(SandboxHost host)
{
    public const string Prefix = "/sandbox/";

    public SimResponse Answer(SimRequest request)
    {
        var parts = request.Path[Prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return (request.Method, parts) switch
            {
                ("GET", ["state"]) => State(),
                ("POST", ["clock"]) => Advance(request),
                ("POST", ["rate-limits"]) => RateLimits(request),
                ("GET", ["journal"]) => Json(host.World.Journal.Read(Since(request)), SandboxJson.Default.IReadOnlyListJournalEntry),
                ("GET", ["faults"]) => Json(host.World.Faults.Current, SandboxJson.Default.IReadOnlyListFault),
                ("POST", ["faults"]) => AddFault(request),
                ("DELETE", ["faults"]) => ClearFaults(),
                ("GET", ["accounts"]) => Json<IReadOnlyList<ControlAccount>>(
                    [.. host.Accounts.Select(a => new ControlAccount(a.Marketplace, a.Account))], SandboxJson.Default.IReadOnlyListControlAccount),
                ("POST", [var market, var account]) => Json(host.OpenAccount(market, account), SandboxJson.Default.SimAccount),
                ("POST", [var market, var account, "credential", "renew"]) => Json(host.RenewCredential(market, account), SandboxJson.Default.SimAccount),
                ("POST", [var market, var account, "credential", "break"]) => Break(request, market, account),
                ("GET", [var market, var account, "orders"]) => Json(host.Simulator(market).Served(account), SandboxJson.Default.IReadOnlyListServedOrder),
                ("POST", [var market, var account, "orders"]) => Place(request, market, account),
                ("POST", [var market, var account, "orders", var code, var step]) => Step(market, account, code, step),
                _ => Problem(404, "Not found", $"The control API has no {request.Method} {request.Path}."),
            };
        }
        catch (KeyNotFoundException unknown)
        {
            return Problem(404, "Not found", unknown.Message);
        }
        catch (JsonException unreadable)
        {
            return Problem(400, "Unreadable body", unreadable.Message);
        }
        catch (ArgumentException senseless)
        {
            return Problem(400, "Senseless value", senseless.Message);
        }
        catch (InvalidOperationException impossible)
        {
            return Problem(409, "Not in this state", impossible.Message);
        }
    }

    private SimResponse State() => Json(
        new ControlState(
            host.World.Time.GetUtcNow(), host.World.CanAdvance, host.World.RateLimits.Lifted, [.. host.Simulators.Select(s => s.Marketplace)]),
        SandboxJson.Default.ControlState);

    private SimResponse Advance(SimRequest request)
    {
        host.World.Advance(TimeSpan.FromSeconds(Body(request, SandboxJson.Default.ControlAdvance).Seconds));
        return State();
    }

    private SimResponse RateLimits(SimRequest request)
    {
        host.World.RateLimits.Lifted = Body(request, SandboxJson.Default.ControlRateLimits).Lifted;
        return State();
    }

    private SimResponse AddFault(SimRequest request)
    {
        var fault = Body(request, SandboxJson.Default.Fault);
        host.Simulator(fault.Marketplace); // a typing mistake here would be a fault that never strikes
        host.World.Faults.Add(fault);
        return Json(host.World.Faults.Current, SandboxJson.Default.IReadOnlyListFault);
    }

    private SimResponse ClearFaults()
    {
        host.World.Faults.Clear();
        return Json(host.World.Faults.Current, SandboxJson.Default.IReadOnlyListFault);
    }

    private SimResponse Break(SimRequest request, string market, string account)
    {
        host.Simulator(market).BreakCredential(account, Body(request, SandboxJson.Default.ControlBreak).How);
        return State();
    }

    private SimResponse Place(SimRequest request, string market, string account)
    {
        var simulator = host.Simulator(market);
        var orders = request.Text.AsSpan().TrimStart() is ['[', ..]
            ? Body(request, SandboxJson.Default.SeedOrderArray)
            : [Body(request, SandboxJson.Default.SeedOrder)];
        return Json(new ControlCodes([.. orders.Select(order => simulator.Place(account, order))]), SandboxJson.Default.ControlCodes);
    }

    private SimResponse Step(string market, string account, string code, string step)
    {
        var simulator = host.Simulator(market);
        switch (step)
        {
            case "pay":
                simulator.Pay(account, code);
                break;
            case "cancel":
                simulator.Cancel(account, code);
                break;
            case "end-review":
                simulator.EndReview(account, code);
                break;
            default:
                return Problem(404, "Not found", $"An order has no step '{step}': pay, cancel or end-review.");
        }

        return State();
    }

    private static long Since(SimRequest request) =>
        long.TryParse(request.Query["since"], NumberStyles.None, CultureInfo.InvariantCulture, out var since) ? since : 0;

    private static T Body<T>(SimRequest request, JsonTypeInfo<T> shape) =>
        JsonSerializer.Deserialize(request.Body, shape) ?? throw new JsonException("The body is null.");

    private static SimResponse Json<T>(T value, JsonTypeInfo<T> shape, int status = 200) =>
        SimResponse.Json(JsonSerializer.Serialize(value, shape), status);

    private static SimResponse Problem(int status, string title, string detail) =>
        Json(new ControlProblem(title, status, detail), SandboxJson.Default.ControlProblem, status) with { ContentType = "application/problem+json" };
}
