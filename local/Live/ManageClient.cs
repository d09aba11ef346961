using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Functions.Manage;

namespace Local.Live;

/// <summary>The management API did not do what was asked.</summary>
/// <param name="status">Null: no answer came.</param>
public sealed class ManageRefusedException(string what, HttpStatusCode? status, string detail, Exception? inner = null) : Exception($"{what}: {detail}", inner)
{
    public HttpStatusCode? Status { get; } = status;
}

/// <summary>The management API over HTTP with a key, as a person's program would call it.</summary>
public sealed class ManageClient : IDisposable
{
    private readonly HttpClient _http;

    public ManageClient(Uri address, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(address, "api/manage/"), Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    /// <exception cref="ManageRefusedException">It refused, or did not answer.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await ReadAsync<T>(path, answer, cancellation);
    }

    /// <exception cref="ManageRefusedException">It refused, or did not answer.</exception>
    public async Task<T> PostAsync<T>(string path, object form, CancellationToken cancellation)
        where T : class
    {
        using var answer = await SendAsync(HttpMethod.Post, path, JsonOf(form), cancellation);
        return await ReadAsync<T>(path, answer, cancellation);
    }

    /// <exception cref="ManageRefusedException">It refused, or did not answer.</exception>
    public async Task PostAsync(string path, object form, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, JsonOf(form), cancellation);
    }

    /// <summary>Posts an order file.</summary>
    /// <exception cref="ManageRefusedException">It refused, or did not answer.</exception>
    public async Task PostFileAsync(string path, byte[] csv, CancellationToken cancellation)
    {
        using var body = new ByteArrayContent(csv) { Headers = { ContentType = new("text/csv") } };
        using var answer = await SendAsync(HttpMethod.Post, path, body, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static JsonContent JsonOf(object form) => JsonContent.Create(form, form.GetType(), options: Answers.Json);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        var what = $"{method} manage/{path}";
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, cancellation);
        }
        catch (Exception silence) when (silence is HttpRequestException || (silence is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new ManageRefusedException(what, null, "no answer", silence);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new ManageRefusedException(what, answer.StatusCode, $"{(int)answer.StatusCode} {await DetailAsync(answer, cancellation)}");
        }
    }

    private static async Task<T> ReadAsync<T>(string path, HttpResponseMessage answer, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(Answers.Json, cancellation) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException unreadable)
        {
            throw new ManageRefusedException($"manage/{path}", answer.StatusCode, $"unreadable answer ({unreadable.Message})", unreadable);
        }
    }

    /// <summary>The problem's code: its words may name an order's data.</summary>
    private static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            using var problem = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            return problem.RootElement.TryGetProperty("code", out var code) ? code.ToString() : "";
        }
        catch (JsonException)
        {
            return ""; // the status says enough
        }
    }
}
