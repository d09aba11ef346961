using Azure;

namespace Infra.Storage.Azure;

/// <summary>What the services' refusals mean for us.</summary>
internal static class StorageFailures
{
    /// <summary>No answer, or one that says "not now": nothing is known about the effect.</summary>
    public static bool MeansUnavailable(Exception failure, CancellationToken cancellation) => failure switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        RequestFailedException { ErrorCode: "TableBeingDeleted" or "QueueBeingDeleted" } => true,
        OperationCanceledException => !cancellation.IsCancellationRequested, // the SDK's own time-out
        AggregateException retries => retries.InnerExceptions.All(e => MeansUnavailable(e, cancellation)), // "Retry failed after n tries"
        HttpRequestException or IOException => true,
        _ => false,
    };

    public static StorageUnavailableException Unavailable(string operation, Exception failure)
    {
        var last = failure is AggregateException retries ? retries.InnerExceptions[^1] : failure;
        var status = last is RequestFailedException { Status: > 0 } failed ? $"{failed.Status} {failed.ErrorCode}" : last.GetType().Name;
        return new StorageUnavailableException($"{operation}: the storage service did not answer as it should ({status.TrimEnd()}).", failure);
    }

    public static bool IsMissing(RequestFailedException failure) => failure.ErrorCode is "TableNotFound" or "QueueNotFound";

    /// <summary>What a refused batch says about the row; null = the refusal is about something else.</summary>
    public static RowConflict? ConflictOf(RequestFailedException failure) => failure switch
    {
        { Status: 409, ErrorCode: "EntityAlreadyExists" } => RowConflict.Exists,
        { Status: 412 } => RowConflict.Moved,
        { Status: 404, ErrorCode: not "TableNotFound" } => RowConflict.Gone,
        _ => null,
    };

    /// <summary>We sent what the service never takes: an error of ours, which no retry mends.</summary>
    public static bool IsOurs(RequestFailedException failure) => failure.Status is 400 or 413;
}
