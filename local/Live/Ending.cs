namespace Local.Live;

/// <summary>A piece of work that ends a part of a run.</summary>
internal sealed class Ending(Func<Task> end) : IAsyncDisposable
{
    public Ending(Action end)
        : this(() =>
        {
            end();
            return Task.CompletedTask;
        })
    {
    }

    public async ValueTask DisposeAsync() => await end();
}
