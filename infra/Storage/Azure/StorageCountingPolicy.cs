using Azure.Core;
using Azure.Core.Pipeline;

namespace Infra.Storage.Azure;

/// <summary>Counts each try of each request (position: per retry).</summary>
/// <param name="service">What stands in front of the name where a client is used directly: <c>blobs</c>.</param>
internal sealed class StorageCountingPolicy(StorageCounter counter, string service) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        if (StorageOperation.Of(message) is { } operation)
        {
            operation.Tried();
            counter.Count(operation.Name);
            return;
        }

        // The path begins with the container on Azure, with the account's name in the emulator.
        var segments = message.Request.Uri.ToUri().Segments.Select(s => s.Trim('/')).Where(s => s.Length > 0).ToList();
        var container = segments.ElementAtOrDefault(message.Request.Uri.Host is "127.0.0.1" or "localhost" ? 1 : 0) ?? "account";
        counter.Count($"{service}.{container}.{message.Request.Method.Method.ToLowerInvariant()}");
    }
}
