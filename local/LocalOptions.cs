using System.Globalization;

namespace Local;

/// <summary>What the command line asks for.</summary>
public sealed record LocalOptions
{
    public const string Usage =
        """
        dotnet run --project local [-- OPTIONS]
          (none)              the whole installation with simulated marketplaces, staff and warehouse; Ctrl-C ends it
          --once              one complete cycle as fast as it can, then a report
            --orders N        orders in all (default 1000)
            --seed S          seed of the generator (default 1)
            --report FILE     the report as JSON
          --memory            Azurite's data on a memory file system where 512 MB are free there
          --stores FILE       run against the stores that FILE names (docs/stores.schema.json)
          --no-staff          without the simulated staff
          --no-warehouse      without the simulated warehouse
          --port N            port of the management API (default 7071); the sandbox takes the next one
        """;

    public bool Once { get; init; }

    public int Orders { get; init; } = 1000;

    public int Seed { get; init; } = 1;

    public string? Report { get; init; }

    public bool Memory { get; init; }

    public string? Stores { get; init; }

    public bool Staff { get; init; } = true;

    public bool Warehouse { get; init; } = true;

    public int Port { get; init; } = 7071;

    /// <summary>What is wrong with the command line, in one line; null = nothing.</summary>
    public string? Problem { get; init; }

    public static LocalOptions Parse(IReadOnlyList<string> args)
    {
        var options = new LocalOptions();
        for (var i = 0; i < args.Count && options.Problem is null; i++)
        {
            string? Value() => i + 1 < args.Count ? args[++i] : null;
            options = args[i] switch
            {
                "--once" => options with { Once = true },
                "--memory" => options with { Memory = true },
                "--no-staff" => options with { Staff = false },
                "--no-warehouse" => options with { Warehouse = false },
                "--orders" => Number(Value(), 1, 1_000_000) is { } n ? options with { Orders = n } : options with { Problem = "--orders takes a number from 1 to 1000000." },
                "--seed" => Number(Value(), int.MinValue, int.MaxValue) is { } s ? options with { Seed = s } : options with { Problem = "--seed takes a number." },
                "--port" => Number(Value(), 1024, 65_000) is { } p ? options with { Port = p } : options with { Problem = "--port takes a number from 1024 to 65000." },
                "--report" => Value() is { } file ? options with { Report = file } : options with { Problem = "--report takes a file name." },
                "--stores" => Value() is { } stores ? options with { Stores = stores } : options with { Problem = "--stores takes a file name." },
                var unknown => options with { Problem = $"'{unknown}' is not an option." },
            };
        }

        return options;
    }

    private static int? Number(string? text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null;
}
