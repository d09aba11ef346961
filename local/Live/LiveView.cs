using Infra.Storage;
using Spectre.Console;

namespace Local.Live;

/// <summary>Shows what happens until it is told to stop: a table every second in a terminal, a line every five where output is redirected.</summary>
/// <param name="errors">Errors so far.</param>
public sealed class LiveView(LiveReading reading, Func<int> errors, TimeProvider clock)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(5);

    private int _unread;

    /// <exception cref="OperationCanceledException">It was told to stop: there is no other end.</exception>
    public async Task LinesAsync(TextWriter output, CancellationToken cancellation)
    {
        while (true)
        {
            if (await ReadAsync(cancellation) is { } stores)
            {
                await output.WriteLineAsync(LiveLine.Of(clock.GetUtcNow(), stores, Errors));
            }
            else
            {
                await output.WriteLineAsync($"{clock.GetUtcNow().UtcDateTime:HH:mm:ss}Z the management API or the storage does not answer");
            }

            await output.FlushAsync(cancellation);
            await Task.Delay(Line, clock, cancellation);
        }
    }

    /// <exception cref="OperationCanceledException">It was told to stop: there is no other end.</exception>
    public Task TableAsync(IAnsiConsole console, CancellationToken cancellation) =>
        console.Live(LiveTable.Of(clock.GetUtcNow(), [], Errors)).StartAsync(async live =>
        {
            while (true)
            {
                if (await ReadAsync(cancellation) is { } stores)
                {
                    live.UpdateTarget(LiveTable.Of(clock.GetUtcNow(), stores, Errors));
                }

                await Task.Delay(Redraw, clock, cancellation);
            }
        });

    private int Errors => errors() + _unread;

    private async Task<IReadOnlyList<StoreCounts>?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await reading.ReadAsync(cancellation);
        }
        catch (Exception away) when (away is ManageRefusedException or StorageUnavailableException)
        {
            _unread++; // the next round reads again
            return null;
        }
    }
}
