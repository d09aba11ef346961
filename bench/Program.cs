using System.Globalization;
using Bench.Numbers;
using Infra.Storage.Azure;
using Infra.Storage.InMemory;
using Local.Azurite;

const string Usage =
    """
    dotnet run --project bench -c Release -- VERB
      throughput [ORDERS [ROUNDS]]   pulled to bundled against the floor, on Azurite (default 3000 orders, 5 rounds)
      backlog [SIZE ...]             bundling one delivery against backlogs, on the twin and on Azurite (default 1000 10000)
      memory [ORDERS ...]            live heap of a pull (default 1000 100000)
      all                            all of them
    Prints a Markdown table; ends with 1 when a number misses its limit.
    """;

int[] sizes = [.. args.Skip(1).Select(a => int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)];
if (args.Length == 0 || sizes.Contains(0))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var numbers = new List<Measured>();
switch (args[0])
{
    case "throughput":
        numbers.AddRange(await ThroughputAsync(sizes));
        break;
    case "backlog":
        numbers.AddRange(await BacklogAsync(sizes));
        break;
    case "memory":
        numbers.AddRange(await MemoryAsync(sizes));
        break;
    case "all":
        numbers.AddRange(await MemoryAsync([])); // first, while nothing else is alive
        numbers.AddRange(await BacklogAsync([]));
        numbers.AddRange(await ThroughputAsync([]));
        break;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

Measured.Print(numbers, Console.Out);
return numbers.All(n => n.Kept) ? 0 : 1;

static Task<IReadOnlyList<Measured>> ThroughputAsync(int[] sizes) =>
    new Throughput(sizes.ElementAtOrDefault(0) is > 0 and var orders ? orders : 3000, sizes.ElementAtOrDefault(1) is > 0 and var rounds ? rounds : 5, Console.Error.WriteLine)
        .MeasureAsync(CancellationToken.None);

static async Task<List<Measured>> BacklogAsync(int[] sizes)
{
    int[] backlogs = sizes.Length == 0 ? [1000, 10_000] : sizes;
    var numbers = new List<Measured>();
    numbers.AddRange(await Backlog.MeasureAsync("twin", backlogs, (_, counter, clock) => (new InMemoryRowStore(counter), new InMemoryMessageQueue(clock, counter)), Console.Error.WriteLine));
    await using var azurite = await AzuriteProcess.StartAsync(AzuriteOptions.Throwaway() with { Progress = Console.Error.WriteLine }, CancellationToken.None);
    numbers.AddRange(await Backlog.MeasureAsync("Azurite", backlogs, (size, counter, _) =>
    {
        var storage = new AzureStorage(new AzureStorageOptions { ConnectionString = azurite.ConnectionString, Prefix = $"b{size}" }, counter);
        return (storage.Rows, storage.Queue);
    }, Console.Error.WriteLine));
    return numbers;
}

static async Task<List<Measured>> MemoryAsync(int[] sizes)
{
    var numbers = new List<Measured>();
    foreach (var orders in sizes.Length == 0 ? [1000, 100_000] : sizes)
    {
        numbers.Add(await MemoryOfPull.MeasureAsync(orders));
    }

    return numbers;
}
