namespace Sandbox.Core;

/// <summary>What a simulator's own handling of a call came to.</summary>
/// <param name="Outcome">"ok", "throttled", or the service's own error code; stands in the journal.</param>
public sealed record SimOutcome(SimResponse Response, string Outcome, IReadOnlyList<JournalEffect> Effects)
{
    public static SimOutcome Ok(SimResponse response, params IReadOnlyList<JournalEffect> effects) => new(response, "ok", effects);

    public static SimOutcome Refused(SimResponse response, string code) => new(response, code, []);
}

/// <summary>One call on its way through a simulator: applies the fault that hits it before or after its effect, and writes it into the journal.
/// A simulator makes one as soon as it knows account and endpoint.</summary>
public sealed record SimCall(SandboxWorld World, string Marketplace, string Account, string Endpoint)
{
    private const string GatewayPage =
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

    /// <param name="refuse">Says <see cref="FaultKind.Throttle"/>, <see cref="FaultKind.Maintenance"/> and <see cref="FaultKind.ServerError"/>
    /// in the service's own way.</param>
    /// <param name="handle">The call itself; runs at most once, and not at all where the fault comes before the effect.</param>
    /// <exception cref="ConnectionCutException">A fault cuts the connection.</exception>
    public SimResponse Answer(Func<Fault, SimResponse> refuse, Func<SimOutcome> handle)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        ArgumentNullException.ThrowIfNull(handle);
        var fault = World.Faults.Take(Marketplace, Account, Endpoint);
        switch (fault?.Kind)
        {
            case FaultKind.Throttle:
                return Write(refuse(fault), "throttled", []);
            case FaultKind.Maintenance:
                return Write(refuse(fault), "maintenance", []);
            case FaultKind.ServerError:
                return Write(refuse(fault), "server-error", []);
            case FaultKind.GatewayHtml:
                return Write(SimResponse.Html(GatewayPage, 502), "gateway-html", []);
            case FaultKind.CutBefore:
                Write(null, "cut-before", []);
                throw new ConnectionCutException("The sandbox cut the connection before the call had its effect.");
        }

        var done = handle();
        switch (fault?.Kind)
        {
            case FaultKind.CutAfter:
                Write(null, "cut-after", done.Effects);
                throw new ConnectionCutException("The sandbox cut the connection after the call had its effect.");
            case FaultKind.TruncatedBody:
                var half = done.Response.Body[..(done.Response.Body.Length / 2)];
                return Write(done.Response with { Body = half }, "truncated-body", done.Effects);
            case FaultKind.EmptyBody:
                return Write(done.Response with { Body = [] }, "empty-body", done.Effects);
            case FaultKind.Delay:
                return Write(done.Response with { Delay = fault.Delay }, done.Outcome, done.Effects);
            default:
                return Write(done.Response, done.Outcome, done.Effects);
        }
    }

    private SimResponse Write(SimResponse? response, string outcome, IReadOnlyList<JournalEffect> effects)
    {
        World.Journal.Write(World.Time.GetUtcNow(), Marketplace, Account, Endpoint, outcome, effects);
        return response ?? new SimResponse(0, "", []);
    }
}
