namespace Sandbox.Core;

/// <summary>How a call goes wrong on order of a test or a demo.</summary>
public enum FaultKind
{
    /// <summary>Refused as too frequent, in the service's own way.</summary>
    Throttle,

    /// <summary>The service's maintenance page or code.</summary>
    Maintenance,

    /// <summary>HTTP 500 in the service's own way.</summary>
    ServerError,

    /// <summary>HTTP 502 with a gateway's HTML page.</summary>
    GatewayHtml,

    /// <summary>The right status with a body cut in the middle.</summary>
    TruncatedBody,

    /// <summary>The right status with an empty body.</summary>
    EmptyBody,

    /// <summary>The connection is cut before the call has any effect.</summary>
    CutBefore,

    /// <summary>The call has its effect and the connection is cut before the answer.</summary>
    CutAfter,

    /// <summary>The answer takes <see cref="Fault.Delay"/> longer.</summary>
    Delay,
}

/// <param name="Account">The account it concerns; null = all of the marketplace.</param>
/// <param name="Endpoint">Part of the endpoint's name; null = every endpoint.</param>
/// <param name="Times">How many calls it hits; null = until it is lifted.</param>
public sealed record Fault(FaultKind Kind, string Marketplace, string? Account = null, string? Endpoint = null, int? Times = 1)
{
    /// <summary>Calls to let through before it begins.</summary>
    public int After { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public TimeSpan Delay { get; init; }
}

/// <summary>The faults in force. Thread-safe.</summary>
public sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _rules = [];

    /// <summary>The faults still waiting for calls, in the order in which they apply.</summary>
    public IReadOnlyList<Fault> Current
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules];
            }
        }
    }

    public void Add(Fault fault)
    {
        lock (_gate)
        {
            _rules.Add(fault);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    /// <summary>The fault that hits this call, if any, and uses one of its times up.</summary>
    public Fault? Take(string marketplace, string account, string endpoint)
    {
        lock (_gate)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                var rule = _rules[i];
                if (rule.Marketplace != marketplace
                    || (rule.Account is not null && rule.Account != account)
                    || (rule.Endpoint is not null && !endpoint.Contains(rule.Endpoint, StringComparison.OrdinalIgnoreCase)))
                {
                    continue;
                }

                if (rule.After > 0)
                {
                    _rules[i] = rule with { After = rule.After - 1 };
                    continue;
                }

                if (rule.Times is 1)
                {
                    _rules.RemoveAt(i);
                }
                else if (rule.Times is { } left)
                {
                    _rules[i] = rule with { Times = left - 1 };
                }

                return rule;
            }

            return null;
        }
    }
}
