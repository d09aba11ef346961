using System.Security.Cryptography;
using System.Text;
using Infra.Storage;
using Microsoft.AspNetCore.Http;

namespace Functions.Manage;

/// <summary>What a caller may do; each role may do what the ones before it may, except that the warehouse sees only its own deliveries.</summary>
public enum Role
{
    /// <summary>閲覧: sees everything, personal data masked, changes nothing.</summary>
    Viewer,

    /// <summary>倉庫: released deliveries of its own warehouses, and their shipments.</summary>
    Warehouse,

    /// <summary>店舗スタッフ: decides, hands over, resolves.</summary>
    Staff,

    /// <summary>管理者: stores, keys, switches.</summary>
    Admin,
}

/// <summary>States who may call an HTTP function. An HTTP function without it is refused to everybody.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAttribute(params Role[] roles) : Attribute
{
    public Role[] Roles { get; } = roles;

    /// <summary>Also opens with a host key of the platform (health only).</summary>
    public bool HostKey { get; set; }
}

/// <summary>Who calls.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="Warehouses">The warehouses of a warehouse key.</param>
public sealed record Caller(string Name, Role Role, IReadOnlyList<string> Warehouses)
{
    public const string Item = "Logi.Caller";

    public bool SeesPersonalData => Role is not Role.Viewer;

    public static Caller Of(HttpRequest request) => (Caller)request.HttpContext.Items[Item]!;
}

/// <summary>A key as it is shown: never its value.</summary>
public sealed record ApiKeyView(string Id, string Name, Role Role, IReadOnlyList<string> Warehouses, DateTimeOffset CreatedAt);

/// <summary>Named API keys: their hashes in a row each, their values shown once.</summary>
/// <remarks>The value is 256 random bits, so a plain SHA-256 of it cannot be guessed back; a slow hash would only slow every call.</remarks>
public sealed class ApiKeys(IRowStore rows, TimeProvider clock)
{
    public const string Table = "manage";

    private const string Partition = "keys";

    /// <returns>The key's value, which is nowhere kept, and how it is listed.</returns>
    public async Task<(string Value, ApiKeyView View)> AddAsync(string name, Role role, IReadOnlyList<string> warehouses, CancellationToken cancellation)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await rows.CommitAsync(Table, Partition, [new RowAction.Insert(new Row(id, null, new Dictionary<string, object>
        {
            ["name"] = name,
            ["role"] = role.ToString(),
            ["warehouses"] = string.Join(' ', warehouses),
            ["hash"] = HashOf(secret),
            ["created"] = clock.GetUtcNow(),
        }, default))], cancellation);
        return ($"{id}.{secret}", new ApiKeyView(id, name, role, warehouses, clock.GetUtcNow()));
    }

    public async Task<IReadOnlyList<ApiKeyView>> ListAsync(CancellationToken cancellation) =>
        [.. (await rows.ReadAsync(Table, Partition, new RowRange("0", "~"), cancellation)).Rows.Select(ViewOf)];

    /// <returns>False: there is no such key.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellation)
    {
        if (await rows.FindAsync(Table, Partition, id, cancellation) is not { } row)
        {
            return false;
        }

        await rows.CommitAsync(Table, Partition, [new RowAction.Delete(id, row.ETag!)], cancellation);
        return true;
    }

    /// <returns>Who calls with this header value; null = nobody we know.</returns>
    public async Task<Caller?> FindAsync(string? header, CancellationToken cancellation)
    {
        if (header?.Trim().Split('.') is not [{ Length: 12 } id, { Length: 64 } secret] || !id.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var row = await rows.FindAsync(Table, Partition, id, cancellation);
        return row is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(row.Text("hash")!))
                ? new Caller(row.Text("name")!, Enum.Parse<Role>(row.Text("role")!), WarehousesOf(row))
                : null;
    }

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    private static string[] WarehousesOf(Row row) => (row.Text("warehouses") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static ApiKeyView ViewOf(Row row) =>
        new(row.Key, row.Text("name")!, Enum.Parse<Role>(row.Text("role")!), WarehousesOf(row), row.Time("created")!.Value);
}

/// <summary>Keeps a secret of the installation under a name, in Key Vault.</summary>
public delegate Task KeepSecret(string name, string value, CancellationToken cancellation);

/// <summary>Makes the first admin key when there is none, and leaves its value in Key Vault for whoever set the installation up.</summary>
public sealed class FirstKey(ApiKeys keys, KeepSecret keep)
{
    public const string SecretName = "manage-first-admin";

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if ((await keys.ListAsync(cancellation)).Count > 0)
        {
            return;
        }

        var (value, view) = await keys.AddAsync("first-admin", Role.Admin, [], cancellation);
        try
        {
            await keep(SecretName, value, cancellation);
        }
        catch
        {
            await keys.RemoveAsync(view.Id, CancellationToken.None); // a key that nobody can read would lock everybody out
            throw;
        }
    }
}
