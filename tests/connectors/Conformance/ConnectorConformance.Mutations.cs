using Domain.Marketplaces;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    /// <remarks>That no order is lost in a damaged answer is asked of each wire format in Properties; here, of every connector and every call of a reading, that nothing else is thrown.</remarks>
    [Fact]
    [Check]
    public async Task Damaged_answers_are_refused_with_the_declared_error_or_read()
    {
        _rig.Place(Rig.Page - 1, Noon.AddHours(-1));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        var (refused, read) = (0, 0);
        var before = _rig.Wire.Calls.Count;
        await _rig.ReadAsync(_rig.OrderLanes.First());
        var calls = _rig.Wire.Calls.Count - before;
        for (var seed = 0; seed < 200; seed++)
        {
            var dice = new Random(seed);
            var left = seed % calls;
            _rig.Wire.Change = body => left-- == 0 ? Damaged(body, dice) : body;
            try
            {
                await _rig.ReadAsync(_rig.OrderLanes.First());
                read++;
            }
            catch (MarketplaceException failure)
            {
                refused++;
                AssertSilent(failure.ToString());
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{_rig.Manifest.Code}: {refused} refused, {read} read");
        Assert.InRange(refused, 1, 200);
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task Damaged_answers_to_a_report_are_never_taken_for_another_orders()
    {
        var order = await PlacedAsync();
        for (var seed = 0; seed < 100; seed++)
        {
            var dice = new Random(seed);
            _rig.Wire.Change = body => Damaged(body, dice);
            try
            {
                var outcomes = await _rig.Market.Shipments!.PushAsync(_rig.Access, NumberStep.Step, [Report(order, FirstNumber)], Cancellation);
                Assert.Equal(order.Code, Assert.Single(outcomes).Order);
            }
            catch (MarketplaceException failure)
            {
                AssertSilent(failure.ToString());
            }
        }
    }

    /// <summary>A few bytes overwritten, taken away or put in, or the tail cut off.</summary>
    private static byte[] Damaged(byte[] whole, Random dice)
    {
        var likely = "0123456789<>&/\"{}[],:-"u8;
        var body = whole.ToList();
        for (var change = dice.Next(1, 9); change > 0 && body.Count > 1; change--)
        {
            var place = dice.Next(body.Count);
            var value = dice.Next(2) == 0 ? (byte)dice.Next(256) : likely[dice.Next(likely.Length)];
            switch (dice.Next(40))
            {
                case 0:
                    body.RemoveRange(place, body.Count - place);
                    break;
                case < 8:
                    body.RemoveAt(place);
                    break;
                case < 16:
                    body.Insert(place, value);
                    break;
                default:
                    body[place] = value;
                    break;
            }
        }

        return [.. body];
    }
}
