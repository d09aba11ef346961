using Sandbox.Core;

namespace Sandbox.Qoo10;

/// <summary>One order number of a cart.</summary>
internal sealed class Qoo10Line(long orderNo, SeedLine seed)
{
    public long OrderNo { get; } = orderNo;

    public SeedLine Seed { get; } = seed;

    /// <summary>1 配送待ち 2 配送要請 3 配送準備 4 配送中 5 配送完了.</summary>
    public int Status { get; set; }

    /// <summary>0 none, 1 キャンセル要請, 3 キャンセル完了, 16 未納注文キャンセル.</summary>
    public int Claim { get; set; }

    public DateTimeOffset? ClaimedAt { get; set; }

    public string Carrier { get; set; } = "";

    public string TrackingNo { get; set; } = "";

    public DateTimeOffset? ShippedAt { get; set; }

    public DateOnly? PlannedDate { get; set; }

    /// <summary>Cancelled ones disappear from the shipping searches.</summary>
    public bool IsListed => Claim is not (3 or 16);
}

/// <summary>A cart (PackNo): what a shop calls an order.</summary>
internal sealed class Qoo10Cart(long packNo, SeedOrder seed, IReadOnlyList<Qoo10Line> lines)
{
    public long PackNo { get; } = packNo;

    public SeedOrder Seed { get; } = seed;

    public IReadOnlyList<Qoo10Line> Lines { get; } = lines;

    public DateTimeOffset? PaidAt { get; set; }

    public ServedOrder Served()
    {
        var numbers = Lines.Select(l => l.TrackingNo).Where(n => n.Length > 0).Distinct().ToArray();
        var live = Lines.Where(l => l.IsListed).ToArray();
        return new ServedOrder(
            PackNo.ToString(System.Globalization.CultureInfo.InvariantCulture), Seed.PlacedAt, Seed.PlacedAt,
            live.Length == 0 ? "cancelled" : string.Join(',', live.Select(l => l.Status).Distinct()),
            PaidAt is not null, live.Length == 0, live.Length > 0 && live.All(l => l.Status >= 4),
            string.Join(',', Lines.Select(l => l.Carrier).Where(c => c.Length > 0).Distinct()), string.Join(',', numbers));
    }
}

/// <summary>One seller's account: keys, login, carts.</summary>
internal sealed class Qoo10Shop(string account)
{
    public string Account { get; } = account;

    public Lock Gate { get; } = new();

    public string ApiKey { get; set; } = "";

    public string UserId { get; set; } = "";

    public string Password { get; set; } = "";

    public string CertificationKey { get; set; } = "";

    public DateTimeOffset ApiKeyExpires { get; set; }

    public DateTimeOffset CertificationExpires { get; set; }

    /// <summary>Null, or how the credential was broken: expired, revoked, address, rights.</summary>
    public string? Broken { get; set; }

    public Dictionary<long, Qoo10Cart> ByPackNo { get; } = [];

    public Dictionary<long, (Qoo10Cart Cart, Qoo10Line Line)> ByOrderNo { get; } = [];

    /// <summary>Which cart a tracking number serves.</summary>
    public Dictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>In the order of their time, so that a search need not look at everything.</summary>
    public List<Qoo10Cart> ByTime { get; } = [];

    public Qoo10Items Items { get; } = new();

    public void Add(Qoo10Cart cart)
    {
        var place = ByTime.BinarySearch(cart, Comparer<Qoo10Cart>.Create((a, b) => a.Seed.PlacedAt != b.Seed.PlacedAt ? a.Seed.PlacedAt.CompareTo(b.Seed.PlacedAt) : a.PackNo.CompareTo(b.PackNo)));
        ByTime.Insert(place < 0 ? ~place : place, cart);
        ByPackNo[cart.PackNo] = cart;
        foreach (var line in cart.Lines)
        {
            ByOrderNo[line.OrderNo] = (cart, line);
        }
    }

    public void Clear()
    {
        ByTime.Clear();
        ByPackNo.Clear();
        ByOrderNo.Clear();
        Numbers.Clear();
        Items.Clear();
        Broken = null;
    }

    /// <summary>The carts placed from then (inclusive) to then (inclusive).</summary>
    public IEnumerable<Qoo10Cart> Between(DateTimeOffset from, DateTimeOffset to)
    {
        var low = 0;
        for (var high = ByTime.Count; low < high;)
        {
            var middle = (low + high) / 2;
            if (ByTime[middle].Seed.PlacedAt < from)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (var i = low; i < ByTime.Count && ByTime[i].Seed.PlacedAt <= to; i++)
        {
            yield return ByTime[i];
        }
    }
}
