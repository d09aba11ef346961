using Infra.Storage;

namespace Infra.Secrets;

/// <summary>Secrets that the installation makes for itself at its first start. Two instances that start at once agree on one version by a row.</summary>
public sealed class AgreedSecret(SecretStore secrets, IRowStore rows)
{
    public const string Table = "settings";

    private const string Partition = "secrets";

    /// <summary>The secret's agreed version; made with <paramref name="make"/> where there is none. A value that was put into the vault by hand beforehand is taken.</summary>
    public async Task<StoredSecret> ReadAsync(string name, Func<string> make, CancellationToken cancellation)
    {
        if (await rows.FindAsync(Table, Partition, name, cancellation) is { } agreed)
        {
            return await OfAsync(name, agreed, cancellation);
        }

        var mine = await secrets.FindAsync(name, null, cancellation) ?? await secrets.SetAsync(name, make(), null, cancellation);
        try
        {
            await rows.CommitAsync(Table, Partition, [new RowAction.Insert(new Row(name, null, new Dictionary<string, object> { ["v"] = 1L, ["version"] = mine.Version }, default))], cancellation);
            return mine;
        }
        catch (RowConflictException)
        {
            var theirs = await rows.FindAsync(Table, Partition, name, cancellation) ?? throw new StorageUnavailableException($"The row of secret '{name}' was there and is gone.");
            return await OfAsync(name, theirs, cancellation);
        }
    }

    private async Task<StoredSecret> OfAsync(string name, Row agreed, CancellationToken cancellation) =>
        await secrets.FindAsync(name, agreed.Text("version"), cancellation)
            ?? throw new SecretsUnavailableException($"The vault no longer gives version {agreed.Text("version")} of '{name}', which this installation rests on. Restore or enable it.");
}
