using System.Globalization;
using System.Text.Json;

namespace Local.Host;

/// <summary>The settings of host.json that the local host honours, with the real host's defaults.</summary>
public sealed record HostSettings
{
    public string RoutePrefix { get; init; } = "api";

    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public int BatchSize { get; init; } = 16;

    public int NewBatchThreshold { get; init; } = 8;

    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>A message whose function failed is visible again after this.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <exception cref="HostRefusedException">host.json is not what the real host would take.</exception>
    public static HostSettings Read(string path)
    {
        using var json = Parse(path);
        var root = json.RootElement;
        if (root.TryGetProperty("version", out var version) && version.GetString() != "2.0")
        {
            throw new HostRefusedException($"host.json says version '{version}'; the host takes 2.0.");
        }

        var settings = new HostSettings();
        if (root.TryGetProperty("functionTimeout", out var timeout))
        {
            settings = settings with { FunctionTimeout = Span(timeout) };
        }

        if (!root.TryGetProperty("extensions", out var extensions))
        {
            return settings;
        }

        if (extensions.TryGetProperty("http", out var http) && http.TryGetProperty("routePrefix", out var prefix))
        {
            settings = settings with { RoutePrefix = prefix.GetString() ?? "" };
        }

        if (!extensions.TryGetProperty("queues", out var queues))
        {
            return settings;
        }

        foreach (var setting in queues.EnumerateObject())
        {
            settings = setting.Name switch
            {
                "batchSize" => settings with { BatchSize = InRange(setting, 1, 32) },
                "newBatchThreshold" => settings with { NewBatchThreshold = InRange(setting, 0, 1000) },
                "maxDequeueCount" => settings with { MaxDequeueCount = InRange(setting, 1, 1000) },
                "visibilityTimeout" => settings with { VisibilityTimeout = Span(setting.Value) },
                "maxPollingInterval" => settings with { MaxPollingInterval = Span(setting.Value) },
                "messageEncoding" when setting.Value.GetString() == "base64" => settings,
                _ => throw new HostRefusedException($"host.json: extensions.queues.{setting.Name} is not understood."),
            };
        }

        return settings;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path));
        }
        catch (JsonException broken)
        {
            throw new HostRefusedException($"host.json is not JSON: {broken.Message}");
        }
    }

    private static int InRange(JsonProperty setting, int least, int most) =>
        setting.Value.TryGetInt32(out var value) && value >= least && value <= most
            ? value
            : throw new HostRefusedException($"host.json: {setting.Name} must lie between {least} and {most}.");

    private static TimeSpan Span(JsonElement value) =>
        TimeSpan.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var span)
            ? span
            : throw new HostRefusedException($"host.json: '{value}' is not a time span (hh:mm:ss).");
}

/// <summary>What the real host would refuse at start. One line that says what and where.</summary>
public sealed class HostRefusedException(string message) : Exception(message);
