using Azure.Core;
using Azure.Core.Pipeline;

namespace Infra.Storage.Azure;

/// <summary>One call of ours on its way through the SDK's pipeline: its name for the counter, and how often it was sent.</summary>
internal sealed class StorageOperation(string name)
{
    private const string Property = "logi.storage.operation";

    private int _tries;

    public string Name { get; } = name;

    /// <summary>More than one: an answer was lost or refused, and the SDK asked again.</summary>
    public bool WasRepeated => Volatile.Read(ref _tries) > 1;

    /// <summary>Every message that the SDK makes on this flow of work belongs to this operation until the answer is disposed.</summary>
    public IDisposable Begin() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Property] = this });

    public void Tried() => Interlocked.Increment(ref _tries);

    public static StorageOperation? Of(HttpMessage message) =>
        message.TryGetProperty(Property, out var value) ? value as StorageOperation : null;
}
