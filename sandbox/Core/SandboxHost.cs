namespace Sandbox.Core;

/// <summary>The sandbox: every simulated marketplace behind one door, and the control API under <c>/sandbox/</c>.
/// Serve it with <see cref="SandboxHandler"/> in process or with <see cref="SandboxServer"/> over HTTP. Thread-safe.</summary>
public sealed class SandboxHost
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Marketplace, string Account), SimAccount> _accounts = [];
    private readonly (string Prefix, ISimulator Simulator)[] _routes;
    private readonly SandboxControl _control;

    public SandboxHost(SandboxWorld world, params IReadOnlyList<Func<SandboxWorld, ISimulator>> simulators)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        Simulators = [.. simulators.Select(make => make(world))];
        _routes = [.. Simulators
            .SelectMany(simulator => simulator.Prefixes.Select(prefix => (prefix, simulator)))
            .OrderByDescending(route => route.prefix.Length)];
        _control = new SandboxControl(this);
    }

    public SandboxWorld World { get; }

    public IReadOnlyList<ISimulator> Simulators { get; }

    /// <summary>The accounts opened through this host, with the credentials now in force.</summary>
    public IReadOnlyList<(string Marketplace, SimAccount Account)> Accounts
    {
        get
        {
            lock (_gate)
            {
                return [.. _accounts.Select(a => (a.Key.Marketplace, a.Value))];
            }
        }
    }

    /// <exception cref="KeyNotFoundException">The sandbox does not simulate this marketplace.</exception>
    public ISimulator Simulator(string marketplace) =>
        Simulators.FirstOrDefault(s => s.Marketplace == marketplace)
        ?? throw new KeyNotFoundException($"The sandbox has no marketplace '{marketplace}'.");

    public SimAccount OpenAccount(string marketplace, string account) =>
        Keep(marketplace, Simulator(marketplace).OpenAccount(account));

    public SimAccount RenewCredential(string marketplace, string account) =>
        Keep(marketplace, Simulator(marketplace).RenewCredential(account));

    /// <summary>Answers one call; a delayed answer waits on the sandbox's clock, after the call has had its effect.</summary>
    /// <exception cref="ConnectionCutException">A fault cuts the connection.</exception>
    public async ValueTask<SimResponse> AnswerAsync(SimRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellation.ThrowIfCancellationRequested();
        var response = Route(request);
        if (response.Delay > TimeSpan.Zero)
        {
            await Task.Delay(response.Delay, World.Time, cancellation);
        }

        return response;
    }

    private SimResponse Route(SimRequest request)
    {
        if (request.Path.StartsWith(SandboxControl.Prefix, StringComparison.Ordinal))
        {
            return _control.Answer(request);
        }

        foreach (var (prefix, simulator) in _routes)
        {
            if (request.Path.StartsWith(prefix, StringComparison.Ordinal))
            {
                return simulator.Handle(request);
            }
        }

        return SimResponse.Html("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>", 404);
    }

    private SimAccount Keep(string marketplace, SimAccount account)
    {
        lock (_gate)
        {
            _accounts[(marketplace, account.Account)] = account;
        }

        return account;
    }
}
