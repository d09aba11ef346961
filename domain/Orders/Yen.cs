using System.Globalization;

namespace Domain.Orders;

/// <summary>An amount in yen (円). The default is zero yen, a valid amount. Fractions occur in marketplaces' tax parts and are kept.</summary>
public readonly record struct Yen(decimal Amount) : IComparable<Yen>
{
    public static readonly Yen Zero;

    public static Yen operator +(Yen left, Yen right) => new(left.Amount + right.Amount);

    public static Yen operator -(Yen left, Yen right) => new(left.Amount - right.Amount);

    public static Yen operator *(Yen price, int quantity) => new(price.Amount * quantity);

    public static bool operator <(Yen left, Yen right) => left.Amount < right.Amount;

    public static bool operator >(Yen left, Yen right) => left.Amount > right.Amount;

    public static bool operator <=(Yen left, Yen right) => left.Amount <= right.Amount;

    public static bool operator >=(Yen left, Yen right) => left.Amount >= right.Amount;

    public static Yen Add(Yen left, Yen right) => left + right;

    public static Yen Subtract(Yen left, Yen right) => left - right;

    public static Yen Multiply(Yen price, int quantity) => price * quantity;

    public int CompareTo(Yen other) => Amount.CompareTo(other.Amount);

    public override string ToString() => Amount.ToString("0.##", CultureInfo.InvariantCulture);
}
