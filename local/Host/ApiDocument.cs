using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Domain.Orders;
using Functions;
using Functions.Manage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;

namespace Local.Host;

/// <summary>The management API's OpenAPI document, made from the local host's endpoints: the isolated worker has none of its own to make it from.
/// Committed as docs/openapi.json; the functions serve that file.</summary>
public static class ApiDocument
{
    private const string Name = "manage";
    private const string ApiKey = "apiKey";
    private const string HostKey = "hostKey";

    /// <summary>The document as JSON. Nothing of the functions runs; the endpoints only have to stand.</summary>
    public static async Task<string> WriteAsync(CancellationToken cancellation)
    {
        using var worker = FunctionsApplication.CreateBuilder([]).Build();
        await using var host = new LocalHost(worker, typeof(LogiFunctions).Assembly.GetTypes(), new HostSettings(), hostKey: "");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(options => Answers.Configure(options.SerializerOptions));
        builder.Services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) => Finish(document));
            options.AddOperationTransformer((operation, context, _) => Finish(operation, context));
            options.AddSchemaTransformer((schema, context, _) => Finish(schema, context.JsonTypeInfo.Type));
        });
        await using var web = builder.Build();
        host.MapHttp(web, Describe);
        await web.StartAsync(cancellation);
        var document = await web.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellation);
        return (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellation)).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>What ASP.NET Core would have found out by itself, had the function been mapped as a delegate.</summary>
    private static void Describe(FunctionEntry function, IEndpointConventionBuilder endpoint)
    {
        endpoint.Add(builder =>
        {
            RequestDelegateFactory.InferMetadata(function.Method, new RequestDelegateFactoryOptions
            {
                EndpointBuilder = builder,
                RouteParameterNames = ((RouteEndpointBuilder)builder).RoutePattern.Parameters.Select(p => p.Name),
            });
            foreach (var attribute in function.Method.GetCustomAttributes())
            {
                builder.Metadata.Add(attribute);
            }

            if (function.Method.GetCustomAttribute<TakesAttribute>() is { } takes)
            {
                builder.Metadata.Add(new AcceptsMetadata(takes.Contents, takes.Form));
            }

            foreach (var status in Problems(function, ((RouteEndpointBuilder)builder).RoutePattern.Parameters.Count > 0))
            {
                builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
            }
        });
    }

    private static IEnumerable<int> Problems(FunctionEntry function, bool namesSomething)
    {
        yield return StatusCodes.Status400BadRequest;
        yield return StatusCodes.Status401Unauthorized;
        yield return StatusCodes.Status403Forbidden;
        if (namesSomething)
        {
            yield return StatusCodes.Status404NotFound;
        }

        if (!((Trigger.Http)function.Trigger).Methods.Contains("get"))
        {
            yield return StatusCodes.Status409Conflict;
        }
    }

    private static Task Finish(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "受注自動化 管理API",
            Version = "1",
            Description = "店舗、受注、同梱、出荷、要対応を管理するAPI。ヘッダー X-Api-Key の権限（Viewer 閲覧、Warehouse 倉庫、Staff 店舗スタッフ、Admin 管理者）で使える範囲が決まる。エラーは application/problem+json。",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKey] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "APIキー。作成時に一度だけ表示される。" },
            [HostKey] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "x-functions-key", Description = "監視用のホストキー。稼働状況だけに使える。" },
        };
        return Task.CompletedTask;
    }

    private static Task Finish(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = metadata.OfType<MethodInfo>().First();
        operation.Tags = new HashSet<OpenApiTagReference> { new(method.DeclaringType!.Namespace!.Split('.')[^1], context.Document) };
        if (method.GetCustomAttribute<AllowAttribute>() is { } allow)
        {
            var roles = allow.Roles.Append(Role.Admin).Distinct().Order();
            operation.Description = string.Create(CultureInfo.InvariantCulture, $"使える権限: {string.Join(", ", roles)}{(allow.HostKey ? "、またはホストキー" : "")}");
            operation.Security = [.. (allow.HostKey ? new[] { ApiKey, HostKey } : [ApiKey])
                .Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
        }

        foreach (var query in method.GetCustomAttributes<QueryAttribute>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = query.Name,
                In = ParameterLocation.Query,
                Description = query.OneOf is null ? query.Description : $"{query.Description}: {string.Join(", ", Enum.GetNames(query.OneOf))}",
                Required = query.Required,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        return Task.CompletedTask;
    }

    /// <summary>Strong types as they are written.</summary>
    private static Task Finish(OpenApiSchema schema, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner ? inner == typeof(Yen) : type == typeof(Yen))
        {
            schema.Type = type == typeof(Yen) ? JsonSchemaType.Number : JsonSchemaType.Number | JsonSchemaType.Null;
            schema.Description = "円";
            schema.Examples = [JsonValue.Create(1080)];
        }

        return Task.CompletedTask;
    }
}
