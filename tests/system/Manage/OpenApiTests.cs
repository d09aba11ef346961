using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Local.Host;

namespace Tests.System.Manage;

/// <summary>docs/openapi.json says what the API is. To write it anew: run this class with the environment variable LOGI_WRITE_OPENAPI=1.</summary>
public sealed class OpenApiTests
{
    private static string File => Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "..", "docs", "openapi.json"));

    [Fact]
    public async Task The_committed_document_is_the_one_that_the_endpoints_make()
    {
        var made = await ApiDocument.WriteAsync(CancellationToken.None);
        if (Environment.GetEnvironmentVariable("LOGI_WRITE_OPENAPI") == "1")
        {
            await global::System.IO.File.WriteAllTextAsync(File, made);
        }

        Assert.True(
            (await global::System.IO.File.ReadAllTextAsync(File)).ReplaceLineEndings("\n") == made,
            "docs/openapi.json is not current: run Tests.System.Manage.OpenApiTests with LOGI_WRITE_OPENAPI=1, build again and commit the file.");
    }

    [Fact]
    public async Task The_document_shows_parameters_forms_answers_roles_and_words_as_the_api_really_has_them()
    {
        var document = JsonNode.Parse(await ApiDocument.WriteAsync(CancellationToken.None))!;
        var paths = document["paths"]!;

        Assert.All(
            paths.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => (path.Key, Operation: operation.Value!)),
            o =>
            {
                Assert.StartsWith("/api/manage/", o.Key, StringComparison.Ordinal);
                Assert.NotEmpty((string)o.Operation["summary"]!);
                Assert.Contains("Admin", (string)o.Operation["description"]!, StringComparison.Ordinal);
                Assert.True(o.Operation["security"]![0]!.AsObject().ContainsKey("apiKey"), o.Key);
                Assert.True(o.Operation["responses"]!["401"]!["content"]!.AsObject().ContainsKey("application/problem+json"), o.Key);
            });
        Assert.Equal("X-Api-Key", (string)document["components"]!["securitySchemes"]!["apiKey"]!["name"]!);
        var put = paths["/api/manage/stores/{id}"]!["put"]!;
        Assert.Equal(("id", "path"), ((string)put["parameters"]![0]!["name"]!, (string)put["parameters"]![0]!["in"]!));
        Assert.EndsWith("/StoreForm", (string)put["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!, StringComparison.Ordinal);
        Assert.EndsWith("/StoreView", (string)put["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!, StringComparison.Ordinal);
        Assert.Contains(paths["/api/manage/orders"]!["get"]!["parameters"]!.AsArray(), p => (string)p!["name"]! == "continuation" && (string)p["in"]! == "query");
        Assert.Equal("Viewer Warehouse Staff Admin", string.Join(' ', document["components"]!["schemas"]!["Role"]!["enum"]!.AsArray().Select(r => (string)r!)));
        Assert.Equal("number", (string)document["components"]!["schemas"]!["Yen"]!["type"]!);
    }

    [Fact]
    public async Task The_functions_serve_the_committed_document_to_every_key()
    {
        await using var api = await Api.StartAsync();

        var served = await api.GetAsync("openapi.json", await api.KeyAsync(Functions.Manage.Role.Warehouse, "main"));

        Assert.Equal((200, "application/json"), (served.Status, served.ContentType));
        Assert.Equal(await global::System.IO.File.ReadAllTextAsync(File), served.Text);
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
