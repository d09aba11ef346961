using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Local.Azurite;

/// <summary>A running Azurite, the emulator of Azure's tables, queues and blobs. It ends with this object, and also when this process dies.</summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(15);

    /// <summary>The emulator's published account; it guards nothing.</summary>
    private const string Account = "devstoreaccount1";

    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _node;
    private readonly AzuriteOptions _options;

    private AzuriteProcess(Process node, AzuriteOptions options, IReadOnlyDictionary<string, string> addresses)
    {
        _node = node;
        _options = options;
        BlobAddress = new Uri($"{addresses["Blob"]}/{Account}");
        QueueAddress = new Uri($"{addresses["Queue"]}/{Account}");
        TableAddress = new Uri($"{addresses["Table"]}/{Account}");
    }

    public Uri BlobAddress { get; }

    public Uri QueueAddress { get; }

    public Uri TableAddress { get; }

    public int ProcessId => _node.Id;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint={BlobAddress};QueueEndpoint={QueueAddress};TableEndpoint={TableAddress};";

    /// <summary>Installs Azurite if that has not been done yet, starts it and waits until its three ports are open.</summary>
    /// <exception cref="AzuriteException">Node is missing, a port is taken, the data cannot be read: one line that says what to do.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, CancellationToken cancellation)
    {
        var folder = await AzuriteInstall.EnsureAsync(options, cancellation);
        Directory.CreateDirectory(options.DataFolder);
        var node = AzuriteInstall.StartOrExplain(StartInfo(folder, options), "node");
        try
        {
            var addresses = await ListeningAsync(node, options, cancellation);
            return new AzuriteProcess(node, options, addresses);
        }
        catch
        {
            node.Kill();
            node.Dispose();
            throw;
        }
    }

    /// <summary>Lets Azurite save and end. Closing its standard input is what asks for it (start.js).</summary>
    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        using var patience = new CancellationTokenSource(EndsWithin);
        try
        {
            await _node.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _node.Kill();
        }

        _node.Dispose();
        if (_options.DeleteDataAtEnd && Directory.Exists(_options.DataFolder))
        {
            Directory.Delete(_options.DataFolder, recursive: true);
        }
    }

    private static ProcessStartInfo StartInfo(string folder, AzuriteOptions options)
    {
        var start = new ProcessStartInfo("node",
        [
            "start.js", "--disableTelemetry", "--skipApiVersionCheck", "--silent",
            "--location", Path.GetFullPath(options.DataFolder),
            "--blobPort", $"{options.BlobPort}", "--queuePort", $"{options.QueuePort}", "--tablePort", $"{options.TablePort}",
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (options.DeleteDataAtEnd)
        {
            start.Environment["AZURITE_THROWAWAY_DATA"] = Path.GetFullPath(options.DataFolder);
        }

        return start;
    }

    private static async Task<IReadOnlyDictionary<string, string>> ListeningAsync(Process node, AzuriteOptions options, CancellationToken cancellation)
    {
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        var complaints = new List<string>();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null && Listening().Match(line.Data) is { Success: true } match)
            {
                addresses[match.Groups["service"].Value] = match.Groups["address"].Value;
                if (addresses.Count == 3)
                {
                    listening.TrySetResult();
                }
            }
        };
        node.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                lock (complaints)
                {
                    complaints.Add(text);
                }
            }
        };
        node.BeginOutputReadLine();
        node.BeginErrorReadLine(); // both pipes are read to the end, or Azurite would block on a full one

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(StartsWithin);
        var ended = node.WaitForExitAsync(patience.Token);
        if (await Task.WhenAny(listening.Task, ended) == listening.Task)
        {
            return addresses;
        }

        cancellation.ThrowIfCancellationRequested();
        string reason;
        lock (complaints)
        {
            reason = complaints.FirstOrDefault(c => c.Contains("Error", StringComparison.OrdinalIgnoreCase)) ?? complaints.FirstOrDefault() ?? "it said nothing";
        }

        throw ended.IsCanceled
            ? new AzuriteException($"Azurite did not open its ports within {StartsWithin.TotalSeconds} s.")
            : new AzuriteException(Explain(reason, options.DataFolder));
    }

    private static string Explain(string reason, string data) => TakenPort().Match(reason) is { Success: true } taken
        ? $"Port {taken.Groups["port"].Value}, which Azurite was to use, is taken by another program (perhaps an Azurite that still runs): end that program or choose another port."
        : $"Azurite could not start on its data in {Path.GetFullPath(data)} ({reason.Replace("Exit due to unhandled error: ", "", StringComparison.Ordinal)}). If that folder is damaged, delete it: what it holds is lost and is made anew.";

    [GeneratedRegex(@"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at (?<address>http://\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();

    [GeneratedRegex(@"EADDRINUSE.*:(?<port>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex TakenPort();
}
