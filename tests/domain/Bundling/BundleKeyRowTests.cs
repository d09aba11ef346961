using System.Collections.Immutable;
using CsCheck;
using Domain;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Stores;

namespace Tests.Domain.Bundling;

public sealed class BundleKeyRowTests
{
    private static readonly BundleKey Key = BundleKey.Parse("1-0123456789abcdef0123456789abcdef");

    private static readonly DateTimeOffset Now = Some.Morning;

    [Fact]
    public void One_delivery_is_no_candidate()
    {
        Assert.Null(Row("A").Candidate);
    }

    [Fact]
    public void Three_equal_deliveries_are_one_candidate_and_all_are_locked()
    {
        var row = Row("A", "B", "C");

        Assert.Equal(Ids("A", "B", "C"), row.Candidate!.Members);
        Assert.All(Ids("A", "B", "C"), id => Assert.True(row.IsLocked(id)));
    }

    [Fact]
    public void A_decline_frees_the_members_and_is_remembered_for_exactly_that_set()
    {
        var declined = Row("A", "B").Decline("staff", Now);

        Assert.False(declined.IsLocked(Id("A")));
        Assert.False(declined.Leave(Id("B"), Now).Join(Id("B"), Now).IsLocked(Id("A")));
        Assert.True(declined.Join(Id("C"), Now).IsLocked(Id("A")));
    }

    [Fact]
    public void Of_a_declined_triple_the_others_stay_free_when_one_goes_to_work_and_a_new_order_asks_again()
    {
        var row = Row("A", "B", "C").Decline("staff", Now).Leave(Id("A"), Now);

        Assert.False(row.IsLocked(Id("B")));
        Assert.False(row.IsLocked(Id("C")));
        Assert.True(row.Join(Id("D"), Now).IsLocked(Id("B")));
    }

    [Fact]
    public void Executing_a_subset_leaves_the_rest_free()
    {
        var row = Row("A", "B", "C").Execute(Ids("A", "C"), "staff", Now);

        Assert.Equal(Ids("A", "B"), row.Members); // A carries C
        Assert.False(row.IsLocked(Id("B")));
        Assert.Equal(CandidateState.Executed, row.Candidate!.State);
    }

    [Fact]
    public void Undoing_a_bundle_brings_the_members_back_and_asks_again()
    {
        var row = Row("A", "B", "C").Execute(Ids("A", "C"), "staff", Now).Undo(Now);

        Assert.Equal(Ids("A", "B", "C").OrderBy(i => i.ToString()), row.Members.OrderBy(i => i.ToString()));
        Assert.True(row.IsLocked(Id("C")));
    }

    [Fact]
    public void A_candidate_of_one_dissolves()
    {
        var row = Row("A", "B").Leave(Id("A"), Now);

        Assert.False(row.IsLocked(Id("B")));
        Assert.Null(row.Candidate);
    }

    [Fact]
    public void A_later_equal_order_locks_what_was_free()
    {
        Assert.True(Row("A").Join(Id("B"), Now).IsLocked(Id("A")));
    }

    [Fact]
    public void One_delivery_alone_cannot_be_executed()
    {
        Assert.Throws<RefusalException>(() => Row("A", "B").Execute(Ids("A"), "staff", Now));
    }

    [Fact]
    public void The_order_of_arrival_does_not_matter()
    {
        Gen.Shuffle(new[] { "A", "B", "C", "D" }).Sample(order =>
        {
            var row = Row([.. order]);
            return row.Candidate!.Members.ToHashSet().SetEquals(Ids("A", "B", "C", "D")) && Ids("A", "B", "C", "D").All(row.IsLocked);
        });
    }

    [Fact]
    public void Whatever_comes_and_goes_a_member_is_locked_only_beside_another()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Bool).Array[1, 30].Sample(steps =>
        {
            var row = Row("A");
            foreach (var (who, comes) in steps)
            {
                var id = Id(((char)('A' + who)).ToString());
                row = comes ? row.Join(id, Now) : row.Leave(id, Now);
            }

            return row.Members.Distinct().Count() == row.Members.Length
                && row.Members.All(m => row.IsLocked(m) == row.Members.Length > 1);
        });
    }

    [Fact]
    public void Deliveries_of_one_order_only_are_not_offered_but_beside_another_order_they_are()
    {
        var own = Row("A").Join(Id("A") with { Number = 2 }, Now);
        Assert.Null(own.Candidate);

        var beside = own.Join(Id("B"), Now);
        Assert.Equal(3, beside.Candidate!.Members.Length);

        Assert.Null(beside.Leave(Id("B"), Now).Candidate);
    }

    private static BundleKeyRow Row(params string[] members) =>
        members.Skip(1).Aggregate(BundleKeyRow.Single(Key, Id(members[0])), (row, m) => row.Join(Id(m), Now));

    private static ImmutableArray<DeliveryId> Ids(params string[] names) => [.. names.Select(Id)];

    private static DeliveryId Id(string name) => new(StoreId.Parse("qoo10-honten"), OrderCode.Parse(name), 1);
}
