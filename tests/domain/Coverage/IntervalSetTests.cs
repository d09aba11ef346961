using CsCheck;
using Domain.Coverage;

namespace Tests.Domain.Coverage;

/// <summary>The interval set against a model that is too simple to be wrong: one boolean for each minute of a short stretch.</summary>
public sealed class IntervalSetTests
{
    private const int Minutes = 24;

    private static readonly DateTimeOffset Zero = Some.Morning;

    /// <summary>Spans of every kind: inside, touching, empty, and turned around (which are empty too).</summary>
    private static readonly Gen<Interval> Span = Gen.Select(Gen.Int[0, Minutes], Gen.Int[0, Minutes], (from, to) => new Interval(At(from), At(to)));

    private static readonly Gen<Interval> ProperSpan = Gen.Select(Gen.Int[0, Minutes - 1], Gen.Int[1, Minutes], (from, length) => new Interval(At(from), At(Math.Min(Minutes, from + length))));

    private static readonly Gen<(bool Adds, Interval Span)[]> History = Gen.Select(Gen.Bool, Span).Array[0, 12];

    private static readonly Gen<IntervalSet> Set = History.Select(Replay);

    [Fact]
    public void After_any_history_it_covers_exactly_the_minutes_that_the_model_covers() =>
        History.Sample(history =>
        {
            var model = new bool[Minutes];
            foreach (var (adds, span) in history)
            {
                for (var minute = 0; minute < Minutes; minute++)
                {
                    model[minute] = span.Contains(At(minute)) ? adds : model[minute];
                }
            }

            return Covered(Replay(history)).SequenceEqual(model);
        });

    [Fact]
    public void Its_spans_are_ordered_and_neither_empty_nor_touching() =>
        Set.Sample(set =>
            set.Spans.All(s => !s.IsEmpty)
            && set.Spans.Zip(set.Spans.Skip(1)).All(pair => pair.First.To < pair.Second.From));

    [Fact]
    public void Equal_coverage_is_an_equal_set_however_it_came_about() =>
        Gen.Select(Set, Set).Sample((one, other) =>
            one.Equals(other) == Covered(one).SequenceEqual(Covered(other))
            && (!one.Equals(other) || one.GetHashCode() == other.GetHashCode()));

    [Fact]
    public void Spans_added_in_another_order_make_the_same_set() =>
        Gen.Select(Span.Array[0, 8], Gen.Int[0, int.MaxValue]).Sample((spans, seed) =>
        {
            var shuffled = spans.ToArray();
            new Random(seed).Shuffle(shuffled);
            return IntervalSet.Of(spans).Equals(IntervalSet.Of(shuffled));
        });

    [Fact]
    public void Adding_or_removing_twice_changes_nothing_more() =>
        Gen.Select(Set, Span).Sample((set, span) =>
            set.Add(span).Add(span).Equals(set.Add(span))
            && set.Remove(span).Remove(span).Equals(set.Remove(span)));

    [Fact]
    public void What_was_added_is_covered_and_what_was_removed_is_one_hole() =>
        Gen.Select(Set, ProperSpan).Sample((set, span) =>
            set.Add(span).Covers(span)
            && set.Remove(span).Holes(span).SequenceEqual([span]));

    [Fact]
    public void An_empty_span_changes_nothing_and_is_always_covered() =>
        Gen.Select(Set, Span).Where((_, span) => span.IsEmpty).Sample((set, span) =>
            set.Add(span).Equals(set)
            && set.Remove(span).Equals(set)
            && set.Covers(span)
            && set.Holes(span).IsEmpty
            && set.Clip(span).Equals(IntervalSet.Empty));

    [Fact]
    public void Covered_parts_and_holes_of_a_window_make_the_window_up_without_overlap() =>
        Gen.Select(Set, ProperSpan).Sample((set, window) =>
        {
            var covered = set.Clip(window);
            var holes = IntervalSet.Of(set.Holes(window));
            return holes.Spans.Aggregate(covered, (sum, hole) => sum.Add(hole)).Equals(IntervalSet.Of([window]))
                && holes.Spans.All(hole => covered.Clip(hole).Equals(IntervalSet.Empty))
                && Length(covered) + Length(holes) == window.Length;
        });

    [Fact]
    public void Filling_every_hole_leaves_none() =>
        Gen.Select(Set, ProperSpan).Sample((set, window) =>
        {
            var filled = set.Holes(window).Aggregate(set, (sum, hole) => sum.Add(hole));
            return filled.Covers(window) && filled.Holes(window).IsEmpty && filled.Equals(set.Add(window));
        });

    [Fact]
    public void Clipping_keeps_exactly_what_lies_inside_the_window() =>
        Gen.Select(Set, Span).Sample((set, window) =>
        {
            var whole = Covered(set);
            var clipped = Covered(set.Clip(window));
            return Enumerable.Range(0, Minutes).All(minute => clipped[minute] == (whole[minute] && window.Contains(At(minute))));
        });

    [Fact]
    public void A_span_is_covered_when_the_model_has_each_of_its_minutes() =>
        Gen.Select(Set, Span).Sample((set, span) =>
        {
            var model = Covered(set);
            return set.Covers(span) == Enumerable.Range(0, Minutes).Where(minute => span.Contains(At(minute))).All(minute => model[minute]);
        });

    [Fact]
    public void No_operation_changes_the_set_it_was_called_on() =>
        Gen.Select(Set, Span).Sample((set, span) =>
        {
            var before = set.Spans.ToArray();
            _ = set.Add(span);
            _ = set.Remove(span);
            _ = set.Clip(span);
            _ = set.Holes(span);
            return set.Spans.SequenceEqual(before);
        });

    private static DateTimeOffset At(int minute) => Zero.AddMinutes(minute);

    private static IntervalSet Replay((bool Adds, Interval Span)[] history) =>
        history.Aggregate(IntervalSet.Empty, (set, step) => step.Adds ? set.Add(step.Span) : set.Remove(step.Span));

    /// <summary>The model's view of a set: reads its spans only, none of its operations.</summary>
    private static bool[] Covered(IntervalSet set) =>
        [.. Enumerable.Range(0, Minutes).Select(minute => set.Spans.Any(s => s.Contains(At(minute))))];

    private static TimeSpan Length(IntervalSet set) => set.Spans.Aggregate(TimeSpan.Zero, (sum, span) => sum + span.Length);
}
