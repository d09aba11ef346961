using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Infra.Marketplaces;

/// <summary>One try: brings the whole answer in while the try's time-out still runs, and measures it without addresses, headers or bodies.</summary>
internal sealed class OneTryHandler(MarketplacePipelineOptions options, TimeProvider clock) : DelegatingHandler
{
    private static readonly ActivitySource Source = new("Logi.Functions");
    private static readonly Meter Meter = new("Logi.Functions");
    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>("logi.marketplace.calls", "s", "Tries of calls to marketplaces, by endpoint and status.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = MarketplacePipeline.CallOf(request);
        using var span = Source.StartActivity($"{call.Marketplace} {call.Endpoint}", ActivityKind.Client);
        span?.SetTag("logi.store", call.Store.Value);
        var begun = clock.GetTimestamp();
        var status = "none";
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(options.LargestAnswer, cancellationToken);
            }
            catch
            {
                response.Dispose();
                throw;
            }

            status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        catch (IOException lost)
        {
            throw new HttpRequestException("the connection broke in the middle of the answer", lost);
        }
        finally
        {
            span?.SetTag("http.response.status_code", status);
            span?.SetStatus(status is "none" || status[0] == '5' ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
            Calls.Record(
                clock.GetElapsedTime(begun).TotalSeconds,
                new("marketplace", call.Marketplace),
                new("endpoint", call.Endpoint),
                new("status", status));
        }
    }
}
