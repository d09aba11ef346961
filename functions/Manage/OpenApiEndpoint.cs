using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Manage;

/// <summary>Serves the API's description, the same in both flavours: the committed docs/openapi.json, which a test keeps current.</summary>
public sealed class OpenApiEndpoint
{
    public const string Resource = "openapi.json";

    /// <remarks>Written to the response: the worker would send a returned result's properties to the host as JSON.</remarks>
    [Function("manage-openapi"), Allow(Role.Viewer, Role.Staff, Role.Warehouse), EndpointSummary("このAPIの説明（OpenAPI）")]
    public static async Task GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/openapi.json")] HttpRequest request, CancellationToken cancellation)
    {
        await using var document = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly was built without {Resource}.");
        request.HttpContext.Response.ContentType = "application/json; charset=utf-8";
        await document.CopyToAsync(request.HttpContext.Response.Body, cancellation);
    }
}
